package org.annona.programs;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum ProgramsPermission implements Permission {
    VIEW(Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR),
    PREPARE(Role.PROGRAMME_MANAGER),
    ENROL(Role.PROGRAMME_MANAGER),
    CHECK_DUPLICATES(Role.PROGRAMME_MANAGER),
    ASK_DUPLICATES(Role.REGISTRAR, Role.PROGRAMME_MANAGER),
    REVIEW_DUPLICATES(Role.APPROVER),
    APPROVE(Role.APPROVER),
    RELEASE(Role.FINANCE_OFFICER);

    private final Set<Role> roles;

    ProgramsPermission(Role... roles) {
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return "programs";
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }

    /** Lets money go out. What is prepared goes through these two. */
    @Override
    public boolean sensitive() {
        return this == APPROVE || this == RELEASE;
    }
}
