package org.annona.programs.duplication;

import java.util.Locale;

/** How a registry is asked. */
public enum CheckMode {
    AT_ONCE("by identifiers, and it answers at once"),
    LATER("by identifiers, and it answers later, by callback"),
    BLIND("blindly: another Annona installation does not learn whom we ask for");

    private final String label;

    CheckMode(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CheckMode of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
