package org.annona.payments.statement;

import static org.annona.payments.statement.BankText.unreadable;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.annona.payments.dispatch.RailReference;
import org.annona.payments.statement.BankText.Amount;
import org.annona.payments.statement.StatementFile.Bundle;
import org.annona.payments.statement.StatementFile.Line;
import org.jspecify.annotations.Nullable;

/** An entry (Ntry) as it stands in the file, before it is checked. */
final class EntryDraft {

    /** Of ISO 20022: charges, fees, and commissions. */
    private static final Set<String> CHARGES = Set.of("CHRG", "FEES", "COMM", "COME", "COMI", "COMT");

    /** Of SWIFT MT940, which many banks write as the proprietary code, with more behind it. */
    private static final Set<String> PROPRIETARY_CHARGES =
            Set.of("NCHG", "FCHG", "NCOM", "FCOM", "CHG", "CHRG", "FEES");

    /** Where money comes back and the bank gives no reason: ISO 20022, not specified by the agent. */
    private static final String NO_REASON = "MS03";

    Amount amount = Amount.MISSING;
    String direction = "";
    String status = "BOOK";
    String bookedOn = "";
    String bankReference = "";
    boolean reversal;
    final Kind kind = new Kind();
    final List<Details> details = new ArrayList<>();

    /** A code of the bank that says what an entry is (BkTxCd). */
    static final class Kind {
        String subFamily = "";
        String proprietary = "";

        boolean isStated() {
            return !subFamily.isEmpty() || !proprietary.isEmpty();
        }

        boolean isCharge() {
            String first = proprietary.toUpperCase(Locale.ROOT).split("[^A-Z]", 2)[0];
            return CHARGES.contains(subFamily) || PROPRIETARY_CHARGES.contains(first);
        }
    }

    /** What is said of one entry in one place (NtryDtls): a batch, its transactions, or both. */
    static final class Details {
        @Nullable
        Part batch;

        final List<Part> transactions = new ArrayList<>();

        /** A batch counts as a whole where its payments are not listed. */
        private List<Part> parts() {
            boolean areListed = transactions.size() > 1 || transactions.size() == 1 && payments() <= 1;
            if (batch == null || areListed) {
                return transactions;
            }
            Part only = transactions.isEmpty() ? new Part() : transactions.getFirst();
            batch.messageId = batch.messageId.isEmpty() ? only.messageId : batch.messageId;
            batch.bankReference = only.bankReference;
            batch.kind.subFamily = only.kind.subFamily;
            batch.kind.proprietary = only.kind.proprietary;
            return List.of(batch);
        }

        private int payments() {
            return batch == null ? 0 : batch.payments;
        }
    }

    /** A transaction (TxDtls), or a batch of which no more is known (Btch). */
    static final class Part {
        boolean isBatch;
        int payments;
        Amount amount = Amount.MISSING;
        Amount transactionAmount = Amount.MISSING;
        String direction = "";
        String messageId = "";
        String reference = "";
        String bankReference = "";
        boolean returned;
        String returnReason = "";
        final Kind kind = new Kind();

        /** The id of our file, where the bank does not name that of the order in it. */
        void ofFile(String id) {
            messageId = messageId.isEmpty() ? id : messageId;
        }

        private String endToEndId() {
            return reference.equalsIgnoreCase("NOTPROVIDED") ? "" : reference;
        }

        /** Of the two amounts that banks write, the one in the currency of the account. */
        private Amount amountIn(String currency) {
            return amount.currency().equals(currency) ? amount : transactionAmount;
        }
    }

    boolean isBooked() {
        return status.equalsIgnoreCase("BOOK") || status.equalsIgnoreCase("BOOKED");
    }

    /**
     * One line; or, where the entry bundles several payments and says what each was, one for each.
     *
     * @param entry its name for refusals
     * @param day where the entry has no day of its own
     */
    List<Line> lines(String entry, String currency, LocalDate day) {
        boolean credit = BankText.isCredit(direction, entry);
        long minor = amount.minor(entry, currency);
        if (minor < 0) {
            throw unreadable("the amount of " + entry + " is negative");
        }
        LocalDate booked = Objects.requireNonNullElse(BankText.date(bookedOn, "day (BookgDt)", entry), day);
        List<Part> parts =
                details.stream().flatMap(some -> some.parts().stream()).toList();
        if (parts.size() == 1) {
            // The entry's amount is what was booked; that of a transaction may be before charges or in another
            // currency.
            Part only = parts.getFirst();
            return List.of(line(only, credit, minor, first(bankReference, only.bankReference), booked, true));
        }
        if (parts.isEmpty() || !isBooked()) {
            return List.of(line(new Part(), credit, minor, bankReference, booked, true));
        }
        List<Line> lines = new ArrayList<>();
        BigInteger sum = BigInteger.ZERO;
        for (Part part : parts) {
            String name = "payment " + (lines.size() + 1) + " in " + entry;
            Amount partAmount = part.amountIn(currency);
            if (!partAmount.currency().equals(currency)) {
                throw unreadable(entry + " bundles " + parts.size() + " payments, and for payment " + (lines.size() + 1)
                        + " of them there is no amount in " + currency + " (AmtDtls/TxAmt or Amt)");
            }
            long partMinor = partAmount.minor(name, currency);
            if (partMinor < 0) {
                throw unreadable("the amount of " + name + " is negative");
            }
            boolean partCredit = part.direction.isEmpty() ? credit : BankText.isCredit(part.direction, name);
            BigInteger signed = BigInteger.valueOf(partMinor);
            sum = partCredit == credit ? sum.add(signed) : sum.subtract(signed);
            lines.add(line(part, partCredit, partMinor, first(part.bankReference, bankReference), booked, false));
        }
        if (!sum.equals(BigInteger.valueOf(minor))) {
            throw unreadable("the " + parts.size() + " payments in " + entry + " do not sum to its amount of "
                    + amount.text() + " " + currency);
        }
        return lines;
    }

    private Line line(Part part, boolean credit, long minor, String ofBank, LocalDate booked, boolean alone) {
        String reference = part.endToEndId();
        boolean charge = (part.kind.isStated() ? part.kind : kind).isCharge()
                // Whatever the bank calls it, it is our payment.
                && RailReference.read(reference).isEmpty();
        String reason = part.returned ? first(part.returnReason, NO_REASON) : "";
        // Some banks write the batch as a transaction that names nothing but our message.
        boolean namesOnlyMessage = alone
                && reference.isEmpty()
                && !part.messageId.isEmpty()
                && (!credit || reversal)
                && !charge
                && !part.returned;
        Bundle bundle = part.isBatch || namesOnlyMessage ? new Bundle(part.messageId, part.payments) : null;
        return new Line(credit, minor, reference, ofBank, reason, reversal, charge, booked, bundle);
    }

    private static String first(String preferred, String other) {
        return preferred.isEmpty() ? other : preferred;
    }
}
