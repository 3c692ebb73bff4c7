package org.annona.access;

import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.problem.Refusal;

/** Refusals of this block. */
public enum AccessProblem implements ProblemCode {
    NOT_PERMITTED(Refusal.FORBIDDEN),
    LOGIN_REFUSED(Refusal.UNAUTHENTICATED),
    LOGIN_THROTTLED(Refusal.THROTTLED),
    HOST_UNKNOWN(Refusal.MISDIRECTED),
    USER_EXISTS(Refusal.CONFLICT),
    USER_UNKNOWN(Refusal.NOT_FOUND),
    NAME_UNFIT(Refusal.INVALID),
    PASSWORD_WEAK(Refusal.INVALID),
    LAST_ADMINISTRATOR(Refusal.CONFLICT),
    NO_ADMINISTRATOR(Refusal.CONFLICT),
    RESET_CODE_UNFIT(Refusal.INVALID),
    RESET_OWN(Refusal.CONFLICT),
    RESET_OVER(Refusal.CONFLICT),
    OWN_ROLES(Refusal.CONFLICT),
    LAST_OF_ORGANISATION(Refusal.CONFLICT),
    USER_OF_OTHERS(Refusal.CONFLICT),
    OTHER_ORGANISATION(Refusal.CONFLICT),
    GRANT_EXISTS(Refusal.CONFLICT),
    GRANT_OVER(Refusal.NOT_FOUND),
    SECOND_ADMINISTRATOR(Refusal.CONFLICT),
    PERMISSIONS_CONFLICT(Refusal.CONFLICT),
    ROLE_UNKNOWN(Refusal.NOT_FOUND),
    ROLE_UNFIT(Refusal.INVALID),
    ROLE_EXISTS(Refusal.CONFLICT),
    ROLE_BUILT_IN(Refusal.CONFLICT),
    ROLE_RETIRED(Refusal.CONFLICT),
    ROLE_HELD(Refusal.CONFLICT),
    ROLE_WIDENED(Refusal.CONFLICT),
    ORGANISATION_UNKNOWN(Refusal.NOT_FOUND),
    ORGANISATION_UNFIT(Refusal.INVALID),
    ORGANISATION_EXISTS(Refusal.CONFLICT),
    ORGANISATION_FIRST(Refusal.CONFLICT),
    ORGANISATION_IN_USE(Refusal.CONFLICT),
    ORGANISATION_INACTIVE(Refusal.CONFLICT),
    NOT_ACTING(Refusal.CONFLICT);

    private final Refusal refusal;

    AccessProblem(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    public String block() {
        return "access";
    }

    @Override
    public Refusal refusal() {
        return refusal;
    }
}
