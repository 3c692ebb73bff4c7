package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentKeys;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.internal.tables.tables.records.DisbursementRecord;
import org.jooq.DSLContext;

/** Pays to an account that is another one than the approved list had. The decision names the version of the account, and pays no other. */
public final class AcceptAccount implements Decidable {

    static final String CHANGED = "ACCOUNT_CHANGED";

    private final Database database;
    private final Envelopes envelopes;
    private final PaymentKeys keys;

    public AcceptAccount(Database database, Envelopes envelopes, PaymentKeys keys) {
        this.database = database;
        this.envelopes = envelopes;
        this.keys = keys;
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.ACCEPT_ACCOUNT;
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        // The envelope first, as everywhere; it has to be open.
        Envelopes.lockedOpen(tx, payment(tx, decision).getEnvelopeId());
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        if (!payment.getState().equals("unresolved") || !payment.getReason().equals(CHANGED)) {
            throw Envelopes.notPossible(
                    "only a payment that waits because its account changed is paid to the changed account");
        }
        if (!String.valueOf(payment.getFaVersion()).equals(decision.detail())) {
            throw Envelopes.notPossible("the account changed once more; look it up again, and ask anew");
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        DisbursementRecord payment = Envelopes.lockedPayment(tx, decision.subject());
        payment.setAccountVersion(Integer.parseInt(decision.detail()));
        payment.setState("received");
        payment.setReason("");
        payment.update();
        Envelopes.processAgain(tx, Envelopes.lockedOpen(tx, payment.getEnvelopeId()), confirming);
    }

    @Override
    public Sight sight(Decision decision) {
        Map<String, String> facts = new LinkedHashMap<>();
        DisbursementRecord payment = payment(database.sql(), decision);
        if (payment.getFaSealed() != null && payment.getFaProvider() != null) {
            String number = keys.openAccount(payment.getId(), payment.getFaSealed());
            facts.put(
                    "Account now",
                    payment.getFaProvider() + " ••••" + number.substring(Math.max(0, number.length() - 4))
                            + ", version " + payment.getFaVersion());
        }
        facts.put(
                "Account of the list",
                payment.getAccountVersion() == 0 ? "none was known" : "version " + payment.getAccountVersion());
        return envelopes.sight(
                decision.subject(),
                facts,
                List.of(
                        "The payment goes to the account as it is now. The person or a document has to confirm the change:"
                                + " somebody who changes accounts of others takes their money."));
    }

    /** Without a lock. */
    private static DisbursementRecord payment(DSLContext sql, Decision decision) {
        return sql.fetchOptional(DISBURSEMENT, DISBURSEMENT.ID.eq(decision.subject()))
                .orElseThrow(() -> Problem.of(PaymentsProblem.DISBURSEMENT_UNKNOWN));
    }
}
