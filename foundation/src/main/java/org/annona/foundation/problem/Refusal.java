package org.annona.foundation.problem;

/** Kinds of refusals, with the HTTP status of each and whether the same request may succeed later without any change. */
public enum Refusal {
    INVALID(400, false),
    UNAUTHENTICATED(401, false),
    FORBIDDEN(403, false),
    NOT_FOUND(404, false),
    CONFLICT(409, false),
    /** Another request or process was faster. */
    OVERTAKEN(409, true),
    TOO_LARGE(413, false),
    MISDIRECTED(421, false),
    QUOTA_USED(429, false),
    THROTTLED(429, true),
    FAULT(500, false),
    COUNTERPART_FAILED(502, true),
    COUNTERPART_REFUSES(502, false),
    UNAVAILABLE(503, true),
    STORAGE_FULL(507, true);

    private final int status;
    private final boolean retryable;

    Refusal(int status, boolean retryable) {
        this.status = status;
        this.retryable = retryable;
    }

    public int status() {
        return status;
    }

    public boolean retryable() {
        return retryable;
    }
}
