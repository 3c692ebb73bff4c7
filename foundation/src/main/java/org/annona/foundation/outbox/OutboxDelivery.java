package org.annona.foundation.outbox;

import static org.annona.foundation.internal.tables.Tables.OUTBOX;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.internal.tables.states.OutboxState;
import org.annona.foundation.internal.tables.tables.records.OutboxRecord;
import org.annona.foundation.lease.Leases;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.retry.BackOff;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.jooq.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands due messages to their receivers. A message is leased first, so that no transaction is open while its receiver
 * works; one that fails comes again later, and after {@value #MOST_ATTEMPTS} attempts waits for a person.
 */
public final class OutboxDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxDelivery.class);
    private static final int BATCH = 50;
    private static final int MOST_ATTEMPTS = 30;
    private static final Leases<OutboxRecord> LEASES = new Leases<>(
            OUTBOX, OUTBOX.ID, OUTBOX.NEXT_TRY_AT, OUTBOX.ATTEMPTS, OUTBOX.LEASE_UNTIL, Duration.ofMinutes(2));
    private static final BackOff BACK_OFF = BackOff.doubling(Duration.ofSeconds(2), Duration.ofMinutes(10));

    private final Database database;
    private final Map<String, List<OutboxReceiver>> receivers;
    private final Clock clock;

    public OutboxDelivery(Database database, List<OutboxReceiver> receivers, Clock clock) {
        this.database = database;
        this.receivers = receivers.stream().collect(Collectors.groupingBy(OutboxReceiver::topic));
        this.clock = clock;
    }

    /** Delivers everything that is due now, each message in the scope of its organisation. */
    public void deliverDue() {
        List<OutboxRecord> batch = lease();
        while (!batch.isEmpty()) {
            for (OutboxRecord message : batch) {
                scopeOf(message).run(() -> deliver(message));
            }
            batch = lease();
        }
    }

    private static Scope scopeOf(OutboxRecord message) {
        return message.getOrganisationId() == null ? Scope.NOTHING : Scope.of(message.getOrganisationId());
    }

    /** Lets a message that was given up be tried again. */
    public void revive(UUID id) {
        database.sql()
                .update(OUTBOX)
                .set(OUTBOX.STATE, OutboxState.PENDING)
                .set(OUTBOX.ATTEMPTS, 0)
                .set(OUTBOX.NEXT_TRY_AT, clock.instant())
                .where(OUTBOX.ID.eq(id), OUTBOX.STATE.eq(OutboxState.DEAD))
                .execute();
    }

    private List<OutboxRecord> lease() {
        Condition ours = OUTBOX.STATE.eq(OutboxState.PENDING).and(OUTBOX.TOPIC.in(receivers.keySet()));
        return Scope.across(AcrossOrganisations.JOBS)
                .call(() -> database.inTransaction(tx -> LEASES.take(tx, clock.instant(), ours, BATCH)));
    }

    private void deliver(OutboxRecord row) {
        List<OutboxReceiver> takers = Objects.requireNonNull(receivers.get(row.getTopic()));
        OutboxMessage message = new OutboxMessage(
                row.getId(), row.getTopic(), row.getKey(), row.getPayload().data());
        try {
            // Where one of several fails, all get the message again; those who had it are not harmed.
            takers.forEach(taker -> taker.receive(message));
            database.sql()
                    .update(OUTBOX)
                    .set(OUTBOX.STATE, OutboxState.DELIVERED)
                    .set(OUTBOX.DELIVERED_AT, clock.instant())
                    .where(OUTBOX.ID.eq(row.getId()))
                    .execute();
        } catch (RuntimeException failure) {
            postpone(row, failure);
        }
    }

    private void postpone(OutboxRecord row, RuntimeException failure) {
        boolean dead = row.getAttempts() >= MOST_ATTEMPTS;
        LOG.warn(
                "message {} of topic {} was not taken (attempt {}{}): {}",
                row.getId(),
                row.getTopic(),
                row.getAttempts(),
                dead ? ", given up" : "",
                reason(failure));
        database.sql()
                .update(OUTBOX)
                .set(OUTBOX.STATE, dead ? OutboxState.DEAD : OutboxState.PENDING)
                .set(OUTBOX.NEXT_TRY_AT, clock.instant().plus(BACK_OFF.after(row.getAttempts())))
                .setNull(OUTBOX.LEASE_UNTIL)
                .set(OUTBOX.LAST_ERROR, reason(failure))
                .where(OUTBOX.ID.eq(row.getId()))
                .execute();
    }

    private static String reason(RuntimeException failure) {
        return failure instanceof Problem problem
                ? problem.code().code() + ": " + problem.sentence()
                : failure.getClass().getName() + " " + Sqlstate.of(failure);
    }
}
