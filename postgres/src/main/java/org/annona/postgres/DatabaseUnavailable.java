package org.annona.postgres;

import org.jspecify.annotations.Nullable;

/** The database cannot be used; the message is one sentence with the remedy, fit to be shown to an operator. */
public class DatabaseUnavailable extends RuntimeException {

    public DatabaseUnavailable(String message) {
        super(message);
    }

    public DatabaseUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
