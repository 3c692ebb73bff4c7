package org.annona.registry.source;

import tools.jackson.databind.JsonNode;

/** What a source is asked, in a language that it understands. */
public sealed interface SourceQuestion {

    /** GraphQL, as the deployed registries have it (reference "Import from external social registries", section 1). */
    record Graph(String text) implements SourceQuestion {}

    /**
     * A search of the standard (DCI reference, sections 6 to 8).
     *
     * @param queryType {@code expression}, {@code predicate} or {@code idtype-value}
     * @param registryType as {@code ns:org:RegistryType:Social}
     * @param recordType as {@code Member} or {@code Group}
     * @param pageNumber from 1
     */
    record Search(
            String queryType, JsonNode query, String registryType, String recordType, int pageSize, long pageNumber)
            implements SourceQuestion {

        @Override
        public String toString() {
            return "Search[hidden]";
        }
    }
}
