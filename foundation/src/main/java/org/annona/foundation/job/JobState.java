package org.annona.foundation.job;

/** Where a job stands. WAITING means that it goes on by itself at a later time, for the reason in its message. */
public enum JobState {
    QUEUED,
    RUNNING,
    WAITING,
    DONE,
    FAILED,
    CANCELLED;

    static JobState of(org.annona.foundation.internal.tables.states.JobState stored) {
        return valueOf(stored.name());
    }

    org.annona.foundation.internal.tables.states.JobState stored() {
        return org.annona.foundation.internal.tables.states.JobState.valueOf(name());
    }

    /** For addresses and pages. */
    public String code() {
        return stored().code();
    }

    public boolean isEnded() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }
}
