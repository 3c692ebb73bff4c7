package org.annona.foundation.job;

import java.util.Locale;

/** Where a job stands. WAITING means that it goes on by itself at a later time, for the reason in its message. */
public enum JobState {
    QUEUED,
    RUNNING,
    WAITING,
    DONE,
    FAILED,
    CANCELLED;

    public static JobState of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** As the database has it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isEnded() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }
}
