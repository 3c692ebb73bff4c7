package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.annona.payments.PayeeStanding;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.internal.tables.tables.records.DisbursementRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.Ledger;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops payments whose bytes have not left; their money is free again. A message that was prepared and not sent is withdrawn as a
 * whole, because its bytes are fixed; its other payments go into another one.
 */
public final class Stops {

    private static final Logger LOG = LoggerFactory.getLogger(Stops.class);
    /** States of payments that can be stopped. */
    static final List<String> STOPPABLE = List.of("received", "unresolved", "ready");

    private static final int UNRESOLVED_PER_PART = 2_000;
    private static final SqlFile STOP = SqlFile.beside(Stops.class, "stop.sql");
    private static final SqlFile STOP_ENVELOPE = SqlFile.beside(Stops.class, "stop-envelope.sql");
    private static final AuditTrail AUDIT = new AuditTrail("payments");

    private final Database database;

    public Stops(Database database) {
        this.database = database;
    }

    /** @param reason code, such as {@code EXITED}; {@code STOPPED} where a person decided */
    record Stop(UUID payment, String reason) {}

    public void payment(Actor actor, UUID payment, String why) {
        actor.require(PaymentsPermission.OPERATE);
        String note = said(why);
        database.transact(tx -> {
            DisbursementRecord row = Envelopes.lockedPayment(tx, payment);
            if (!STOPPABLE.contains(row.getState())) {
                throw Envelopes.notPossible("the payment is " + EnvelopePages.words(row.getState()));
            }
            EnvelopeRecord envelope = open(tx, row.getEnvelopeId());
            if (stop(tx, envelope.getId(), List.of(new Stop(payment, "STOPPED")), actor.name(), note) == 0) {
                throw Envelopes.notPossible("the payment is being sent");
            }
            Envelopes.processAgain(tx, envelope, actor);
        });
    }

    /** Every payment of the envelope that has not left. */
    public void envelope(Actor actor, UUID id, String why) {
        actor.require(PaymentsPermission.OPERATE);
        String note = said(why);
        database.transact(tx -> {
            EnvelopeRecord envelope = open(tx, id);
            withdrawMessages(tx, BATCH.ENVELOPE_ID.eq(id));
            Stopped stopped =
                    STOP_ENVELOPE.first(tx, Map.of("envelope", id, "by", actor.name(), "note", note), Stops::stopped);
            if (book(tx, id, stopped, actor.name(), note) == 0) {
                throw Envelopes.notPossible("no payment of this envelope waits to be sent");
            }
            Envelopes.processAgain(tx, envelope, actor);
        });
    }

    private record Unresolved(UUID payment, UUID envelope, short organisation, String orderKey, String lineKey) {}

    /**
     * Payments that wait for an account, or for two people, may wait for weeks, and nothing looks at them meanwhile. Those that may not be
     * made any more, because the household left or somebody died, are stopped here; what goes on by itself is asked about on its way.
     */
    public void unwanted(PayeeStanding standing) {
        UUID after = new UUID(0, 0);
        List<Unresolved> part;
        do {
            part = unresolvedAfter(after);
            Map<String, List<Unresolved>> orders = part.stream().collect(Collectors.groupingBy(Unresolved::orderKey));
            orders.forEach((order, unresolved) -> apart(standing, order, unresolved));
            after = part.isEmpty() ? after : part.getLast().payment();
        } while (part.size() == UNRESOLVED_PER_PART);
    }

    /** Where one order cannot be stopped now, the others are. */
    private void apart(PayeeStanding standing, String order, List<Unresolved> unresolved) {
        try {
            Scope.of(unresolved.getFirst().organisation()).run(() -> unwanted(standing, order, unresolved));
        } catch (RuntimeException failure) {
            LOG.warn(
                    "payments of order {} that may not be made any more are not stopped yet: {}",
                    order,
                    failure.getClass().getName());
        }
    }

    private List<Unresolved> unresolvedAfter(UUID payment) {
        return database.sql()
                .select(DISBURSEMENT.ID, ENVELOPE.ID, ENVELOPE.ORGANISATION_ID, ENVELOPE.KEY, DISBURSEMENT.LINE_KEY)
                .from(DISBURSEMENT)
                .join(ENVELOPE)
                .on(ENVELOPE.ID.eq(DISBURSEMENT.ENVELOPE_ID))
                .where(DISBURSEMENT.STATE.eq("unresolved"), DISBURSEMENT.ID.gt(payment))
                .orderBy(DISBURSEMENT.ID)
                .limit(UNRESOLVED_PER_PART)
                .fetch(row -> new Unresolved(row.value1(), row.value2(), row.value3(), row.value4(), row.value5()));
    }

    private void unwanted(PayeeStanding standing, String order, List<Unresolved> unresolved) {
        Map<String, String> reasons = standing.stopped(
                order, unresolved.stream().map(Unresolved::lineKey).toList());
        List<Stop> stops = new ArrayList<>();
        for (Unresolved one : unresolved) {
            String reason = reasons.get(one.lineKey());
            if (reason != null) {
                stops.add(new Stop(one.payment(), reason));
            }
        }
        if (!stops.isEmpty()) {
            database.transact(tx -> {
                UUID envelope = unresolved.getFirst().envelope();
                // The envelope first, as everywhere.
                Envelopes.locked(tx, envelope);
                stop(tx, envelope, stops, Actor.SYSTEM, "");
            });
        }
    }

    private static EnvelopeRecord open(DSLContext tx, UUID id) {
        return Envelopes.locked(tx, id, State.RECEIVED, State.WAITING_FOR_FUNDS, State.FUNDED, State.DISPATCHED);
    }

    private static String said(String why) {
        if (why.isBlank()) {
            throw Problem.of(PaymentsProblem.REASON_MISSING);
        }
        return why.strip();
    }

    /** @return how many were stopped; a payment that is being sent is not */
    static long stop(DSLContext tx, UUID envelopeId, List<Stop> stops, String by, String note) {
        if (stops.isEmpty()) {
            return 0;
        }
        List<UUID> payments = stops.stream().map(Stop::payment).toList();
        withdrawMessages(
                tx,
                BATCH.ID.in(tx.select(ATTEMPT.BATCH_ID)
                        .from(ATTEMPT)
                        .where(ATTEMPT.STATE.eq("prepared"), ATTEMPT.DISBURSEMENT_ID.in(payments))));
        Stopped stopped = STOP.first(
                tx,
                Map.of(
                        "id",
                        SqlFile.column("uuid", stops, Stop::payment),
                        "reason",
                        SqlFile.column("text", stops, Stop::reason),
                        "by",
                        by,
                        "note",
                        note),
                Stops::stopped);
        return book(
                tx, envelopeId, stopped, by, note.isEmpty() ? stops.getFirst().reason() : note);
    }

    private record Stopped(long payments, long minor) {}

    private static Stopped stopped(ResultSet row, int number) throws SQLException {
        return new Stopped(row.getLong("payments"), row.getLong("minor"));
    }

    private static long book(DSLContext tx, UUID envelopeId, @Nullable Stopped stopped, String by, String why) {
        if (stopped == null || stopped.payments() == 0) {
            return 0;
        }
        EnvelopeRecord envelope = Envelopes.locked(tx, envelopeId);
        State state = Envelopes.state(envelope);
        if (state == State.FUNDED || state == State.DISPATCHED) {
            Ledger.free(
                    tx,
                    envelopeId,
                    envelope.getProgrammeCode(),
                    envelope.getPayOn(),
                    envelope.getCurrency(),
                    stopped.minor());
        }
        Envelopes.changed(tx, "stopped/" + Ids.next());
        AUDIT.append(
                tx,
                AuditEvent.of(by, "payments.stop", "envelope/" + envelopeId)
                        .touching(stopped.payments())
                        .with("minor", stopped.minor())
                        .forReason(why));
        return stopped.payments();
    }

    /** A message that is claimed for sending meanwhile is not prepared any more, and its payments are not stopped. */
    private static void withdrawMessages(DSLContext tx, Condition which) {
        List<UUID> withdrawn = tx.update(BATCH)
                .set(BATCH.STATE, "withdrawn")
                .set(BATCH.NOTE, "withdrawn before it was sent: a payment in it was stopped")
                .where(which, BATCH.STATE.eq("prepared"))
                .returning(BATCH.ID)
                .fetch(BATCH.ID);
        tx.update(ATTEMPT)
                .set(ATTEMPT.STATE, "voided")
                .where(ATTEMPT.BATCH_ID.in(withdrawn), ATTEMPT.STATE.eq("prepared"))
                .execute();
    }

    /** What the envelope has to pay: all but what was stopped or given up before the money was reserved. */
    static long stillToPay(DSLContext tx, UUID envelope) {
        return tx.select(coalesce(sum(DISBURSEMENT.AMOUNT_MINOR), BigDecimal.ZERO))
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ENVELOPE_ID.eq(envelope), DISBURSEMENT.STATE.ne("stopped"))
                .fetchSingle()
                .value1()
                .longValueExact();
    }
}
