package org.annona.tokens.connector;

import java.time.Instant;
import java.util.UUID;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.internal.tables.states.ConnectorState;
import org.jspecify.annotations.Nullable;

/**
 * A connector to a token seeder.
 *
 * @param run number of its newest run; 0 before the first
 * @param quietUntil until when the seeder is left alone
 * @param silences how often in a row it could not be reached
 */
public record Connector(
        UUID id,
        String name,
        ConnectorState state,
        String reason,
        int version,
        ConnectorTerms terms,
        int run,
        @Nullable Instant nextRunAt,
        Instant quietUntil,
        int silences,
        String changedBy,
        Instant changedAt) {

    /** Under the terms with which a run began, whatever is agreed now. */
    public Connector under(int olderVersion, ConnectorTerms olderTerms) {
        return new Connector(
                id,
                name,
                state,
                reason,
                olderVersion,
                olderTerms,
                run,
                nextRunAt,
                quietUntil,
                silences,
                changedBy,
                changedAt);
    }

    /** Subject of its jobs. */
    public String subject() {
        return subject(id);
    }

    public static String subject(UUID id) {
        return "connector/" + id;
    }
}
