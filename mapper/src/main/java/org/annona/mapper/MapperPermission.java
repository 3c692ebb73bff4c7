package org.annona.mapper;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum MapperPermission implements Permission {
    VIEW("mapper.view", "see accounts (masked)", Set.of(Role.FINANCE_OFFICER, Role.AUDITOR));

    private final String code;
    private final String words;
    private final Set<Role> roles;

    MapperPermission(String code, String words, Set<Role> roles) {
        this.code = code;
        this.words = words;
        this.roles = roles;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public String words() {
        return words;
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }
}
