package org.annona.access;

import java.util.Set;

/**
 * A role that administrators of the installation made.
 *
 * @param permissions by their codes
 */
public record OwnRole(String code, String name, Set<String> permissions) {

    public OwnRole {
        permissions = Set.copyOf(permissions);
    }
}
