package org.annona.tokens;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum TokensPermission implements Permission {
    VIEW(
            "tokens.view",
            "see token connectors and what became of people",
            Set.of(Role.ADMINISTRATOR, Role.REGISTRAR, Role.AUDITOR)),
    CONFIGURE("tokens.configure", "change token connectors and rules", Set.of(Role.ADMINISTRATOR)),
    OPERATE(
            "tokens.operate",
            "start and stop token connectors, try people again, decide cases",
            Set.of(Role.REGISTRAR));

    private final String code;
    private final String words;
    private final Set<Role> roles;

    TokensPermission(String code, String words, Set<Role> roles) {
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
