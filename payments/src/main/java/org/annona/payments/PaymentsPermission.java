package org.annona.payments;

import java.util.Set;
import org.annona.access.Permission;
import org.annona.access.Role;

/** What may be done in this block. */
public enum PaymentsPermission implements Permission {
    VIEW(Role.FINANCE_OFFICER, Role.AUDITOR, Role.PROGRAMME_MANAGER, Role.APPROVER),
    FUND(Role.FINANCE_OFFICER),
    OPERATE(Role.FINANCE_OFFICER),
    STATEMENTS(Role.FINANCE_OFFICER);

    private final Set<Role> roles;

    PaymentsPermission(Role... roles) {
        this.roles = Set.of(roles);
    }

    @Override
    public String block() {
        return "payments";
    }

    @Override
    public Set<Role> roles() {
        return roles;
    }

    /** Everything but looking concerns money. */
    @Override
    public boolean sensitive() {
        return this != VIEW;
    }
}
