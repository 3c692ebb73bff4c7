package org.annona.interop.client;

import java.io.IOException;

/** A registry cannot be asked, because its token server gave no token. The message is for people, without words of theirs. */
public final class NoToken extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean passing;

    /** @param passing whether it may give one soon */
    NoToken(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    public boolean isPassing() {
        return passing;
    }
}
