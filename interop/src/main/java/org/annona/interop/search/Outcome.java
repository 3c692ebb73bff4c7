package org.annona.interop.search;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known after one question was put to a registry. Only {@link Answered} says something about the person; all others
 * say that nothing is known, and why (DCI reference, section 16).
 */
public sealed interface Outcome {

    /** Whether the registry surely holds nothing of the kind. */
    default boolean isSurelyNothing() {
        return false;
    }

    /**
     * The registry looked.
     *
     * @param total of all matches; null where the registry does not say, then nobody knows whether there are more
     */
    record Answered(List<JsonNode> records, @Nullable Long total) implements Outcome {

        /** Whether these are surely all of them. */
        public boolean isComplete() {
            return total != null && total <= records.size();
        }

        @Override
        public boolean isSurelyNothing() {
            return records.isEmpty() && total != null && total == 0;
        }
    }

    /** The registry did not look. @param code its own, perhaps none that we know */
    record Rejected(String code, String text) implements Outcome {}

    /** The registry has not finished, or not begun. */
    record Pending() implements Outcome {}

    /**
     * No answer came, or one of something in between. It may be asked again.
     *
     * @param rest how long the registry asked to be left alone; zero where it did not say
     */
    record Unreachable(String reason, Duration rest) implements Outcome {

        public Unreachable(String reason) {
            this(reason, Duration.ZERO);
        }
    }

    /** An answer came that cannot be believed or understood. */
    record Unreadable(String reason) implements Outcome {}
}
