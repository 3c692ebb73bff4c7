package org.annona.payments.envelope;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A set of payments that was approved and released as one. */
public record Envelope(
        UUID id,
        String key,
        String programmeCode,
        String programmeName,
        String cycleCode,
        String currency,
        long declaredCount,
        long declaredMinor,
        byte[] digest,
        LocalDate payOn,
        String preparedBy,
        String approvedBy,
        String releasedBy,
        State state,
        String note,
        Instant createdAt,
        @Nullable Instant closedAt) {

    /**
     * RECEIVING until all lines are here and match; then addresses are resolved (RECEIVED), funds reserved
     * (WAITING_FOR_FUNDS, FUNDED), payments sent (DISPATCHED), and everything is final (CLOSED).
     */
    public enum State {
        RECEIVING,
        RECEIVED,
        WAITING_FOR_FUNDS,
        FUNDED,
        DISPATCHED,
        CLOSED
    }
}
