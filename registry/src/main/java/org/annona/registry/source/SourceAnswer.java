package org.annona.registry.source;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What came of a question to a source. Only {@link Data} says anything about people; silence and refusals never do. */
public sealed interface SourceAnswer {

    /**
     * @param records by GraphQL the object with the fields that were asked for, by a search a list
     * @param total of all records that fit, where it is a search and the source tells
     * @param date of the source's clock, where it tells
     */
    record Data(
            JsonNode records,
            @Nullable Long total,
            @Nullable Instant date) implements SourceAnswer {

        @Override
        public String toString() {
            return "Data[sealed]";
        }
    }

    /** The whole message fails over a row, or over the question itself; which, a smaller question tells. */
    record RowFault(String reason) implements SourceAnswer {}

    /** What came cannot be read; that may be otherwise in a while, or lie in one row. */
    record Garbled(String reason) implements SourceAnswer {}

    /** It may be otherwise in a while. */
    record Passing(String reason, @Nullable Duration after) implements SourceAnswer {}

    /** It will be the same the next time, unless somebody changes something. */
    record Refused(String reason) implements SourceAnswer {}
}
