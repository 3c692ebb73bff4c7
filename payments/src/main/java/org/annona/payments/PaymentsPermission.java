package org.annona.payments;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum PaymentsPermission implements Permission {
    VIEW(
            "payments.view",
            "see payments, funds and the ledger",
            Set.of(Role.FINANCE_OFFICER, Role.AUDITOR, Role.PROGRAMME_MANAGER, Role.APPROVER)),
    FUND("payments.fund", "announce funds", Set.of(Role.FINANCE_OFFICER)),
    OPERATE("payments.operate", "act on payments that failed or are unknown", Set.of(Role.FINANCE_OFFICER)),
    STATEMENTS("payments.statements", "take in bank statements", Set.of(Role.FINANCE_OFFICER));

    private final String code;
    private final String words;
    private final Set<Role> roles;

    PaymentsPermission(String code, String words, Set<Role> roles) {
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
