package org.annona.access;

import java.util.Set;

/** Of blocks that these tests do not have, under the codes that they have there. */
enum TestPermission implements Permission {
    VIEW("registry", false),
    REVEAL("registry", true, Role.REGISTRAR),
    PREPARE("programs", false, Role.PROGRAMME_MANAGER),
    APPROVE("programs", true, Role.APPROVER),
    RELEASE("programs", true, Role.FINANCE_OFFICER);

    private final String block;
    private final boolean sensitive;
    private final Set<Role> roles;

    TestPermission(String block, boolean sensitive, Role... roles) {
        this.block = block;
        this.sensitive = sensitive;
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return block;
    }

    @Override
    public boolean sensitive() {
        return sensitive;
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }

    @Override
    public String words(java.util.Locale language) {
        return name().toLowerCase(language);
    }
}
