package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;

import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentOrder;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;

/** Takes orders in. Every call may be repeated; the same key with another content is refused without effect. */
public final class Intake {

    private static final SqlFile DELIVER = SqlFile.beside(Intake.class, "deliver.sql");
    private static final SqlFile CONFLICTS = SqlFile.beside(Intake.class, "conflicting-lines.sql");
    private static final int MOST_LINES_PER_CALL = 20_000;

    private final Database database;
    private final AuditTrail audit = new AuditTrail("payments");

    public Intake(Database database) {
        this.database = database;
    }

    public void open(PaymentOrder order) {
        refuseUnfit(order);
        database.transact(tx -> {
            int added = tx.insertInto(ENVELOPE)
                    .set(ENVELOPE.ID, Ids.next())
                    .set(ENVELOPE.KEY, order.key())
                    .set(ENVELOPE.PROGRAMME_CODE, order.programmeCode())
                    .set(ENVELOPE.PROGRAMME_NAME, order.programmeName())
                    .set(ENVELOPE.CYCLE_CODE, order.cycleCode())
                    .set(ENVELOPE.CURRENCY, order.currency())
                    .set(ENVELOPE.DECLARED_COUNT, order.count())
                    .set(ENVELOPE.DECLARED_MINOR, order.totalMinor())
                    .set(ENVELOPE.DIGEST, order.digest())
                    .set(ENVELOPE.PAY_ON, order.payOn())
                    .set(ENVELOPE.PREPARED_BY, order.preparedBy())
                    .set(ENVELOPE.APPROVED_BY, order.approvedBy())
                    .set(ENVELOPE.RELEASED_BY, order.releasedBy())
                    .set(ENVELOPE.STATE, Envelopes.state(State.RECEIVING))
                    .onConflict(ENVELOPE.KEY)
                    .doNothing()
                    .execute();
            EnvelopeRecord envelope = Envelopes.byKey(tx, order.key());
            if (added == 0) {
                refuseOther(envelope, order);
                return;
            }
            audit.append(
                    tx,
                    AuditEvent.of(order.releasedBy(), "payments.envelope.open", "envelope/" + envelope.getId())
                            .because(order.key())
                            .touching(order.count())
                            .resultingIn(order.digest())
                            .with("totalMinor", order.totalMinor())
                            .with("preparedBy", order.preparedBy())
                            .with("approvedBy", order.approvedBy()));
        });
    }

    private static void refuseUnfit(PaymentOrder order) {
        String reason = null;
        if (order.count() < 1 || order.totalMinor() < 1) {
            reason = "it has no lines or no amount";
        } else if (order.digest().length != 32) {
            reason = "its digest is not a SHA-256";
        } else if (order.preparedBy().equals(order.approvedBy())
                || order.preparedBy().equals(order.releasedBy())
                || order.approvedBy().equals(order.releasedBy())) {
            reason = "it was not prepared, approved and released by three different people";
        } else if (order.programmeCode().isBlank() || order.key().isBlank()) {
            reason = "it names no programme or has no key";
        } else if (Currency.getInstance(order.currency()).getDefaultFractionDigits() < 0) {
            reason = "its currency has no minor units";
        }
        if (reason != null) {
            throw Problem.of(PaymentsProblem.ORDER_UNFIT, "reason", reason);
        }
    }

    private static void refuseOther(EnvelopeRecord envelope, PaymentOrder order) {
        boolean same = envelope.getProgrammeCode().equals(order.programmeCode())
                && envelope.getCycleCode().equals(order.cycleCode())
                && envelope.getCurrency().equals(order.currency())
                && envelope.getDeclaredCount() == order.count()
                && envelope.getDeclaredMinor() == order.totalMinor()
                && Arrays.equals(envelope.getDigest(), order.digest())
                && envelope.getPayOn().equals(order.payOn())
                && envelope.getPreparedBy().equals(order.preparedBy())
                && envelope.getApprovedBy().equals(order.approvedBy())
                && envelope.getReleasedBy().equals(order.releasedBy());
        if (!same) {
            throw Problem.of(PaymentsProblem.ORDER_CONFLICT);
        }
    }

    public void deliver(String key, List<PaymentLine> lines) {
        if (lines.isEmpty() || lines.size() > MOST_LINES_PER_CALL) {
            throw unfit("a call delivers 1 to " + MOST_LINES_PER_CALL + " lines");
        }
        if (lines.stream().anyMatch(line -> line.amountMinor() < 1)) {
            throw unfit("a line has no amount");
        }
        if (lines.stream().map(PaymentLine::key).distinct().count() != lines.size()) {
            throw unfit("two lines have one key");
        }
        database.transact(tx -> {
            EnvelopeRecord envelope = Envelopes.byKey(tx, key);
            Map<String, Object> values = Map.of(
                    "envelope",
                    envelope.getId(),
                    "key",
                    SqlFile.column("text", lines, PaymentLine::key),
                    "beneficiary",
                    SqlFile.column("uuid", lines, PaymentLine::beneficiary),
                    "amount",
                    SqlFile.column("bigint", lines, PaymentLine::amountMinor),
                    "version",
                    SqlFile.column("int", lines, PaymentLine::accountVersion));
            if (envelope.getState().equals(Envelopes.state(State.RECEIVING))) {
                DELIVER.run(tx, values);
            }
            // Whoever repeats a delivery gets the same answer, also when the intake is closed.
            if (!CONFLICTS.list(tx, values, (row, number) -> row.getString(1)).isEmpty()) {
                throw Problem.of(
                        envelope.getState().equals(Envelopes.state(State.RECEIVING))
                                ? PaymentsProblem.LINE_CONFLICT
                                : PaymentsProblem.INTAKE_CLOSED);
            }
        });
    }

    private static Problem unfit(String reason) {
        return Problem.of(PaymentsProblem.ORDER_UNFIT, "reason", reason);
    }

    /** Closes the intake when what came is what was announced, and lets the payments begin. */
    public void complete(String key) {
        database.transact(tx -> {
            EnvelopeRecord envelope =
                    Envelopes.locked(tx, Envelopes.byKey(tx, key).getId());
            if (!envelope.getState().equals(Envelopes.state(State.RECEIVING))) {
                return;
            }
            refuseDifferentTotals(tx, envelope);
            envelope.setState(Envelopes.state(State.RECEIVED));
            envelope.update();
            Jobs.order(
                    tx,
                    new JobOrder(
                            "payments",
                            ProcessEnvelope.KIND,
                            ProcessEnvelope.KIND + "/" + envelope.getId(),
                            "Payments of " + envelope.getProgrammeName() + " " + envelope.getCycleCode(),
                            "envelope/" + envelope.getId(),
                            Actor.SYSTEM,
                            new ProcessEnvelope.Order(envelope.getId())));
        });
    }

    private static void refuseDifferentTotals(DSLContext tx, EnvelopeRecord envelope) {
        RowDigest digest = new RowDigest();
        long total = 0;
        try (Cursor<? extends Record> lines = tx.select(
                        DISBURSEMENT.LINE_KEY,
                        DISBURSEMENT.BENEFICIARY,
                        DISBURSEMENT.AMOUNT_MINOR,
                        DISBURSEMENT.ACCOUNT_VERSION)
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ENVELOPE_ID.eq(envelope.getId()))
                .orderBy(DISBURSEMENT.LINE_KEY)
                .fetchSize(10_000)
                .fetchLazy()) {
            for (Record line : lines) {
                digest.add(
                        line.get(DISBURSEMENT.LINE_KEY),
                        line.get(DISBURSEMENT.BENEFICIARY),
                        line.get(DISBURSEMENT.AMOUNT_MINOR),
                        envelope.getCurrency(),
                        line.get(DISBURSEMENT.ACCOUNT_VERSION));
                total = Math.addExact(total, line.get(DISBURSEMENT.AMOUNT_MINOR));
            }
        }
        String reason = null;
        if (digest.rows() != envelope.getDeclaredCount()) {
            reason = digest.rows() + " lines instead of " + envelope.getDeclaredCount();
        } else if (total != envelope.getDeclaredMinor()) {
            reason = "the amounts sum up to another total";
        } else if (!Arrays.equals(digest.finish(), envelope.getDigest())) {
            reason = "a beneficiary, an amount or an account is not the approved one";
        }
        if (reason != null) {
            throw Problem.of(PaymentsProblem.TOTALS_DIFFER, "reason", reason);
        }
    }
}
