package org.annona.interop.message;

import java.util.Optional;

/** The fourteen codes of DCI for a message that is refused as a whole. Partners use further ones; these we send. */
public enum ErrorCode {
    BAD_REQUEST("err.request.bad"),
    UNAUTHORIZED("err.request.unauthorized"),
    FORBIDDEN("err.request.forbidden"),
    NOT_FOUND("err.request.not_found"),
    TIMEOUT("err.request.timeout"),
    TOO_MANY_REQUESTS("err.request.too_many_requests"),
    VERSION_NOT_SUPPORTED("err.version.not_supported"),
    SENDER_ID_INVALID("err.sender_id.invalid"),
    SENDER_URI_INVALID("err.sender_uri.invalid"),
    RECEIVER_ID_INVALID("err.receiver_id.invalid"),
    SIGNATURE_MISSING("err.signature.missing"),
    SIGNATURE_INVALID("err.signature.invalid"),
    ENCRYPTION_INVALID("err.encryption.invalid"),
    SERVICE_UNAVAILABLE("err.service.unavailable");

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public static Optional<ErrorCode> of(String code) {
        for (ErrorCode known : values()) {
            if (known.code.equals(code)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
