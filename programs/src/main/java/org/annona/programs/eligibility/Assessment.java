package org.annona.programs.eligibility;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a programme's rule over the whole population.
 *
 * @param enrolledAlready eligible households that are in the programme, in whatever state
 * @param leftBefore eligible households that left or were rejected; enrolment does not touch them
 * @param costMinor what one cycle would cost for the eligible households that are in it then, in minor units
 */
public record Assessment(
        UUID id,
        UUID programmeId,
        int version,
        LocalDate asOf,
        State state,
        long eligible,
        long notEligible,
        long unknown,
        long enrolledAlready,
        long leftBefore,
        long costMinor,
        String createdBy,
        Instant createdAt,
        @Nullable Instant endedAt) {

    public enum State {
        RUNNING,
        DONE,
        ENROLLED
    }

    public long total() {
        return eligible + notEligible + unknown;
    }

    /** Whom enrolment would enrol: those who are new, and those who applied. */
    public long newlyEligible() {
        return eligible - enrolledAlready - leftBefore;
    }

    /** Why households are unknown: an attribute without value, and how many lack it. */
    public record MissingAttribute(String path, String label, String source, long households) {}

    /** How a part of the rule divides the population. */
    public record PartResult(String reading, long fulfilled, long notFulfilled, long unknown) {}

    /** A decision on one household with the values it was made on. */
    public record Decision(
            UUID subjectId,
            String subjectRef,
            String outcome,
            List<PartOutcome> parts,
            List<String> missing,
            @Nullable Long amountMinor,
            String seen) {}

    public record PartOutcome(String reading, @Nullable Boolean fulfilled) {}
}
