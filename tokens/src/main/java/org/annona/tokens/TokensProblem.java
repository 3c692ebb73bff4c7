package org.annona.tokens;

import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.problem.Refusal;

/** Refusals of this block. */
public enum TokensProblem implements ProblemCode {
    CONNECTOR_UNFIT(Refusal.INVALID),
    CONNECTOR_UNKNOWN(Refusal.NOT_FOUND),
    CONNECTOR_CHANGED(Refusal.CONFLICT),
    CONNECTOR_NOT_READY(Refusal.CONFLICT),
    PERSON_NOT_SELECTED(Refusal.NOT_FOUND),
    SEEDER_SILENT(Refusal.COUNTERPART_FAILED),
    NO_FORM(Refusal.NOT_FOUND),
    WINDOW_UNFIT(Refusal.INVALID),
    RULE_UNKNOWN(Refusal.NOT_FOUND),
    CASE_DECIDED(Refusal.CONFLICT),
    REASON_MISSING(Refusal.INVALID);

    private final Refusal refusal;

    TokensProblem(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    public String block() {
        return "tokens";
    }

    @Override
    public Refusal refusal() {
        return refusal;
    }
}
