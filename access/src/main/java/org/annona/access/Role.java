package org.annona.access;

import java.util.Locale;

/** What a user is in the ministry; a user may be several. What each may do is written beside the operations. */
public enum Role {
    ADMINISTRATOR("Administrator", "users, keys, health of the system; no personal data, no money"),
    REGISTRAR("Registrar", "people, households, imports"),
    PROGRAMME_MANAGER("Programme manager", "programmes, enrolment, cycles"),
    APPROVER("Approver", "approves what a programme manager prepared"),
    FINANCE_OFFICER("Finance officer", "funds, release of money, bank statements"),
    AUDITOR("Auditor", "sees everything masked, changes nothing");

    private final String title;
    private final String duty;

    Role(String title, String duty) {
        this.title = title;
        this.duty = duty;
    }

    public String title() {
        return title;
    }

    public String duty() {
        return duty;
    }

    /** As it is stored and sent. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Role read(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
