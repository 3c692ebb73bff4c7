package org.annona.simulators.bank;

import java.time.LocalDate;
import java.util.List;

/**
 * A movement on the customer's account.
 *
 * @param reference the customer's; of a batch the id of its message
 * @param returnReason code where money comes back, or an empty text
 * @param payments of a batch
 */
record Entry(
        long number,
        LocalDate day,
        Kind kind,
        long amountMinor,
        String reference,
        String returnReason,
        List<Payment> payments) {

    enum Kind {
        DEPOSIT,
        PAYMENT,
        BATCH,
        BATCH_WITH_DETAILS,
        BATCH_REVERSAL,
        RETURN,
        /** Of a payment, by the bank itself. */
        REVERSAL,
        FEE,
        /** A fee that nothing marks as one. */
        UNMARKED_FEE;

        boolean credit() {
            return this == DEPOSIT || this == RETURN || this == REVERSAL || this == BATCH_REVERSAL;
        }
    }

    Entry(LocalDate day, Kind kind, long amountMinor, String reference) {
        this(0, day, kind, amountMinor, reference, "", List.of());
    }

    Entry numbered(long given) {
        return new Entry(given, day, kind, amountMinor, reference, returnReason, payments);
    }

    boolean credit() {
        return kind.credit();
    }

    long movementMinor() {
        return credit() ? amountMinor : -amountMinor;
    }
}
