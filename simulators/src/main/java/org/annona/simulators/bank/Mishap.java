package org.annona.simulators.bank;

/** What happens to a payment that is booked. Whatever a later day brings is brought by the next one. */
enum Mishap {
    NONE,
    /** The bank pays twice, and never notices. */
    PAID_TWICE,
    /** The second debit is reversed on the next day. */
    DEBITED_TWICE,
    /** The second debit is reversed on the same day. */
    DEBITED_TWICE_WITHIN_DAY,
    /** The bank takes its only debit back, as if it had never been made. */
    REVERSED,
    /** A tenth of the amount too much; on the next day that debit is reversed and the right one made. */
    WRONG_AMOUNT,
    /** The bank of the beneficiary sends all of it back. */
    RETURNED,
    /** The money comes back, and only then the books show that it went out. */
    RETURNED_BEFORE_DEBIT,
    /** The bank of the beneficiary sends half of it back. */
    RETURNED_IN_PART,
    /** A fee, marked as one. */
    CHARGED,
    /** A fee that nothing marks as one. */
    CHARGED_UNMARKED,
    /** A fee, marked as one, under the reference of the payment that it was for. */
    CHARGED_UNDER_REFERENCE;

    /** Whether the debit of the payment stands by itself, and not among others in one entry. */
    boolean isBookedAlone() {
        return this == WRONG_AMOUNT || this == RETURNED_BEFORE_DEBIT;
    }

    /** Whether the bank of the beneficiary has all of the money, and may send it back. */
    boolean leavesMoneyOutside() {
        return switch (this) {
            case REVERSED, RETURNED, RETURNED_BEFORE_DEBIT, RETURNED_IN_PART -> false;
            default -> true;
        };
    }
}
