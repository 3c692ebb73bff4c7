package org.annona.exchange;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum ExchangePermission implements Permission {
    MANAGE("exchange.manage", "manage partners and keys", Set.of(Role.ADMINISTRATOR)),
    VIEW("exchange.view", "see partners and their traffic", Set.of(Role.ADMINISTRATOR, Role.AUDITOR));

    private final String code;
    private final String words;
    private final Set<Role> roles;

    ExchangePermission(String code, String words, Set<Role> roles) {
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
