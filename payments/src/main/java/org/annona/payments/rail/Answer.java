package org.annona.payments.rail;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known after a call to the bank. */
public sealed interface Answer {

    /**
     * The bank spoke of these payments, by our reference.
     *
     * @param whole what the bank said of all the others together; null where it said nothing, so that they are unknown
     */
    record Heard(Map<String, Outcome> outcomes, @Nullable Outcome whole) implements Answer {

        public Heard {
            outcomes = Map.copyOf(outcomes);
        }
    }

    /** It is proved that no byte reached the bank. */
    record NotSent(String reason) implements Answer {}

    /** The bank says that it never heard of the message. */
    record UnknownToRail() implements Answer {}

    /** Nobody knows what the bank did. */
    record NoAnswer(String reason) implements Answer {}

    /**
     * @param reason code of the bank where it refused, or an empty text
     */
    record Outcome(boolean accepted, String reason) {}
}
