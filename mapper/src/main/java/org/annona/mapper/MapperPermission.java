package org.annona.mapper;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum MapperPermission implements Permission {
    VIEW(Role.FINANCE_OFFICER, Role.AUDITOR);

    private final Set<Role> roles;

    MapperPermission(Role... roles) {
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return "mapper";
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }
}
