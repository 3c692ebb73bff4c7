package org.annona.programs.cycle;

import static org.annona.programs.internal.tables.Tables.CYCLE;
import static org.annona.programs.internal.tables.Tables.PROGRAMME;
import static org.jooq.impl.DSL.condition;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.feed.FeedReader;
import org.annona.foundation.outbox.OutboxMessage;
import org.annona.foundation.outbox.OutboxReceiver;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.annona.programs.OrderKey;
import org.annona.programs.PaymentGateway;
import org.annona.programs.PaymentGateway.Change;
import org.jooq.DSLContext;

/**
 * Brings back what became of the payments, for released cycles and for money that comes back after a cycle was closed, and
 * closes a cycle when all of it is final.
 */
public final class PaymentOutcomes implements OutboxReceiver {

    private static final String STREAM = "payments";
    private static final int ROWS_PER_PART = 5_000;
    private static final SqlFile STORE = SqlFile.beside(PaymentOutcomes.class, "store-outcomes.sql");

    private final Database database;
    private final PaymentGateway payments;
    private final FeedReader reader;
    private final Clock clock;
    private final String topic;
    private final AuditTrail audit = new AuditTrail("programs");

    /** @param topic of the message that something changed */
    public PaymentOutcomes(Database database, PaymentGateway payments, Clock clock, String topic) {
        this.database = database;
        this.payments = payments;
        this.reader = new FeedReader(database, clock);
        this.clock = clock;
        this.topic = topic;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public void receive(OutboxMessage message) {
        collect();
    }

    /** Fetches everything that is there, then looks which cycles are done. */
    public void collect() {
        boolean more = true;
        while (more) {
            more = reader.read(STREAM, payments::changes, ROWS_PER_PART, PaymentOutcomes::store)
                    .more();
        }
        released()
                .forEach((cycleId, organisation) -> Scope.of(organisation)
                        .run(() -> payments.progress(OrderKey.of(cycleId))
                                .ifPresent(progress -> note(cycleId, progress))));
    }

    private static void store(DSLContext tx, List<Change> changes) {
        List<Change> ours = changes.stream()
                .filter(change -> OrderKey.cycleOf(change.orderKey()).isPresent())
                .toList();
        STORE.run(
                tx,
                Map.of(
                        "cycle",
                                SqlFile.column(
                                        "uuid",
                                        ours,
                                        change -> OrderKey.cycleOf(change.orderKey())
                                                .orElseThrow()),
                        "household", SqlFile.column("uuid", ours, Change::lineKey),
                        "state",
                                SqlFile.column(
                                        "text",
                                        ours,
                                        change -> change.status().name().toLowerCase(Locale.ROOT)),
                        "reason", SqlFile.column("text", ours, Change::reason),
                        "reference", SqlFile.column("text", ours, Change::reference),
                        "settled", SqlFile.column("bigint", ours, Change::settledMinor),
                        "returned", SqlFile.column("bigint", ours, Change::returnedMinor),
                        "version", SqlFile.column("int", ours, Change::accountVersion)));
    }

    /** With the organisation of each. */
    private Map<UUID, Short> released() {
        return Scope.across(AcrossOrganisations.FEEDS)
                .call(() -> database.sql()
                        .select(CYCLE.ID, PROGRAMME.ORGANISATION_ID)
                        .from(CYCLE)
                        .join(PROGRAMME)
                        .on(PROGRAMME.ID.eq(CYCLE.PROGRAMME_ID))
                        .where(CYCLE.STATE.eq("released"))
                        .fetchMap(CYCLE.ID, PROGRAMME.ORGANISATION_ID));
    }

    private void note(UUID cycleId, PaymentGateway.Progress progress) {
        database.transact(tx -> {
            int changed = tx.update(CYCLE)
                    .set(CYCLE.PAYMENT_STATE, progress.state())
                    .set(CYCLE.PAYMENT_NOTE, progress.note())
                    .set(CYCLE.STATE, progress.closed() ? "closed" : "released")
                    .set(CYCLE.CLOSED_AT, progress.closed() ? clock.instant() : null)
                    .where(CYCLE.ID.eq(cycleId), CYCLE.STATE.eq("released"))
                    .and(CYCLE.PAYMENT_STATE
                            .ne(progress.state())
                            .or(CYCLE.PAYMENT_NOTE.ne(progress.note()))
                            .or(condition(progress.closed())))
                    .execute();
            if (changed == 1 && progress.closed()) {
                audit.append(tx, AuditEvent.of(Actor.SYSTEM, "programs.cycle.closed", "cycle/" + cycleId));
            }
        });
    }
}
