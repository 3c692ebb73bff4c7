package org.annona.payments.statement;

import java.util.Locale;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.dispatch.RailReference;
import org.jspecify.annotations.Nullable;

/**
 * What people say a line in suspense is.
 *
 * @param reference of the payment, of the message of which it bundles the payments, or of the announced funds; of a counter line its
 *     statement and number, such as {@code 12/3}; of a payment and the line that gives the difference back both, with a blank between; of
 *     a fund its programme and year, such as {@code FAMILY 2026}; empty for a fee
 */
record Explanation(Kind kind, String reference) {

    enum Kind {
        SETTLEMENT("a payment of ours", false),
        CORRECTED("a payment of ours, debited with too much; another line gives the difference back", false),
        RETURN("money of a payment that came back", true),
        FUNDING("announced funds", true),
        SURRENDER("money of a fund given back to the treasury", false),
        FEE("a fee of the bank, or its correction", null),
        REVERSAL("the reversal of another unexplained line", null);

        private final String words;
        private final @Nullable Boolean credit;

        Kind(String words, @Nullable Boolean credit) {
            this.words = words;
            this.credit = credit;
        }

        String words() {
            return words;
        }

        /** Whether a line in this direction can be that. */
        boolean fits(boolean lineIsCredit) {
            return credit == null || credit == lineIsCredit;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Explanation of(String kind, String reference) {
        Kind known;
        try {
            known = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw Problem.of(PaymentsProblem.NOT_POSSIBLE, "reason", "no explanation was chosen");
        }
        String given = reference.strip();
        if (known == Kind.CORRECTED) {
            int last = given.lastIndexOf(' ');
            String payment = given.substring(0, Math.max(0, last));
            return new Explanation(
                    known, RailReference.read(payment).orElse(payment.strip()) + given.substring(Math.max(0, last)));
        }
        boolean ofRail = known == Kind.SETTLEMENT || known == Kind.RETURN || known == Kind.FUNDING;
        return new Explanation(known, ofRail ? RailReference.read(given).orElse(given) : given);
    }

    /** Of a corrected payment: the payment, or the message. */
    Explanation payment() {
        return new Explanation(Kind.SETTLEMENT, reference.substring(0, Math.max(0, reference.lastIndexOf(' '))));
    }

    /** Of a corrected payment: the line that gives the difference back. */
    Explanation difference() {
        return new Explanation(Kind.REVERSAL, reference.substring(reference.lastIndexOf(' ') + 1));
    }

    /** As it is kept with the decision. */
    String text() {
        return kind.code() + " " + reference;
    }

    static Explanation parse(String text) {
        int blank = text.indexOf(' ');
        return of(text.substring(0, blank), text.substring(blank + 1));
    }
}
