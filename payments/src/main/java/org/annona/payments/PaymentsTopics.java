package org.annona.payments;

/** Topics of the messages of this block. */
public final class PaymentsTopics {

    /** Payments changed. The message says no more; the feed tells which. */
    public static final String CHANGED = "payments.changed";

    private PaymentsTopics() {}
}
