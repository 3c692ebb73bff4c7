package org.annona.payments;

import java.time.LocalDate;

/**
 * An announced set of payments.
 *
 * @param key the sender's, never used for anything else
 * @param digest over the lines in the order of their keys, see {@link PaymentLine}
 * @param preparedBy who made the list, who approved it and who released it: three different people
 */
public record PaymentOrder(
        String key,
        String programmeCode,
        String programmeName,
        String cycleCode,
        String currency,
        long count,
        long totalMinor,
        byte[] digest,
        LocalDate payOn,
        String preparedBy,
        String approvedBy,
        String releasedBy) {}
