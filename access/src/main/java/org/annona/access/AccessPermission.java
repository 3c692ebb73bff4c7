package org.annona.access;

import java.util.Set;

/** What may be done in this block. */
public enum AccessPermission implements Permission {
    MANAGE_USERS(Role.ADMINISTRATOR),
    ACCEPT_RESETS(Role.ADMINISTRATOR, Role.AUDITOR),
    VIEW_USERS(Role.ADMINISTRATOR, Role.AUDITOR),
    VIEW_AUDIT(Role.AUDITOR, Role.ADMINISTRATOR),
    VIEW_JOBS(Role.values()),
    OPERATE(Role.ADMINISTRATOR);

    private final Set<Role> roles;

    AccessPermission(Role... roles) {
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return "access";
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }
}
