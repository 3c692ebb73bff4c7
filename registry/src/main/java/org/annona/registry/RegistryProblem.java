package org.annona.registry;

import java.util.Locale;
import org.annona.foundation.problem.ProblemCode;

/** Refusals of this block. */
public enum RegistryProblem implements ProblemCode {
    FILE_EMPTY(400, "The file has no rows.", "Choose the file that holds the list."),
    FILE_NOT_TEXT(
            400,
            "The file is not a list in text form: it looks like {kind}.",
            "Open it in its program and save it as CSV (UTF-8), then choose the new file."),
    FILE_TOO_LARGE(413, "The file is larger than {limit}.", "Split it and import the parts one after the other."),
    FILE_HEADER_UNFIT(
            400,
            "The first row does not name the columns: {reason}.",
            "Put the names of the columns into the first row, each once."),
    FILE_ENCODING_UNKNOWN(
            400, "There is no encoding called {name}.", "Use UTF-8, UTF-16LE, windows-1252 or another known name."),
    COLUMN_MISSING(
            400,
            "No column is chosen for: {columns}.",
            "Say which column of the file holds it; without it no person can be added."),
    COLUMN_TWICE(400, "{column} is chosen for two columns of the file.", "Choose it once."),
    SOURCE_UNKNOWN(404, "There is no such source.", "Look at the list of sources."),
    SOURCE_UNFIT(400, "The source cannot be kept like this: {faults}", "Correct it and send again."),
    SOURCE_EXISTS(409, "There is already a source with the code {code}.", "Choose another code."),
    SOURCE_ELSEWHERE(
            409, "Somebody else changed this meanwhile.", "Open it again and make your change on what is there now."),
    SOURCE_REFUSES(502, "The source cannot be read: {reason}.", "Test the source, and ask those who keep it."),
    PULL_UNKNOWN(404, "There is no such import from a source.", "Look at the list of sources."),
    PULL_UNFIT(400, "The import cannot be kept like this: {faults}", "Correct it and send again."),
    PULL_EXISTS(409, "There is already an import called {name}.", "Choose another name."),
    PROGRAMMES_BEHIND(
            503,
            "The programmes have not heard of {households} households yet, so that these do not apply.",
            "Look at the messages between the blocks; then let the job go on."),
    PULL_UNDER_WAY(409, "A run of this import is open.", "Wait until it has ended, or confirm it or give it up first."),
    SAME_PERSON(
            403,
            "You confirmed this import yourself, so another person has to confirm it too.",
            "Ask a colleague with the same role: it changes to which accounts people are paid."),
    IMPORT_NOT_READY(
            409, "The import is {state}, so this step cannot be done now.", "Reload the page and see where it stands."),
    AREA_FILE_UNFIT(
            400,
            "The list of areas cannot be taken: {reason}.",
            "Correct the rows and load it again. Nothing was changed."),
    PERSON_UNKNOWN(404, "There is no such person.", "Search for the person again."),
    HOUSEHOLD_UNKNOWN(404, "There is no such household.", "Search for it again."),
    DEATH_NOT_RECORDABLE(409, "The death cannot be recorded: {reason}.", "Check the person and the date."),
    FILTER_REFUSED(
            400,
            "{condition} cannot be used: {reason} (character {position}).",
            "Correct it there. Nobody is selected until every part of it is understood."),
    RETIRED_IDENTIFIER_NOT_RESTORABLE(
            409, "The identifier cannot be given back: {reason}.", "Ask the person for it, or for a new one."),
    CONSENT_UNFIT(400, "The consent cannot be recorded: {reason}.", "Correct it and send again."),
    REASON_UNFIT(
            400,
            "The reason does not say why you need it: {fault}.",
            "Choose an occasion and write in a few words what it is about, without names and numbers of people."),
    QUOTA_USED(
            429,
            "You have used what is allowed on one day: {allowed} {what}.",
            "Go on tomorrow. If you need more for your work, ask an administrator to raise {setting}; the auditor sees this."),
    REASON_MISSING(400, "A reason is needed, because this is recorded.", "Write in a few words why you need it.");

    private final int status;
    private final String sentence;
    private final String remedy;

    RegistryProblem(int status, String sentence, String remedy) {
        this.status = status;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return "registry." + name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean retryable() {
        return false;
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
