package org.annona.registry;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum RegistryPermission implements Permission {
    VIEW("registry.view", "see people and households (masked)", Set.of(Role.REGISTRAR, Role.AUDITOR)),
    SEARCH("registry.search", "search people by identifier, phone or name", Set.of(Role.REGISTRAR, Role.AUDITOR)),
    REVEAL("registry.reveal", "see personal data of one person in clear", Set.of(Role.REGISTRAR)),
    VIEW_REVEALS("registry.view_reveals", "see who saw whom in clear", Set.of(Role.AUDITOR)),
    EDIT("registry.edit", "change people and households", Set.of(Role.REGISTRAR)),
    RESTORE("registry.restore", "give back identifiers that were taken away", Set.of(Role.ADMINISTRATOR)),
    IMPORT("registry.import", "import people", Set.of(Role.REGISTRAR)),
    EDIT_SOURCES("registry.edit_sources", "set up other registries as sources", Set.of(Role.ADMINISTRATOR)),
    EDIT_AREAS("registry.edit_areas", "load areas", Set.of(Role.REGISTRAR, Role.ADMINISTRATOR));

    private final String code;
    private final String words;
    private final Set<Role> roles;

    RegistryPermission(String code, String words, Set<Role> roles) {
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
