package org.annona.payments.decision;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request of one person and what another one decided.
 *
 * @param subject a payment, an envelope or a statement, as the kind says
 * @param part the line of a statement; 0 where the whole subject is meant
 * @param detail what exactly is asked for, in the words of the kind
 */
public record Decision(
        UUID id,
        DecisionKind kind,
        UUID subject,
        int part,
        String detail,
        String reason,
        String askedBy,
        Instant askedAt,
        Instant expiresAt,
        State state,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        String decidedReason) {

    /** Only an open decision can still be confirmed, refused or withdrawn. */
    public enum State {
        OPEN("waits for a second person"),
        DONE("confirmed"),
        REFUSED("refused"),
        WITHDRAWN("withdrawn"),
        EXPIRED("expired");

        private final String words;

        State(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
