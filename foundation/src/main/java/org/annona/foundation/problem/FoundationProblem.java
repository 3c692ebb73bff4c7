package org.annona.foundation.problem;

/** Refusals that any block may meet. */
public enum FoundationProblem implements ProblemCode {
    NOT_FOUND(Refusal.NOT_FOUND),
    INVALID_INPUT(Refusal.INVALID),
    CHANGED_MEANWHILE(Refusal.OVERTAKEN),
    DATABASE_UNAVAILABLE(Refusal.UNAVAILABLE),
    BUSY(Refusal.UNAVAILABLE),
    REQUEST_UNREADABLE(Refusal.INVALID),
    REQUEST_TOO_LARGE(Refusal.TOO_LARGE),
    DISK_FULL(Refusal.STORAGE_FULL),
    JOB_LEASE_LOST(Refusal.OVERTAKEN),
    JOB_NOT_RESUMABLE(Refusal.CONFLICT),
    WRONG_MASTER_KEY(Refusal.FAULT),
    SEALED_VALUE_DAMAGED(Refusal.FAULT),
    RULE_INVALID(Refusal.INVALID),
    UNEXPECTED(Refusal.FAULT);

    private final Refusal refusal;

    FoundationProblem(Refusal refusal) {
        this.refusal = refusal;
    }

    @Override
    public String block() {
        return "foundation";
    }

    @Override
    public Refusal refusal() {
        return refusal;
    }
}
