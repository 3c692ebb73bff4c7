package org.annona.interop.encryption;

/** An encrypted message that cannot be read here: {@code err.encryption.invalid}. The text is fit for the partner. */
public final class UndecryptableMessage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UndecryptableMessage(String message) {
        super(message);
    }
}
