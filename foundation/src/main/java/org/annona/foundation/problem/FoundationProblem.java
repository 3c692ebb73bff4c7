package org.annona.foundation.problem;

/** Refusals that any block may meet. */
public enum FoundationProblem implements ProblemCode {
    NOT_FOUND(404, false, "There is no {what} with this address.", "Go back to the list and open it from there."),
    INVALID_INPUT(400, false, "{field}: {reason}", "Correct the field and send again."),
    CHANGED_MEANWHILE(
            409, true, "{what} was changed by someone else in the meantime.", "Reload the page and look at it again."),
    DATABASE_UNAVAILABLE(
            503,
            true,
            "The database does not answer.",
            "Wait a moment; running jobs continue by themselves when it is back."),
    BUSY(503, true, "The server is busy with other requests.", "Wait some seconds and try again."),
    REQUEST_UNREADABLE(
            400, false, "The request cannot be read: {reason}.", "Open the page anew instead of changing its address."),
    REQUEST_TOO_LARGE(413, false, "The request is too large.", "Send less at once, and log in before you send a form."),
    DISK_FULL(
            507,
            true,
            "The disk that holds the database is full.",
            "Free some space; running jobs continue by themselves, nothing is lost."),
    JOB_LEASE_LOST(
            409, true, "Another process has taken this job over.", "Nothing to do: the other process continues it."),
    JOB_NOT_RESUMABLE(
            409, false, "The job is {state}, so it cannot be started again.", "Start the step anew from its page."),
    WRONG_MASTER_KEY(
            500,
            false,
            "The master key does not fit the data: it was sealed with another key.",
            "Start with the key that belongs to this database (master.key in the data folder, or ANNONA_MASTER_KEY)."),
    SEALED_VALUE_DAMAGED(
            500,
            false,
            "A sealed value could not be opened: it was changed or moved outside of Annona.",
            "Restore the row from a backup and look for the cause in the audit trail."),
    RULE_INVALID(400, false, "The rule cannot be used: {reason} (line {line}, column {column}).", "Correct the rule."),
    UNEXPECTED(
            500,
            false,
            "Something unexpected happened (reference {reference}).",
            "Try again; if it persists, give the reference to whoever operates Annona.");

    private final int status;
    private final boolean retryable;
    private final String sentence;
    private final String remedy;

    FoundationProblem(int status, boolean retryable, String sentence, String remedy) {
        this.status = status;
        this.retryable = retryable;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return "foundation." + name().toLowerCase(java.util.Locale.ROOT);
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
