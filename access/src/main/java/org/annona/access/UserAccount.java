package org.annona.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user as the list shows it. */
public record UserAccount(
        String name,
        String displayName,
        Set<Role> roles,
        boolean enabled,
        boolean mustChangePassword,
        @Nullable Instant lastLoginAt) {

    public Actor actor() {
        return new Actor(name, displayName, roles);
    }
}
