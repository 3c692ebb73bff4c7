package org.annona.exchange;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * A registry that also answers GraphQL within a search, as the importers of deployed systems ask it (reference "Import from
 * external social registries", section 4).
 */
public interface GraphqlRegistry extends ServedRegistry {

    /** What came of a query. */
    sealed interface Answered {}

    /** @param data by the names of the query @param told whom it tells of */
    record Data(ObjectNode data, List<UUID> told) implements Answered {}

    /** @param forbidden whether it is understood, but the reader may not know that */
    record Refused(String text, boolean forbidden) implements Answered {}

    /**
     * Answers a query that only reads.
     *
     * @param reader who pages through the registry; pages of one reader follow each other
     * @param largestPage records that are told at once; more are refused, never left out
     * @throws RuntimeException where it cannot be known now; never an empty answer instead
     */
    Answered graphql(String reader, String query, Disclosure disclosure, int largestPage);

    @Override
    default Optional<GraphqlRegistry> asGraphql() {
        return Optional.of(this);
    }
}
