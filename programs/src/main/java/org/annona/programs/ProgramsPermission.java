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
    CHECK_DOUBLES(
            "programs.check_doubles",
            "ask other registries whether beneficiaries are assisted there too",
            Set.of(Role.PROGRAMME_MANAGER)),
    ASK_DOUBLES(
            "programs.ask_doubles",
            "ask another registry whether one person is assisted there",
            Set.of(Role.REGISTRAR, Role.PROGRAMME_MANAGER)),
    REVIEW_DOUBLES("programs.review_doubles", "decide whether a match is a double", Set.of(Role.APPROVER)),
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
