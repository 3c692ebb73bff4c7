package org.annona.programs.approval;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that was prepared and waits for, or had, its decisions.
 *
 * @param subjectId the programme or the cycle
 * @param digest of exactly what is decided on
 */
public record ApprovalRequest(
        UUID id,
        Kind kind,
        UUID programmeId,
        UUID subjectId,
        int version,
        String title,
        byte[] digest,
        State state,
        String preparedBy,
        Instant preparedAt,
        @Nullable Instant endedAt,
        List<Vote> votes) {

    public enum Kind {
        PROGRAMME_VERSION,
        CYCLE
    }

    public enum State {
        OPEN,
        APPROVED,
        REJECTED,
        VOID
    }

    public record Vote(int stage, boolean approved, String voter, String reason, Instant at) {}

    /** The stage that waits for a decision, from 1. */
    public int openStage() {
        return votes.size() + 1;
    }
}
