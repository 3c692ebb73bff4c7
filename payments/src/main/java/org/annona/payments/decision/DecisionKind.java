package org.annona.payments.decision;

import java.util.Locale;

/** What two people may decide about money. */
public enum DecisionKind {
    DECLARE_UNPAID("Declare a payment unpaid"),
    REISSUE("Pay a payment again"),
    ACCEPT_ACCOUNT("Pay to a changed account"),
    ACCEPT_ACCOUNTS("Pay to all changed accounts of an envelope"),
    GIVE_BACK("Return money to the fund"),
    EXPLAIN_LINE("Explain a line of a statement"),
    OPENING_BALANCE("Take over the balance of the account"),
    CARRY_OVER("Carry a fund over to the next year");

    private final String words;

    DecisionKind(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DecisionKind of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
