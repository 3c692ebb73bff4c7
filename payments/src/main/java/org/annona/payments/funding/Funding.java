package org.annona.payments.funding;

import static org.annona.payments.internal.tables.Tables.FUNDING;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.payments.AnnouncedFunds;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.ProgrammeDirectory;
import org.annona.payments.dispatch.RailReference;
import org.annona.payments.internal.tables.tables.records.FundingRecord;
import org.annona.payments.ledger.Ledger;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Funds of programmes. An announcement gives a reference; the treasury transfers under it; the fund grows when the
 * statement of the bank shows the money, and not before.
 */
public final class Funding {

    private static final Keyset ORDER =
            new Keyset(Map.of("announced", FUNDING.ANNOUNCED_AT), "announced", true, FUNDING.ID);

    private static final int MOST_AWAITED = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final ProgrammeDirectory programmes;
    private final PaymentsSettings settings;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("payments");

    public Funding(
            Database database, Ledger ledger, ProgrammeDirectory programmes, PaymentsSettings settings, Clock clock) {
        this.programmes = programmes;
        this.settings = settings;
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
    }

    public record Announcement(
            UUID id,
            String programmeCode,
            String currency,
            long amountMinor,
            String reference,
            String announcedBy,
            Instant announcedAt,
            @Nullable Instant receivedAt,
            int year,
            @Nullable String withdrawnBy) {}

    /** @param year of the payments that the money is for: this one or the next */
    public Announcement announce(Actor actor, String programmeCode, int year, String currency, long amountMinor) {
        actor.require(PaymentsPermission.FUND);
        String code = programmeCode.strip().toUpperCase(Locale.ROOT);
        if (!programmes.programmes().containsKey(code)) {
            throw unfit("there is no programme with the code '" + programmeCode.strip() + "', or it is over");
        }
        if (!currency.equals(settings.currency().getCurrencyCode())) {
            throw unfit("payments are made in " + settings.currency().getCurrencyCode() + " here");
        }
        if (year != thisYear() && year != thisYear() + 1) {
            throw unfit("funds are announced for " + thisYear() + " or " + (thisYear() + 1));
        }
        if (amountMinor < 1) {
            throw unfit("the amount has to be positive");
        }
        UUID id = Ids.next();
        String reference = RailReference.next();
        database.transact(tx -> {
            tx.insertInto(FUNDING)
                    .set(FUNDING.ID, id)
                    .set(FUNDING.PROGRAMME_CODE, code)
                    .set(FUNDING.YEAR, year)
                    .set(FUNDING.CURRENCY, currency)
                    .set(FUNDING.AMOUNT_MINOR, amountMinor)
                    .set(FUNDING.REFERENCE, reference)
                    .set(FUNDING.ANNOUNCED_BY, actor.name())
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "payments.funding.announce", "fund/" + code)
                            .with("minor", amountMinor)
                            .with("reference", reference));
        });
        return database.sql().fetchSingle(FUNDING, FUNDING.ID.eq(id)).map(row -> view(row.into(FUNDING)));
    }

    private static Problem unfit(String reason) {
        return Problem.of(PaymentsProblem.FUNDING_UNFIT, "reason", reason);
    }

    public Page<Announcement> page(Actor actor, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        return ORDER.page(database.sql(), List.of(FUNDING.fields()), FUNDING, noCondition(), request)
                .map(row -> view(row.into(FUNDING)));
    }

    Announcement show(UUID id) {
        return database.sql()
                .selectFrom(FUNDING)
                .where(FUNDING.ID.eq(id))
                .fetchOptional(Funding::view)
                .orElseThrow(() -> Problem.of(FoundationProblem.NOT_FOUND, "what", "announcement"));
    }

    /** The newest announcement whose money has not arrived. */
    public Optional<Announcement> awaited(String programmeCode) {
        return database.sql()
                .selectFrom(FUNDING)
                .where(
                        FUNDING.PROGRAMME_CODE.eq(programmeCode),
                        FUNDING.RECEIVED_AT.isNull(),
                        FUNDING.WITHDRAWN_BY.isNull())
                .orderBy(FUNDING.ANNOUNCED_AT.desc())
                .limit(1)
                .fetchOptional(Funding::view);
    }

    /** All announcements whose money has not arrived; at most {@value #MOST_AWAITED}, the oldest first. */
    public List<Announcement> awaited() {
        return database.sql()
                .selectFrom(FUNDING)
                .where(FUNDING.RECEIVED_AT.isNull(), FUNDING.WITHDRAWN_BY.isNull())
                .orderBy(FUNDING.ANNOUNCED_AT)
                .limit(MOST_AWAITED)
                .fetch(Funding::view);
    }

    public AnnouncedFunds announced(String programmeCode, int year) {
        return announced(database.sql(), programmeCode, year);
    }

    /** As others see it in their transaction. */
    public static AnnouncedFunds announced(DSLContext sql, String programmeCode, int year) {
        return sql.select(
                        coalesce(sum(FUNDING.AMOUNT_MINOR.minus(FUNDING.RECEIVED_MINOR)), BigDecimal.ZERO),
                        min(FUNDING.ANNOUNCED_AT))
                .from(FUNDING)
                .where(FUNDING.PROGRAMME_CODE.eq(programmeCode), FUNDING.YEAR.eq(year))
                .and(FUNDING.RECEIVED_AT.isNull())
                .and(FUNDING.WITHDRAWN_BY.isNull())
                .fetchSingle(row -> new AnnouncedFunds(row.value1().longValueExact(), row.value2()));
    }

    /** What a programme may still commit this year. */
    public long availableMinor(String programmeCode) {
        return availableMinor(programmeCode, thisYear());
    }

    /** What a programme may still commit for a payment in that year; never more than the bank has. */
    public long availableMinor(String programmeCode, int year) {
        return ledger.availableMinor(programmeCode, year);
    }

    public int thisYear() {
        return LocalDate.now(clock).getYear();
    }

    /** Programmes for which funds can be announced: code to name. */
    Map<String, String> programmes() {
        return programmes.programmes();
    }

    /** Takes an announcement back whose money has not arrived; money that comes nevertheless is not explained. */
    public void withdraw(Actor actor, UUID id) {
        actor.require(PaymentsPermission.FUND);
        database.transact(tx -> {
            int withdrawn = tx.update(FUNDING)
                    .set(FUNDING.WITHDRAWN_BY, actor.name())
                    .where(FUNDING.ID.eq(id), FUNDING.RECEIVED_AT.isNull(), FUNDING.WITHDRAWN_BY.isNull())
                    .execute();
            if (withdrawn == 0) {
                throw Problem.of(
                        PaymentsProblem.NOT_POSSIBLE, "reason", "the money has arrived, or it was withdrawn before");
            }
            audit.append(tx, AuditEvent.of(actor.name(), "payments.funding.withdraw", "funding/" + id));
        });
    }

    private static Announcement view(FundingRecord row) {
        return new Announcement(
                row.getId(),
                row.getProgrammeCode(),
                row.getCurrency(),
                row.getAmountMinor(),
                row.getReference(),
                row.getAnnouncedBy(),
                row.getAnnouncedAt(),
                row.getReceivedAt(),
                row.getYear(),
                row.getWithdrawnBy());
    }
}
