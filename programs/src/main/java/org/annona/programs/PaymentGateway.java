package org.annona.programs;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.annona.foundation.feed.FeedPart;
import org.jspecify.annotations.Nullable;

/**
 * Port to the payments. Every call may be repeated with the same keys without further effect. A gateway that does not
 * answer throws; what it has done is asked for afterwards, never assumed.
 */
public interface PaymentGateway {

    /** What may still be committed for payments of a programme on that day, in minor units. */
    Funds fundsOf(String programmeCode, String currency, LocalDate payOn);

    /** Announces an order; its lines follow. */
    void open(Order order);

    /** Hands lines over; the same key again with another content is refused. */
    void deliver(String orderKey, List<Line> lines);

    /** Says that all lines are handed over; refused unless count, sum and digest are as announced. */
    void complete(String orderKey);

    Optional<Progress> progress(String orderKey);

    /** What became of lines, of all orders, since a position. */
    FeedPart<Change> changes(String after, int limit);

    /**
     * @param announcedMinor what was announced besides and has not arrived yet
     * @param announcedSince of the oldest of these announcements; null where nothing is announced
     */
    record Funds(
            long availableMinor,
            long announcedMinor,
            @Nullable Instant announcedSince,
            String currency) {

        /** What nobody has announced yet of an amount that is needed. */
        public long toAnnounce(long neededMinor) {
            return Math.max(0, neededMinor - availableMinor - announcedMinor);
        }
    }

    /**
     * @param key the same for the same cycle, always
     * @param digest over the lines in the order of their keys: key, beneficiary, amount, currency,
     *     version of the account ({@code org.annona.foundation.digest.RowDigest})
     */
    record Order(
            String key,
            String programmeCode,
            String programmeName,
            String cycleCode,
            String currency,
            long lines,
            long totalMinor,
            byte[] digest,
            LocalDate payOn,
            String preparedBy,
            String approvedBy,
            String releasedBy) {}

    /**
     * @param beneficiaryId the person who is paid
     * @param accountVersion of the account that was approved; 0 where none was known. Another version is not paid without a decision
     */
    record Line(String key, UUID beneficiaryId, long amountMinor, int accountVersion) {}

    /** @param closed nothing will change any more, except money that comes back late */
    record Progress(String state, String note, boolean closed) {}

    /**
     * @param status one of the states of an entitlement that is with the payer
     * @param accountVersion of the account that may be paid: that of the order, or the one that was accepted later
     */
    record Change(
            String orderKey,
            String lineKey,
            Status status,
            String reason,
            String reference,
            long settledMinor,
            long returnedMinor,
            int accountVersion) {}

    enum Status {
        INSTRUCTED,
        SETTLED,
        FAILED,
        RETURNED,
        UNKNOWN,
        CANCELLED
    }
}
