package org.annona.payments.funding;

import static org.annona.payments.internal.tables.Tables.FUNDING;
import static org.jooq.impl.DSL.noCondition;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
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
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.dispatch.RailReference;
import org.annona.payments.internal.tables.tables.records.FundingRecord;
import org.annona.payments.ledger.Ledger;
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
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("payments");

    public Funding(Database database, Ledger ledger, Clock clock) {
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
            @Nullable Instant receivedAt) {}

    public Announcement announce(Actor actor, String programmeCode, String currency, long amountMinor) {
        actor.require(PaymentsPermission.FUND);
        String code = programmeCode.strip().toUpperCase(Locale.ROOT);
        if (!code.matches("[A-Z][A-Z0-9-]{1,19}")) {
            throw unfit("'" + programmeCode + "' is not the code of a programme");
        }
        if (amountMinor < 1) {
            throw unfit("the amount has to be positive");
        }
        Currency.getInstance(currency);
        UUID id = Ids.next();
        String reference = RailReference.next();
        database.transact(tx -> {
            tx.insertInto(FUNDING)
                    .set(FUNDING.ID, id)
                    .set(FUNDING.PROGRAMME_CODE, code)
                    .set(FUNDING.YEAR, LocalDate.now(clock).getYear())
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

    /** The newest announcement whose money has not arrived. */
    public Optional<Announcement> awaited(String programmeCode) {
        return database.sql()
                .selectFrom(FUNDING)
                .where(FUNDING.PROGRAMME_CODE.eq(programmeCode), FUNDING.RECEIVED_AT.isNull())
                .orderBy(FUNDING.ANNOUNCED_AT.desc())
                .limit(1)
                .fetchOptional(Funding::view);
    }

    /** All announcements whose money has not arrived; at most {@value #MOST_AWAITED}, the oldest first. */
    public List<Announcement> awaited() {
        return database.sql()
                .selectFrom(FUNDING)
                .where(FUNDING.RECEIVED_AT.isNull())
                .orderBy(FUNDING.ANNOUNCED_AT)
                .limit(MOST_AWAITED)
                .fetch(Funding::view);
    }

    /** What a programme may still commit this year. */
    public long availableMinor(String programmeCode) {
        return ledger.availableMinor(programmeCode, LocalDate.now(clock).getYear());
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
                row.getReceivedAt());
    }
}
