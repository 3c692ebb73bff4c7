package org.annona.programs.cycle;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One round of payments of a programme.
 *
 * @param version of the terms by which it is computed
 * @param asOf the day whose truth is frozen in the roster
 * @param households on the roster
 * @param payable households that receive money; while accounts wait, those with an amount
 * @param concerns lines with a new or a shared account
 * @param closedAt when it ended, also by being cancelled
 */
public record Cycle(
        UUID id,
        UUID programmeId,
        String programmeCode,
        String programmeName,
        String currency,
        int version,
        String code,
        LocalDate asOf,
        LocalDate payOn,
        State state,
        byte @Nullable [] digest,
        byte @Nullable [] linesDigest,
        long households,
        long payable,
        long concerns,
        long totalMinor,
        Summary summary,
        String paymentState,
        String paymentNote,
        String openedBy,
        Instant openedAt,
        @Nullable Instant closedAt,
        @Nullable String cancelledBy,
        String cancelReason) {

    /**
     * PLANNED: the roster is being frozen; FROZEN: amounts are being computed; ACCOUNTS: new and shared
     * accounts wait to be accepted; COMPUTED: waits for the approval of the
     * list; LIST_APPROVED: waits for its release; RELEASED: with the payments; CLOSED: every payment is final.
     */
    public enum State {
        PLANNED,
        FROZEN,
        ACCOUNTS,
        COMPUTED,
        LIST_APPROVED,
        RELEASED,
        CLOSED,
        CANCELLED
    }

    /**
     * What an approver looks at before anything else.
     *
     * @param held households that are not paid, by reason
     * @param joined on this roster and not on the one before
     * @param left on the roster before and not on this one
     * @param changed on both, with another amount
     */
    public record Summary(
            Map<String, Long> held,
            long nil,
            @Nullable String previousCode,
            long previousPayable,
            long previousTotalMinor,
            long joined,
            long left,
            long changed,
            @Nullable Long smallest,
            @Nullable Long lowerQuartile,
            @Nullable Long median,
            @Nullable Long upperQuartile,
            @Nullable Long largest) {

        static final Summary NONE = new Summary(Map.of(), 0, null, 0, 0, 0, 0, 0, null, null, null, null, null);

        public long heldTotal() {
            return held.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
