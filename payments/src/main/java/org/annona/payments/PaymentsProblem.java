package org.annona.payments;

import java.util.Locale;
import org.annona.foundation.problem.ProblemCode;

/** Refusals of this block. */
public enum PaymentsProblem implements ProblemCode {
    ORDER_UNFIT(400, "The order cannot be taken: {reason}.", "Correct it at its sender and send it again."),
    ORDER_CONFLICT(
            409,
            "There is already an order with this key and another content.",
            "Orders never change. Send a new one under its own key."),
    LINE_CONFLICT(
            409,
            "A line with this key was delivered before with another content.",
            "Lines never change once delivered."),
    INTAKE_CLOSED(409, "The order is complete; it takes no more lines.", "Send a new order for further payments."),
    TOTALS_DIFFER(
            409,
            "What was delivered is not what was announced: {reason}. Nothing is paid.",
            "Compare both sides. The order stays open until it matches."),
    ENVELOPE_UNKNOWN(404, "There is no such envelope.", "Choose one from the list."),
    DISBURSEMENT_UNKNOWN(404, "There is no such payment.", "Choose one from the list."),
    NOT_POSSIBLE(409, "This cannot be done now: {reason}.", "Reload the page and look where it stands."),
    SAME_PERSON(
            403,
            "You asked for this yourself, so somebody else has to confirm it.",
            "Ask a colleague with the same role."),
    DECISION_OPEN(
            409,
            "A request about this already waits for a second person.",
            "Let it be decided, or withdrawn by the one who made it, first."),
    LINE_UNKNOWN(404, "There is no such line.", "Choose one from the list of a statement."),
    DECISION_UNKNOWN(404, "There is no such request.", "Choose one from the list."),
    NOT_BOOKED_YET(
            409,
            "The bank may have booked this payment until {day}, and no statement that closes after that day was read yet.",
            "Wait for such a statement. If the payment is on one, nothing has to be decided."),
    ADDRESS_BOOK_SILENT(
            503, true, "The account mapper does not answer.", "It is asked again by itself; nobody is left out."),
    BANK_SILENT(
            503,
            true,
            "The bank does not answer ({reason}).",
            "It is asked again by itself; no payment is sent twice."),
    STATEMENT_UNREADABLE(
            400,
            "The file is not a statement that can be taken: {reason}.",
            "Ask the bank for a camt.053 file of this account. Nothing was booked."),
    STATEMENT_GAP(
            409,
            "A statement is missing: this one begins with {opening}, the last one ({last}) ended with {closing}.",
            "Take in the missing statement first. Nothing was booked."),
    STATEMENT_REPEATED(
            409,
            "Statement {statement} of {year} was taken before, with another content.",
            "Ask the bank which of the two is right. Nothing was booked."),
    STATEMENT_OPENING(
            409,
            "The account begins with {ours} here, and its first statement opens with {opening}.",
            "Let two finance officers take the balance over on the page Statements first. Nothing was booked."),
    STATEMENT_CURRENCY(
            409,
            "The statement is in {currency}, and the account in {ours}.",
            "Choose the statement of the right account. Nothing was booked."),
    STATEMENT_FOREIGN(
            409, "The statement is of account {account}, not of ours.", "Choose the right file. Nothing was booked."),
    STATEMENTS_FROM_BANK(
            409,
            "Statements come from the bank itself here, so none is taken in by hand.",
            "Wait for the bank. Nothing was booked."),
    FUNDING_UNFIT(400, "The announcement cannot be taken: {reason}.", "Correct it and send again."),
    REASON_MISSING(400, "A reason is needed.", "Write in a few words why.");

    private final int status;
    private final boolean retryable;
    private final String sentence;
    private final String remedy;

    PaymentsProblem(int status, String sentence, String remedy) {
        this(status, false, sentence, remedy);
    }

    PaymentsProblem(int status, boolean retryable, String sentence, String remedy) {
        this.status = status;
        this.retryable = retryable;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return "payments." + name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
