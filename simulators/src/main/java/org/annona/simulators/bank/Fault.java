package org.annona.simulators.bank;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the bank can do wrong. The name of a switch is that of the constant, as in {@code debitedTwice}. */
enum Fault {
    // Messages: the answer is lost, or wrong.
    SILENT_AFTER_ACCEPTING,
    ERROR_AFTER_ACCEPTING,
    ERROR_BEFORE_ACCEPTING,
    GARBAGE_AFTER_ACCEPTING,
    CALLED_REPETITION,
    FIRST_REJECTED_LAST_LEFT_OUT,
    FIRST_REJECTED,
    ALL_REJECTED,
    PAID_TWICE,
    /** One entry for all payments of the message, and no word about them but the id and number of the message. */
    BATCH_BOOKED(Book.Manner.AS_BATCH),
    /** One entry for all payments of the message, which lists them. */
    BATCH_BOOKED_WITH_DETAILS(Book.Manner.AS_BATCH_WITH_DETAILS),
    /** Two such entries without details; the second one is reversed on the next day. */
    BATCH_BOOKED_TWICE(Book.Manner.AS_BATCH_TWICE),
    /** As the one before, and reversed on the same day. */
    BATCH_BOOKED_TWICE_WITHIN_DAY(Book.Manner.AS_BATCH_TWICE_WITHIN_DAY),
    /** One such entry without details, which is reversed on the next day. */
    BATCH_REVERSED(Book.Manner.AS_BATCH_REVERSED),

    // Payments that are booked.
    DEBITED_TWICE(Mishap.DEBITED_TWICE),
    DEBITED_TWICE_WITHIN_DAY(Mishap.DEBITED_TWICE_WITHIN_DAY),
    REVERSED(Mishap.REVERSED),
    WRONG_AMOUNT(Mishap.WRONG_AMOUNT),
    RETURNED(Mishap.RETURNED),
    RETURNED_BEFORE_DEBIT(Mishap.RETURNED_BEFORE_DEBIT),
    RETURNED_IN_PART(Mishap.RETURNED_IN_PART),
    CHARGED(Mishap.CHARGED),
    CHARGED_UNMARKED(Mishap.CHARGED_UNMARKED),
    CHARGED_UNDER_REFERENCE(Mishap.CHARGED_UNDER_REFERENCE),

    // Days: their movements are given in an unusual way.
    /** Two statements of one day. */
    STATEMENTS_SPLIT,
    /** Two pages of one statement. */
    STATEMENTS_IN_PAGES,
    /** Not before another day has ended. */
    STATEMENTS_LATE,

    // Requests for a statement.
    /** The one before is given again, with another time and message id. */
    STATEMENTS_REPEATED,
    /** It says that it opens with more than the last one closed with. */
    WRONG_OPENING;

    private final Book.@Nullable Manner manner;
    private final @Nullable Mishap mishap;

    Fault() {
        this(null, null);
    }

    Fault(Book.Manner manner) {
        this(manner, null);
    }

    Fault(Mishap mishap) {
        this(null, mishap);
    }

    Fault(Book.@Nullable Manner manner, @Nullable Mishap mishap) {
        this.manner = manner;
        this.mishap = mishap;
    }

    /** How the payments of a message are booked, or null where the fault is about something else. */
    Book.@Nullable Manner manner() {
        return manner;
    }

    /** What happens to a payment, or null where the fault is not about single payments. */
    @Nullable
    Mishap mishap() {
        return mishap;
    }

    static Fault of(String name) {
        String constant = name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(fault -> fault.name().equals(constant))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such fault: " + name));
    }
}
