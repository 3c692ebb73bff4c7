package org.annona.tokens;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum TokensPermission implements Permission {
    VIEW(Role.ADMINISTRATOR, Role.REGISTRAR, Role.AUDITOR),
    CONFIGURE(Role.ADMINISTRATOR),
    OPERATE(Role.REGISTRAR);

    private final Set<Role> roles;

    TokensPermission(Role... roles) {
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return "tokens";
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }

    /** Decides what about people leaves for a seeder, and sends it. */
    @Override
    public boolean sensitive() {
        return this != VIEW;
    }
}
