package org.annona.tokens;

import java.util.Locale;
import org.annona.foundation.problem.ProblemCode;

/** Refusals of this block. */
public enum TokensProblem implements ProblemCode {
    CONNECTOR_UNFIT(400, "{faults}", "Correct it and save again. Nothing was changed."),
    CONNECTOR_UNKNOWN(404, "There is no such connector.", "Open it from the list."),
    CONNECTOR_CHANGED(
            409, "The connector was changed by someone else in the meantime.", "Reload the page and look at it again."),
    CONNECTOR_NOT_READY(409, "The connector is {state}, so this cannot be done now.", "Reload the page."),
    PERSON_NOT_SELECTED(
            404,
            "{reference} is not selected by the filter of this connector, or has no such identifier.",
            "Choose somebody from the preview."),
    SEEDER_SILENT(502, "The token seeder gave no usable answer: {reason}.", "Check its address, then try again."),
    NO_FORM(404, "This connector sends people of the registry; it reads no form.", "Open it from the list."),
    WINDOW_UNFIT(
            400,
            "From when until when is not understood, is no day or less, or is not within what is agreed.",
            "Write both as 2026-01-31 12:00, in the time of the country."),
    RULE_UNKNOWN(404, "There is no such rule.", "Open it from the list."),
    CASE_DECIDED(409, "This case is decided already, or there is none.", "Reload the page."),
    REASON_MISSING(400, "A reason is needed, because this is recorded.", "Write in a few words why.");

    private final int status;
    private final String sentence;
    private final String remedy;

    TokensProblem(int status, String sentence, String remedy) {
        this.status = status;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return "tokens." + name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean retryable() {
        return this == SEEDER_SILENT;
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
