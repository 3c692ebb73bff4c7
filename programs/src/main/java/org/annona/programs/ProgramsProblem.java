package org.annona.programs;

import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.problem.Refusal;

/** Refusals of this block. */
public enum ProgramsProblem implements ProblemCode {
    PROGRAMME_UNKNOWN(Refusal.NOT_FOUND),
    PROGRAMME_CODE_TAKEN(Refusal.CONFLICT),
    PROGRAMME_NOT_READY(Refusal.CONFLICT),
    NOT_AUTHOR(Refusal.FORBIDDEN),
    TERMS_UNFIT(Refusal.INVALID),
    ASSESSMENT_UNKNOWN(Refusal.NOT_FOUND),
    ASSESSMENT_OUTDATED(Refusal.CONFLICT),
    ENROLMENT_UNKNOWN(Refusal.NOT_FOUND),
    TRANSITION_NOT_ALLOWED(Refusal.CONFLICT),
    STEP_MISSING(Refusal.INVALID),
    DUPLICATE_UNDECIDED(Refusal.CONFLICT),
    END_NEEDS_TWO(Refusal.CONFLICT),
    END_ASKED(Refusal.CONFLICT),
    END_UNKNOWN(Refusal.NOT_FOUND),
    CYCLE_UNKNOWN(Refusal.NOT_FOUND),
    CYCLE_CODE_TAKEN(Refusal.CONFLICT),
    CYCLE_NOT_READY(Refusal.CONFLICT),
    CYCLE_UNFIT(Refusal.INVALID),
    ACCOUNTS_TOO_MANY(Refusal.CONFLICT),
    ACCOUNTS_CHANGED(Refusal.CONFLICT),
    NOBODY_TO_PAY(Refusal.CONFLICT),
    REQUEST_UNKNOWN(Refusal.NOT_FOUND),
    REQUEST_ENDED(Refusal.CONFLICT),
    STAGE_PASSED(Refusal.CONFLICT),
    OWN_WORK(Refusal.FORBIDDEN),
    TWO_STAGES(Refusal.FORBIDDEN),
    DIGEST_CHANGED(Refusal.CONFLICT),
    TAMPERED(Refusal.CONFLICT),
    FUNDS_SHORT(Refusal.CONFLICT),
    PAYMENTS_SILENT(Refusal.UNAVAILABLE),
    DUPLICATION_SOURCE_UNFIT(Refusal.INVALID),
    DUPLICATION_SOURCE_UNKNOWN(Refusal.NOT_FOUND),
    DUPLICATION_LIST_MISSING(Refusal.CONFLICT),
    DUPLICATION_QUESTION_UNFIT(Refusal.INVALID),
    DUPLICATION_ANSWERS_LATER(Refusal.CONFLICT),
    DUPLICATION_SOURCE_SILENT(Refusal.CONFLICT),
    DUPLICATION_REVIEW_UNFIT(Refusal.CONFLICT),
    REASON_MISSING(Refusal.INVALID);

    private final Refusal refusal;

    ProgramsProblem(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    public String block() {
        return "programs";
    }

    @Override
    public Refusal refusal() {
        return refusal;
    }
}
