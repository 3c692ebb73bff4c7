package org.annona.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user as the list shows it.
 *
 * @param hasPassword false until the user has chosen the first one
 * @param passwordResetAt until the user has been told of it
 * @param passwordResetBy who accepted that reset
 */
public record UserAccount(
        String name,
        String displayName,
        Set<Role> roles,
        boolean enabled,
        boolean hasPassword,
        boolean mustChangePassword,
        @Nullable Instant lastLoginAt,
        @Nullable Instant passwordResetAt,
        @Nullable String passwordResetBy) {

    /** Something that the user has to read or to do before anything else. */
    public boolean isHeldUp() {
        return mustChangePassword || passwordResetAt != null;
    }

    public Actor actor() {
        return new Actor(name, displayName, roles);
    }
}
