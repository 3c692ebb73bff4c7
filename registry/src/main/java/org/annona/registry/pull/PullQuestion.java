package org.annona.registry.pull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a source is asked for.
 *
 * @param text the query: GraphQL, or JSON of the standard; empty for a list of identifiers
 * @param registryType of the standard, as {@code ns:org:RegistryType:Social}; empty for GraphQL, as are all below
 * @param recordType as {@code Member} or {@code Group}
 * @param identifierType of the listed identifiers, as {@code UIN}
 * @param list where the listed identifiers are kept, sealed; null where none are
 * @param listed how many
 */
public record PullQuestion(
        QueryType language,
        String text,
        String registryType,
        String recordType,
        String identifierType,
        @Nullable UUID list,
        int listed) {

    public static PullQuestion graphql(String text) {
        return new PullQuestion(QueryType.GRAPHQL, text, "", "", "", null, 0);
    }

    PullQuestion withList(@Nullable UUID kept, int count) {
        return new PullQuestion(language, text, registryType, recordType, identifierType, kept, count);
    }
}
