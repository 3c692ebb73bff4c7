package org.annona.programs;

import java.util.Locale;
import org.annona.foundation.problem.ProblemCode;

/** Refusals of this block. */
public enum ProgramsProblem implements ProblemCode {
    PROGRAMME_UNKNOWN(404, "There is no such programme.", "Choose one from the list."),
    PROGRAMME_CODE_TAKEN(409, "There is already a programme with the code {code}.", "Choose another code."),
    PROGRAMME_NOT_READY(
            409, "The programme is {state}, so this cannot be done.", "See on its page what has to come first."),
    NOT_AUTHOR(
            403,
            "These terms were written by {author}.",
            "Let their author submit them, or save them under your name first."),
    TERMS_UNFIT(400, "The terms cannot be taken: {reason}.", "Correct the field and save again."),
    ASSESSMENT_UNKNOWN(404, "There is no such assessment.", "Make one on the programme's page."),
    ASSESSMENT_OUTDATED(
            409,
            "This assessment cannot be used for enrolment: {reason}.",
            "Assess the population again and look at the new result."),
    ENROLMENT_UNKNOWN(404, "There is no such enrolment.", "Choose one from the list of beneficiaries."),
    TRANSITION_NOT_ALLOWED(
            409,
            "An enrolment that is {from} cannot become {to} for the reason {reason}.",
            "Choose a step that the page offers."),
    STEP_MISSING(400, "No step was chosen.", "Choose what changes and why."),
    DOUBLE_UNDECIDED(
            409, "The household is held as a possible double.", "An approver decides on the check; see Doubles."),
    END_NEEDS_TWO(
            409,
            "An enrolment is ended by two people.",
            "Ask for its end on the page of the enrolment; an approver decides."),
    END_ASKED(
            409, "The end of this enrolment is asked for already.", "Wait for the approver, or withdraw the request."),
    END_UNKNOWN(404, "No end of this enrolment is asked for, or it is decided.", "Reload the page."),
    CYCLE_UNKNOWN(404, "There is no such cycle.", "Choose one from the programme's page."),
    CYCLE_CODE_TAKEN(409, "There is already a cycle {code} in this programme.", "Choose another name for the cycle."),
    CYCLE_NOT_READY(409, "The cycle is {state}, so this cannot be done.", "See on its page what has to come first."),
    CYCLE_UNFIT(400, "The cycle cannot be opened: {reason}.", "Correct the field and send again."),
    ACCOUNTS_TOO_MANY(
            409,
            "{concerned} of {lines} lines have a new or a shared account; above {percent} % the list cannot be approved.",
            "Find out in the audit trail of the registry who changed these accounts and why. Cancel the cycle, and open it"
                    + " again when the accounts are right."),
    ACCOUNTS_CHANGED(
            409,
            "The lines are not the ones that the page showed: somebody decided on them meanwhile.",
            "Reload the page and look at it again."),
    NOBODY_TO_PAY(409, "The roster holds nobody who can be paid.", "Look at the exceptions of the cycle."),
    REQUEST_UNKNOWN(404, "There is no such request.", "Choose one from your list."),
    REQUEST_ENDED(409, "This request is {state}; nothing more can be decided on it.", "Reload the list."),
    STAGE_PASSED(
            409, "{voter} decided on this stage meanwhile; what is left is for somebody else.", "Reload the list."),
    OWN_WORK(403, "You prepared this, so somebody else has to decide on it.", "Ask a colleague with the same role."),
    TWO_STAGES(403, "You decided on an earlier stage of this, so somebody else has to decide now.", "Ask a colleague."),
    DIGEST_CHANGED(
            409,
            "What you saw is not what would be approved: the list or an amount is another one now.",
            "Reload the page and look at it again."),
    TAMPERED(
            409,
            "The list or an amount was changed after it was approved. Nothing was paid.",
            "Cancel the cycle, find out in the audit trail what happened, and open it anew."),
    FUNDS_SHORT(
            409,
            "The funds are too small: {needed} are needed, {available} are available, {short} are missing.",
            "Add funds on the page of the fund, or cancel the cycle and open a smaller one. Nothing was released."),
    PAYMENTS_SILENT(
            503,
            true,
            "The payments block does not answer, so nobody knows how much money is available.",
            "Try again in a moment. Nothing was released."),
    DUPLICATION_SOURCE_UNFIT(400, "The source cannot be kept: {reason}.", "Correct it and save again."),
    DUPLICATION_SOURCE_UNKNOWN(404, "There is no such source, or it is switched off.", "Open it from the list."),
    DUPLICATION_LIST_MISSING(
            409,
            "The list of the other house is not here, so one person cannot be asked for.",
            "Check a programme with this source; that fetches the list."),
    DUPLICATION_QUESTION_UNFIT(400, "It cannot be asked: {reason}.", "Correct it and ask again."),
    DUPLICATION_ANSWERS_LATER(
            409,
            "{source} answers later, and nobody here has this identifier, so its answer could not be kept.",
            "Ask a source that answers at once, or enter the person first."),
    DUPLICATION_SOURCE_SILENT(
            409,
            "{source} cannot be asked blindly: {reason}.",
            "Ask its administrator, or set the source to ask by identifiers."),
    DUPLICATION_REVIEW_UNFIT(409, "It cannot be decided: {reason}.", "Reload the page."),
    REASON_MISSING(400, "A reason is needed.", "Write in a few words why.");

    private final int status;
    private final boolean retryable;
    private final String sentence;
    private final String remedy;

    ProgramsProblem(int status, String sentence, String remedy) {
        this(status, false, sentence, remedy);
    }

    ProgramsProblem(int status, boolean retryable, String sentence, String remedy) {
        this.status = status;
        this.retryable = retryable;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return "programs." + name().toLowerCase(Locale.ROOT);
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
