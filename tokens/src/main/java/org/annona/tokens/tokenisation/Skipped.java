package org.annona.tokens.tokenisation;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.database.SqlFile;
import org.annona.tokens.internal.tables.states.TokenisationState;
import org.jooq.DSLContext;

/** Somebody of the queue of whom nothing is sent, and why; she waits for no moment, but for a change. */
record Skipped(UUID tokenisation, TokenisationState state, String code, String message) {

    static final String NOT_SELECTED = "LOCAL-NOT-SELECTED";
    static final String NOT_SELECTED_WORDS = "the filter does not select her any more";

    private static final SqlFile MARK = SqlFile.beside(Skipped.class, "set-aside.sql");

    /** Who has a token is selected no more, also where a process died before it noted that. */
    static Skipped notSelected(UUID tokenisation, boolean holdsToken) {
        return holdsToken
                ? new Skipped(tokenisation, TokenisationState.TOKENISED, "", "")
                : new Skipped(tokenisation, TokenisationState.LEFT_OUT, NOT_SELECTED, NOT_SELECTED_WORDS);
    }

    static Skipped failed(UUID tokenisation, String code, String message) {
        return new Skipped(tokenisation, TokenisationState.FAILED, code, message);
    }

    static void mark(DSLContext tx, Instant now, List<Skipped> people) {
        if (!people.isEmpty()) {
            MARK.run(
                    tx,
                    Map.of(
                            "now", Timestamp.from(now),
                            "ids", SqlFile.column("uuid", people, Skipped::tokenisation),
                            "states",
                                    SqlFile.column(
                                            "text", people, one -> one.state().code()),
                            "codes", SqlFile.column("text", people, Skipped::code),
                            "messages", SqlFile.column("text", people, Skipped::message)));
        }
    }
}
