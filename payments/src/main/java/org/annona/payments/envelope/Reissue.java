package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;

import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.money.Money;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.internal.tables.tables.records.DisbursementRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.DSLContext;

/**
 * Pays again what was rejected or stopped, or the part that came back, on the account that the beneficiary has now. It is possible as long as
 * money is unpaid, also after the envelope was closed: that opens the envelope again.
 */
public final class Reissue implements Decidable {

    private static final SqlFile POST_REISSUE = SqlFile.beside(Reissue.class, "post-reissue.sql");

    private final Envelopes envelopes;
    private final PaymentsSettings settings;

    public Reissue(Envelopes envelopes, PaymentsSettings settings) {
        this.envelopes = envelopes;
        this.settings = settings;
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.REISSUE;
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        EnvelopeRecord envelope = envelope(tx, payment);
        boolean cameBack = payment.getState().equals("returned");
        boolean stopped = payment.getState().equals("stopped");
        if (!decision.detail().matches("[1-9]\\d{0,8}")) {
            throw Envelopes.notPossible("the request names no account");
        }
        if (!cameBack && !stopped && !payment.getState().equals("rejected")) {
            throw Envelopes.notPossible("only a payment that was rejected, stopped or came back is paid again");
        }
        Envelopes.refuseUnexplained(tx, decision.subject());
        if (!cameBack && (stopped || Envelopes.state(envelope) == State.CLOSED)) {
            long unpaid = payment.getAmountMinor() - payment.getSettledMinor();
            long missing = unpaid
                    - Envelopes.lockedFunds(tx, envelope, settings.bankAccount())
                            .minor();
            if (missing > 0) {
                throw Envelopes.notPossible(Money.of(missing, envelope.getCurrency()) + " are missing in the fund of "
                        + envelope.getProgrammeCode() + " or at the bank");
            }
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        EnvelopeRecord envelope = envelope(tx, payment);
        boolean cameBack = payment.getState().equals("returned");
        boolean closed = Envelopes.state(envelope) == State.CLOSED;
        boolean stopped = payment.getState().equals("stopped");
        if (cameBack || closed || stopped) {
            int from = cameBack
                    ? LedgerAccounts.returns(tx, envelope.getProgrammeCode(), envelope.getCurrency())
                    : Envelopes.fund(tx, envelope);
            POST_REISSUE.run(
                    tx,
                    Map.of(
                            "disbursement",
                            payment.getId(),
                            "from",
                            from,
                            "committed",
                            LedgerAccounts.committed(tx, envelope.getId(), envelope.getCurrency())));
        }
        // The part that stayed with the beneficiary is paid; the attempt that brought it is over.
        tx.update(ATTEMPT)
                .set(ATTEMPT.STATE, "returned_in_part")
                .where(ATTEMPT.DISBURSEMENT_ID.eq(payment.getId()), ATTEMPT.STATE.eq("settled"))
                .and(ATTEMPT.RETURNED_MINOR.gt(0L))
                .execute();
        payment.setState("received");
        payment.setAccountVersion(Integer.parseInt(decision.detail()));
        payment.setReason("");
        payment.setSettledMinor(payment.getSettledMinor() - payment.getReturnedMinor());
        payment.setReturnedMinor(0L);
        payment.update();
        if (closed) {
            envelope.setState(Envelopes.state(State.DISPATCHED));
            envelope.setClosedAt(null);
            envelope.update();
        }
        Envelopes.processAgain(tx, envelope, confirming);
    }

    private static EnvelopeRecord envelope(DSLContext tx, DisbursementRecord payment) {
        return Envelopes.locked(tx, payment.getEnvelopeId(), State.FUNDED, State.DISPATCHED, State.CLOSED);
    }

    @Override
    public Sight sight(Decision decision) {
        return envelopes.sight(
                decision.subject(),
                Map.of(
                        "Version of the account",
                        decision.detail() + envelopes.accountBefore(decision.subject(), decision.detail())),
                List.of(
                        "The unpaid money is paid to this account under a new reference. An account that changes once more is"
                                + " not paid without another decision."));
    }
}
