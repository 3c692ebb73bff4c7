package org.annona.payments.statement;

import java.time.LocalDate;
import java.util.List;

/**
 * A statement of the bank as it was read.
 *
 * @param sequence rises by one from statement to statement of an account
 */
public record StatementFile(
        String account,
        String id,
        long sequence,
        LocalDate day,
        String currency,
        long openingMinor,
        long closingMinor,
        List<Line> lines) {

    public StatementFile {
        lines = List.copyOf(lines);
    }

    /**
     * @param credit money came in; otherwise it went out
     * @param reference end-to-end id, or an empty text
     * @param returnReason code of the bank where money came back, or an empty text
     * @param charge the bank took it for its service
     */
    public record Line(
            boolean credit,
            long amountMinor,
            String reference,
            String bankReference,
            String returnReason,
            boolean charge,
            LocalDate bookedOn) {

        Line bookedOn(LocalDate day) {
            return new Line(credit, amountMinor, reference, bankReference, returnReason, charge, day);
        }
    }

    /** What came in less what went out. */
    public long movementMinor() {
        long sum = 0;
        for (Line line : lines) {
            sum = Math.addExact(sum, line.credit() ? line.amountMinor() : -line.amountMinor());
        }
        return sum;
    }
}
