package org.annona.payments;

import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.problem.Refusal;

/** Refusals of this block. */
public enum PaymentsProblem implements ProblemCode {
    ORDER_UNFIT(Refusal.INVALID),
    ORDER_CONFLICT(Refusal.CONFLICT),
    LINE_CONFLICT(Refusal.CONFLICT),
    INTAKE_CLOSED(Refusal.CONFLICT),
    TOTALS_DIFFER(Refusal.CONFLICT),
    ENVELOPE_UNKNOWN(Refusal.NOT_FOUND),
    DISBURSEMENT_UNKNOWN(Refusal.NOT_FOUND),
    NOT_POSSIBLE(Refusal.CONFLICT),
    SAME_PERSON(Refusal.FORBIDDEN),
    DECISION_OPEN(Refusal.CONFLICT),
    LINE_UNKNOWN(Refusal.NOT_FOUND),
    DECISION_UNKNOWN(Refusal.NOT_FOUND),
    NOT_BOOKED_YET(Refusal.CONFLICT),
    ADDRESS_BOOK_SILENT(Refusal.UNAVAILABLE),
    BANK_SILENT(Refusal.UNAVAILABLE),
    STATEMENT_UNREADABLE(Refusal.INVALID),
    STATEMENT_GAP(Refusal.CONFLICT),
    STATEMENT_REPEATED(Refusal.CONFLICT),
    STATEMENT_OPENING(Refusal.CONFLICT),
    STATEMENT_CURRENCY(Refusal.CONFLICT),
    STATEMENT_FOREIGN(Refusal.CONFLICT),
    STATEMENTS_FROM_BANK(Refusal.CONFLICT),
    FUNDING_UNFIT(Refusal.INVALID),
    REASON_MISSING(Refusal.INVALID);

    private final Refusal refusal;

    PaymentsProblem(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    public String block() {
        return "payments";
    }

    @Override
    public Refusal refusal() {
        return refusal;
    }
}
