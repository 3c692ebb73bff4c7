package org.annona.payments.envelope;

import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.foundation.database.SqlFile;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.internal.tables.tables.records.DisbursementRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.DSLContext;

/** A payment that was rejected or came back is not made again: its money returns to the fund of the year in which it was to be paid. */
public final class GiveBack implements Decidable {

    private static final SqlFile POST_GIVE_BACK = SqlFile.beside(GiveBack.class, "post-give-back.sql");

    private final Envelopes envelopes;

    public GiveBack(Envelopes envelopes) {
        this.envelopes = envelopes;
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.GIVE_BACK;
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        boolean rejected = payment.getState().equals("rejected");
        if (!rejected && !payment.getState().equals("returned")) {
            throw Envelopes.notPossible("only a payment that was rejected or came back is given up");
        }
        if (rejected && Envelopes.state(Envelopes.locked(tx, payment.getEnvelopeId())) == State.CLOSED) {
            throw Envelopes.notPossible("its money went back to the fund when the envelope was closed");
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        EnvelopeRecord envelope = Envelopes.locked(tx, payment.getEnvelopeId());
        // The money of a rejected payment is still reserved; it goes back to the fund when the envelope is closed.
        if (payment.getReturnedMinor() > 0) {
            POST_GIVE_BACK.run(
                    tx,
                    Map.of(
                            "disbursement",
                            payment.getId(),
                            "returns",
                            LedgerAccounts.returns(tx, envelope.getProgrammeCode(), envelope.getCurrency()),
                            "fund",
                            Envelopes.fund(tx, envelope)));
        }
        // What stayed with the beneficiary is paid; what came back is in the fund, and is not given back again.
        payment.setSettledMinor(payment.getSettledMinor() - payment.getReturnedMinor());
        payment.setReturnedMinor(0L);
        payment.setState("cancelled");
        payment.setReason("GIVEN_BACK");
        payment.update();
        Envelopes.changed(tx, "given-back/" + decision.id());
    }

    @Override
    public Sight sight(Decision decision) {
        return envelopes.sight(
                decision.subject(),
                List.of("The money returns to the fund. The beneficiary is not paid again from this list."));
    }
}
