package org.annona.interop.message;

import java.util.Locale;
import java.util.Optional;

/** How far a message or an item of it is. {@link #RECEIVED} and {@link #PENDING} say nothing about what was asked. */
public enum MessageStatus {
    RECEIVED("rcvd"),
    PENDING("pdng"),
    SUCCEEDED("succ"),
    REJECTED("rjct");

    private final String code;

    MessageStatus(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public static Optional<MessageStatus> of(String code) {
        for (MessageStatus status : values()) {
            if (status.code.equals(code.toLowerCase(Locale.ROOT))) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
