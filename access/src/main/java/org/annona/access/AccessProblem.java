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
    OWN_ROLES(Refusal.CONFLICT);

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
