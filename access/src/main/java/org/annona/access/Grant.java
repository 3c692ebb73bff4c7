package org.annona.access;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A role of a user in an organisation.
 *
 * @param organisation its id, with its code and name beside
 * @param active whether anybody may act for the organisation
 * @param title of the role
 * @param permissions of an own role, by their codes
 * @param acceptedBy null where it waits for a second administrator, or needs none
 * @param enabled whether the user may log in
 */
public record Grant(
        UUID id,
        String user,
        short organisation,
        String organisationCode,
        String organisationName,
        boolean active,
        String role,
        String title,
        boolean builtIn,
        Set<String> permissions,
        String grantedBy,
        Instant grantedAt,
        @Nullable String acceptedBy,
        @Nullable Instant acceptedAt,
        boolean inForce,
        boolean enabled) {

    public boolean gives(Role wanted) {
        return role.equals(wanted.code());
    }
}
