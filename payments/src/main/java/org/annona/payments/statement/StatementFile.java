package org.annona.payments.statement;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement of the bank as it was read.
 *
 * @param account without blanks
 * @param sequence ElctrncSeqNb: rises by one from statement to statement of an account, and begins again when the bank likes
 * @param legalSequence LglSeqNb
 * @param day of the closing balance
 * @param pending entries that are not booked (PDNG, INFO, FUTR), or that move no money: shown, never booked
 */
public record StatementFile(
        String account,
        String id,
        @Nullable Long sequence,
        @Nullable Long legalSequence,
        LocalDate day,
        String currency,
        long openingMinor,
        long closingMinor,
        List<Line> lines,
        List<Line> pending) {

    public StatementFile {
        lines = List.copyOf(lines);
        pending = List.copyOf(pending);
    }

    /**
     * @param credit money came in; otherwise it went out
     * @param reference end-to-end id, or an empty text
     * @param returnReason code of the bank where money came back, or an empty text
     * @param reversal RvslInd: the entry reverses an earlier one
     * @param charge the bank took it for its service
     * @param bundle one booking for several payments without details, or null
     */
    public record Line(
            boolean credit,
            long amountMinor,
            String reference,
            String bankReference,
            String returnReason,
            boolean reversal,
            boolean charge,
            LocalDate bookedOn,
            @Nullable Bundle bundle) {

        /** The same with another reference, where it has none. */
        Line under(String id) {
            return reference.isEmpty()
                    ? new Line(credit, amountMinor, id, bankReference, returnReason, reversal, charge, bookedOn, bundle)
                    : this;
        }
    }

    /**
     * @param messageId PmtInfId or MsgId of the Btch or Refs element, as the bank wrote it (may be empty)
     * @param payments how many payments there are in it; 0 where the bank does not say
     */
    public record Bundle(String messageId, int payments) {}

    /** What came in less what went out. Statements are read only where this fits. */
    public long movementMinor() {
        long sum = 0;
        for (Line line : lines) {
            sum = Math.addExact(sum, line.credit() ? line.amountMinor() : -line.amountMinor());
        }
        return sum;
    }
}
