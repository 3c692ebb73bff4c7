package org.annona.access;

import java.util.Set;

/** What may be done in this block. */
public enum AccessPermission implements Permission {
    MANAGE_USERS(Role.ADMINISTRATOR),
    MANAGE_ORGANISATIONS(Role.ADMINISTRATOR),
    MANAGE_ROLES(Role.ADMINISTRATOR),
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

    /** With each of these, somebody could make a second user and accept alone what takes two, or become another user. */
    @Override
    public boolean sensitive() {
        return switch (this) {
            case MANAGE_USERS, MANAGE_ORGANISATIONS, MANAGE_ROLES, ACCEPT_RESETS -> true;
            case VIEW_USERS, VIEW_AUDIT, VIEW_JOBS, OPERATE -> false;
        };
    }

    @Override
    public boolean ofInstallation() {
        return this == MANAGE_ORGANISATIONS || this == MANAGE_ROLES;
    }
}
