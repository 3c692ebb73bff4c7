package org.annona.registry;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of an {@link IssuedToken}.
 *
 * @param other who holds the token already, for {@link Kind#OF_ANOTHER}
 */
public record TokenOutcome(Kind kind, @Nullable UUID other) {

    /** In each case but the first nothing was changed. */
    public enum Kind {
        STORED,
        /** She has exactly this token. */
        HELD_ALREADY,
        OF_ANOTHER,
        /** She has a different one. */
        DIFFERS,
        /** She is deceased, inactive or merged. */
        PERSON_GONE,
        /** The identifier that was shown is hers no more. */
        IDENTIFIER_GONE,
        MALFORMED
    }
}
