package org.annona.interop.record;

import java.util.Locale;
import java.util.Optional;
import org.annona.interop.message.LocalName;

/** Of a beneficiary, by the list of the integrated beneficiary registry. */
public enum EnrollmentStatus {
    ACTIVE("1", "active"),
    DECEASED("2", "deceased"),
    GRADUATED("3", "graduated"),
    SUSPENDED("4", "suspended");

    private final String code;
    private final String label;

    EnrollmentStatus(String code, String label) {
        this.code = code;
        this.label = label;
    }

    public String code() {
        return code;
    }

    /** By code or label, with or without prefix; empty for what is not on the list, which is never guessed (R13.7). */
    public static Optional<EnrollmentStatus> of(String text) {
        String local = LocalName.of(text).toLowerCase(Locale.ROOT);
        for (EnrollmentStatus status : values()) {
            if (local.equals(status.code) || local.equals(status.label)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
