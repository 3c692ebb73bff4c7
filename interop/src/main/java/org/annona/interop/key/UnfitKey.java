package org.annona.interop.key;

/** A key that cannot be used for what it was given for; the message says why and holds nothing of the key. */
public final class UnfitKey extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnfitKey(String message) {
        super(message);
    }
}
