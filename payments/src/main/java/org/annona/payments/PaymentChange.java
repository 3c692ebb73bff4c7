package org.annona.payments;

/**
 * What became of a line of an order.
 *
 * @param accountVersion of the account that may be paid: that of the order, or the one that two people accepted later
 */
public record PaymentChange(
        String orderKey,
        String lineKey,
        Status status,
        String reason,
        String reference,
        long settledMinor,
        long returnedMinor,
        int accountVersion) {

    /** PENDING covers everything before an outcome; UNKNOWN means that the bank has to be asked. */
    public enum Status {
        PENDING,
        UNKNOWN,
        PAID,
        RETURNED,
        REJECTED,
        CANCELLED
    }
}
