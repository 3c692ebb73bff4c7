package org.annona.interop.message;

import java.util.Objects;

/**
 * A message that is refused as a whole. The text is for the partner: it holds no personal data, no secrets, nothing of the
 * inside of this program (DCI reference R4.4).
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int OK = 200;
    private static final int LONGEST_TEXT = 999;

    private final int status;
    private final ErrorCode code;

    private Refusal(int status, ErrorCode code, String text) {
        super(text.substring(0, Math.min(text.length(), LONGEST_TEXT)), null, false, false);
        this.status = status;
        this.code = code;
    }

    /** Refused within the protocol: HTTP 200, {@code ack_status} ERR. */
    public static Refusal of(ErrorCode code, String text) {
        return new Refusal(OK, code, text);
    }

    /** The same, with the finer reason before the text. */
    public static Refusal of(ReasonCode reason, String text) {
        return new Refusal(OK, ErrorCode.BAD_REQUEST, reason.code() + ": " + text);
    }

    /** Refused before the protocol begins. @param status of HTTP, 4xx or 5xx */
    public static Refusal http(int status, ErrorCode code, String text) {
        return new Refusal(status, code, text);
    }

    public int status() {
        return status;
    }

    public ErrorCode code() {
        return code;
    }

    public String text() {
        return Objects.requireNonNull(getMessage());
    }
}
