package org.annona.exchange;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum ExchangePermission implements Permission {
    MANAGE(Role.ADMINISTRATOR),
    VIEW(Role.ADMINISTRATOR, Role.AUDITOR);

    private final Set<Role> roles;

    ExchangePermission(Role... roles) {
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return "exchange";
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }

    /** Decides which partner learns what about people. */
    @Override
    public boolean sensitive() {
        return this == MANAGE;
    }
}
