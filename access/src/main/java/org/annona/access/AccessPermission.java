package org.annona.access;

import java.util.Set;

/** What may be done in this block. */
public enum AccessPermission implements Permission {
    MANAGE_USERS("access.manage_users", "manage users", Set.of(Role.ADMINISTRATOR)),
    ACCEPT_RESETS(
            "access.accept_resets",
            "accept that a user resets a forgotten password",
            Set.of(Role.ADMINISTRATOR, Role.AUDITOR)),
    VIEW_USERS("access.view_users", "see the list of users", Set.of(Role.ADMINISTRATOR, Role.AUDITOR)),
    VIEW_AUDIT("access.view_audit", "see the audit trail", Set.of(Role.AUDITOR, Role.ADMINISTRATOR)),
    VIEW_JOBS("access.view_jobs", "see jobs and messages", Set.of(Role.values())),
    OPERATE("access.operate", "stop, resume and retry jobs and messages", Set.of(Role.ADMINISTRATOR));

    private final String code;
    private final String words;
    private final Set<Role> roles;

    AccessPermission(String code, String words, Set<Role> roles) {
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
