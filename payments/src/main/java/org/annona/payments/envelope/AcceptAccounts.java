package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.countDistinct;
import static org.jooq.impl.DSL.sum;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.money.Money;
import org.annona.payments.decision.Decidable;
import org.annona.payments.decision.Decision;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.jooq.Condition;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record2;

/** Pays to the changed accounts of all payments of an envelope that wait for that: to those that were in view, and to no other. */
public final class AcceptAccounts implements Decidable {

    private final Database database;

    public AcceptAccounts(Database database) {
        this.database = database;
    }

    @Override
    public DecisionKind kind() {
        return DecisionKind.ACCEPT_ACCOUNTS;
    }

    private static Condition waiting(UUID envelope) {
        return DISBURSEMENT
                .ENVELOPE_ID
                .eq(envelope)
                .and(DISBURSEMENT.STATE.eq("unresolved"))
                .and(DISBURSEMENT.REASON.eq(AcceptAccount.CHANGED));
    }

    /** Over payments and versions of their accounts; an empty text where none waits. */
    static String detail(DSLContext sql, UUID envelope) {
        RowDigest digest = new RowDigest();
        try (Cursor<Record2<UUID, Integer>> rows = sql.select(DISBURSEMENT.ID, DISBURSEMENT.FA_VERSION)
                .from(DISBURSEMENT)
                .where(waiting(envelope))
                .orderBy(DISBURSEMENT.ID)
                .fetchSize(10_000)
                .fetchLazy()) {
            rows.forEach(row -> digest.add(row.value1(), row.value2()));
        }
        return text(digest);
    }

    private static String text(RowDigest digest) {
        return digest.rows() == 0 ? "" : digest.rows() + " " + RowDigest.hex(digest.finish());
    }

    /** PostgreSQL orders identifiers by their bytes, Java by signed numbers. */
    private static int asTheDatabase(UUID one, UUID other) {
        return one.toString().compareTo(other.toString());
    }

    @Override
    public void check(DSLContext tx, Decision decision) {
        Envelopes.locked(tx, decision.subject(), State.FUNDED, State.DISPATCHED);
        if (decision.detail().isEmpty()) {
            throw Envelopes.notPossible("no payment of this envelope waits because its account changed");
        }
        if (!detail(tx, decision.subject()).equals(decision.detail())) {
            throw Envelopes.notPossible("a payment or an account is another one now; look at them, and ask anew");
        }
    }

    @Override
    public void carryOut(DSLContext tx, Actor confirming, Decision decision) {
        RowDigest taken = new RowDigest();
        tx.update(DISBURSEMENT)
                .set(DISBURSEMENT.ACCOUNT_VERSION, DISBURSEMENT.FA_VERSION)
                .set(DISBURSEMENT.STATE, "received")
                .set(DISBURSEMENT.REASON, "")
                .where(waiting(decision.subject()))
                .returningResult(DISBURSEMENT.ID, DISBURSEMENT.FA_VERSION)
                .fetch()
                .sortAsc(DISBURSEMENT.ID, AcceptAccounts::asTheDatabase)
                .forEach(row -> taken.add(row.value1(), row.value2()));
        // One that began to wait after the check was in nobody's view.
        if (!text(taken).equals(decision.detail())) {
            throw Envelopes.notPossible("a payment began to wait a moment ago; look at them, and ask anew");
        }
        Envelopes.processAgain(
                tx, Envelopes.locked(tx, decision.subject(), State.FUNDED, State.DISPATCHED), confirming);
    }

    @Override
    public Sight sight(Decision decision) {
        EnvelopeRecord envelope = database.sql().fetchSingle(ENVELOPE, ENVELOPE.ID.eq(decision.subject()));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Envelope", envelope.getProgrammeName() + ", " + envelope.getCycleCode());
        database.sql()
                .select(count(), sum(DISBURSEMENT.AMOUNT_MINOR), countDistinct(DISBURSEMENT.FA_HASH))
                .from(DISBURSEMENT)
                .where(waiting(decision.subject()))
                .forEach(row -> {
                    facts.put("Payments", row.value1().toString());
                    facts.put(
                            "Amount",
                            Money.of(row.value2() == null ? 0 : row.value2().longValueExact(), envelope.getCurrency())
                                    .toString());
                    facts.put("Different accounts", row.value3().toString());
                });
        return new Sight(
                "/envelopes/" + decision.subject() + "?f.state=unresolved&f.reason=" + AcceptAccount.CHANGED,
                facts,
                List.of(
                        "The payments go to the accounts as they are now. Fewer accounts than payments mean that one account"
                                + " receives the money of several people."));
    }
}
