package org.annona.registry;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum RegistryPermission implements Permission {
    VIEW(Role.REGISTRAR, Role.AUDITOR),
    SEARCH(Role.REGISTRAR, Role.AUDITOR),
    REVEAL(Role.REGISTRAR),
    VIEW_REVEALS(Role.AUDITOR),
    EDIT(Role.REGISTRAR),
    RESTORE(Role.ADMINISTRATOR),
    IMPORT(Role.REGISTRAR),
    EDIT_SOURCES(Role.ADMINISTRATOR),
    EDIT_AREAS(Role.REGISTRAR, Role.ADMINISTRATOR);

    private final Set<Role> roles;

    RegistryPermission(Role... roles) {
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return "registry";
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }

    /** Shows or changes what is known of people. */
    @Override
    public boolean sensitive() {
        return this == REVEAL || this == EDIT || this == IMPORT || this == RESTORE;
    }
}
