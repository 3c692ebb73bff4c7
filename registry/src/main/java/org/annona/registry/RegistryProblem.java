package org.annona.registry;

import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.problem.Refusal;

/** Refusals of this block. */
public enum RegistryProblem implements ProblemCode {
    FILE_EMPTY(Refusal.INVALID),
    FILE_NOT_TEXT(Refusal.INVALID),
    FILE_TOO_LARGE(Refusal.TOO_LARGE),
    FILE_HEADER_UNFIT(Refusal.INVALID),
    FILE_ENCODING_UNKNOWN(Refusal.INVALID),
    COLUMN_MISSING(Refusal.INVALID),
    COLUMN_TWICE(Refusal.INVALID),
    SOURCE_UNKNOWN(Refusal.NOT_FOUND),
    SOURCE_UNFIT(Refusal.INVALID),
    SOURCE_EXISTS(Refusal.CONFLICT),
    SOURCE_ELSEWHERE(Refusal.CONFLICT),
    SOURCE_REFUSES(Refusal.COUNTERPART_REFUSES),
    PULL_UNKNOWN(Refusal.NOT_FOUND),
    PULL_UNFIT(Refusal.INVALID),
    PULL_EXISTS(Refusal.CONFLICT),
    PROGRAMMES_BEHIND(Refusal.CONFLICT),
    PULL_UNDER_WAY(Refusal.CONFLICT),
    SAME_PERSON(Refusal.FORBIDDEN),
    IMPORT_NOT_READY(Refusal.CONFLICT),
    AREA_FILE_UNFIT(Refusal.INVALID),
    PERSON_UNKNOWN(Refusal.NOT_FOUND),
    HOUSEHOLD_UNKNOWN(Refusal.NOT_FOUND),
    DEATH_NOT_RECORDABLE(Refusal.CONFLICT),
    FILTER_REFUSED(Refusal.INVALID),
    RETIRED_IDENTIFIER_NOT_RESTORABLE(Refusal.CONFLICT),
    CONSENT_UNFIT(Refusal.INVALID),
    REASON_UNFIT(Refusal.INVALID),
    QUOTA_USED(Refusal.QUOTA_USED),
    REASON_MISSING(Refusal.INVALID);

    private final Refusal refusal;

    RegistryProblem(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    public String block() {
        return "registry";
    }

    @Override
    public Refusal refusal() {
        return refusal;
    }
}
