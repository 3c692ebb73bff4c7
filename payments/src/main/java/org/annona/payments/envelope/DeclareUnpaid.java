package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.dispatch.BookingDay;
import org.annona.payments.internal.tables.tables.records.AttemptRecord;
import org.annona.payments.internal.tables.tables.records.BatchRecord;
import org.annona.payments.internal.tables.tables.records.DisbursementRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.DSLContext;

/**
 * A payment of which the bank gives no account was not made. Only a payment that is unknown, after the statements until the end
 * of its booking day were read; if the bank debits it nevertheless, the money goes to suspense.
 */
public final class DeclareUnpaid implements Decidable {

    private static final SqlFile POST_VOID = SqlFile.beside(DeclareUnpaid.class, "post-void.sql");

    private final Envelopes envelopes;
    private final PaymentsSettings settings;
    private final ZoneId zone;

    public DeclareUnpaid(Envelopes envelopes, PaymentsSettings settings, ZoneId zone) {
        this.envelopes = envelopes;
        this.settings = settings;
        this.zone = zone;
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.DECLARE_UNPAID;
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        Envelopes.lockedPayment(tx, decision.subject());
        AttemptRecord attempt = unknown(tx, decision.subject());
        Envelopes.refuseUnexplained(tx, decision.subject());
        BatchRecord batch = tx.fetchSingle(BATCH, BATCH.ID.eq(attempt.getBatchId()));
        Instant sent = Objects.requireNonNull(batch.getSentAt());
        LocalDate due = BookingDay.of(sent, zone, settings.bookingDays());
        if (!BookingDay.isOver(tx, due, sent)) {
            throw Problem.of(PaymentsProblem.NOT_BOOKED_YET, "day", due);
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        EnvelopeRecord envelope = Envelopes.locked(tx, payment.getEnvelopeId(), Envelope.State.values());
        AttemptRecord attempt = unknown(tx, decision.subject());
        attempt.setState("voided");
        attempt.update();
        POST_VOID.run(
                tx,
                Map.of(
                        "attempt",
                        attempt.getId(),
                        "committed",
                        LedgerAccounts.committed(tx, envelope.getId(), envelope.getCurrency())));
        payment.setState("rejected");
        payment.setReason("DECLARED_UNPAID");
        payment.update();
        Envelopes.changed(tx, "voided/" + attempt.getId());
    }

    private static AttemptRecord unknown(DSLContext tx, UUID payment) {
        return tx.selectFrom(ATTEMPT)
                .where(ATTEMPT.DISBURSEMENT_ID.eq(payment), ATTEMPT.STATE.eq("unknown"))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Envelopes.notPossible("only a payment whose outcome is unknown is declared unpaid"));
    }

    @Override
    public Sight sight(Decision decision) {
        return envelopes.sight(
                decision.subject(),
                List.of(
                        "The payment counts as not made and can be paid again.",
                        "Confirm only if the bank has said in another way that it did not pay."));
    }
}
