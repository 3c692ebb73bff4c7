package org.annona.programs.programme;

import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.annona.programs.population.SubjectKind;
import org.jspecify.annotations.Nullable;

/** A programme, as lists and other features need it. */
public record Programme(
        UUID id,
        String code,
        String name,
        Currency currency,
        SubjectKind subject,
        State state,
        @Nullable Integer currentVersion,
        String createdBy,
        Instant createdAt) {

    /** DRAFT until its terms are approved; then ACTIVE. SUSPENDED stops enrolment, new cycles and releases. */
    public enum State {
        DRAFT,
        IN_REVIEW,
        ACTIVE,
        SUSPENDED,
        CLOSED,
        CANCELLED
    }

    /** A version of the terms. Its approver is never its author. */
    public record Version(
            int number,
            ProgrammeTerms terms,
            byte[] digest,
            String author,
            Instant writtenAt,
            @Nullable String approver,
            @Nullable Instant approvedAt) {}
}
