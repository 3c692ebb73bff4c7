package org.annona.programs.cycle;

import static org.annona.programs.internal.tables.Tables.CYCLE;
import static org.annona.programs.internal.tables.Tables.POPULATION_POSITION;
import static org.jooq.impl.DSL.condition;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.outbox.OutboxMessage;
import org.annona.foundation.outbox.OutboxReceiver;
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
    private final Clock clock;
    private final String topic;
    private final AuditTrail audit = new AuditTrail("programs");

    /** @param topic of the message that something changed */
    public PaymentOutcomes(Database database, PaymentGateway payments, Clock clock, String topic) {
        this.database = database;
        this.payments = payments;
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
            more = collectPart();
        }
        for (UUID cycleId : released()) {
            payments.progress(OrderKey.of(cycleId)).ifPresent(progress -> note(cycleId, progress));
        }
    }

    private boolean collectPart() {
        Optional<String> position = database.sql()
                .select(POPULATION_POSITION.POSITION)
                .from(POPULATION_POSITION)
                .where(POPULATION_POSITION.STREAM.eq(STREAM))
                .fetchOptional(POPULATION_POSITION.POSITION);
        PaymentGateway.Changes changes = payments.changes(position.orElse(""), ROWS_PER_PART);
        database.transact(tx -> {
            if (advance(tx, position, changes.position()) && !changes.rows().isEmpty()) {
                store(tx, changes.rows());
            }
        });
        return changes.more();
    }

    /** Only one process stores a part; the other finds the position moved, and goes on from there. */
    private boolean advance(DSLContext tx, Optional<String> from, String to) {
        int moved = from.isEmpty()
                ? tx.insertInto(POPULATION_POSITION)
                        .values(STREAM, to, clock.instant())
                        .onConflictDoNothing()
                        .execute()
                : tx.update(POPULATION_POSITION)
                        .set(POPULATION_POSITION.POSITION, to)
                        .set(POPULATION_POSITION.REFRESHED_AT, clock.instant())
                        .where(POPULATION_POSITION.STREAM.eq(STREAM), POPULATION_POSITION.POSITION.eq(from.get()))
                        .execute();
        return moved == 1;
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

    private List<UUID> released() {
        return database.sql()
                .select(CYCLE.ID)
                .from(CYCLE)
                .where(CYCLE.STATE.eq("released"))
                .fetch(CYCLE.ID);
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
