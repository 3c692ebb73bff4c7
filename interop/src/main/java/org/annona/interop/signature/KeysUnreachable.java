package org.annona.interop.signature;

/** The keys of a partner could not be had, so nothing can be said of its signatures. */
public final class KeysUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeysUnreachable(String message) {
        super(message);
    }
}
