package org.annona.programs;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum ProgramsPermission implements Permission {
    VIEW(
            "programs.view",
            "see programmes, beneficiaries and cycles",
            Set.of(Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER, Role.AUDITOR)),
    PREPARE("programs.prepare", "prepare programmes and cycles", Set.of(Role.PROGRAMME_MANAGER)),
    ENROL("programs.enrol", "enrol households and change their enrolment", Set.of(Role.PROGRAMME_MANAGER)),
    APPROVE("programs.approve", "approve programmes and lists", Set.of(Role.APPROVER)),
    RELEASE("programs.release", "release money", Set.of(Role.FINANCE_OFFICER));

    private final String code;
    private final String words;
    private final Set<Role> roles;

    ProgramsPermission(String code, String words, Set<Role> roles) {
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
