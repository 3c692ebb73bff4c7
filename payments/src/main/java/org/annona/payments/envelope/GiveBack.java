package org.annona.payments.envelope;

import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.foundation.database.SqlFile;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.internal.tables.tables.records.DisbursementRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.DSLContext;

/** Money that came back is not paid again: it returns to the fund of the year in which it was to be paid. */
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
        if (!Envelopes.lockedPayment(tx, decision.subject()).getState().equals("returned")) {
            throw Envelopes.notPossible("only money that came back returns to the fund");
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        EnvelopeRecord envelope = Envelopes.locked(tx, payment.getEnvelopeId());
        String currency = envelope.getCurrency();
        POST_GIVE_BACK.run(
                tx,
                Map.of(
                        "disbursement",
                        payment.getId(),
                        "returns",
                        LedgerAccounts.returns(tx, envelope.getProgrammeCode(), currency),
                        "fund",
                        LedgerAccounts.fund(
                                tx,
                                envelope.getProgrammeCode(),
                                envelope.getPayOn().getYear(),
                                currency)));
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
