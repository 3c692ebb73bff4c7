package org.annona.interop.search;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One question of a search.
 *
 * @param recordType which kind of record is wanted, without prefix; null for the registry's usual one
 * @param responseEntity {@code Member} or {@code Group}; null where it is left to the registry
 * @param query in the language of {@code queryType}, not looked at yet
 * @param page null for the server's usual one
 * @param consent as the partner sent it, to be stored with the transaction
 * @param rejection where it is not to be answered whatever it asks
 */
public record SearchItem(
        String referenceId,
        Instant timestamp,
        @Nullable String locale,
        @Nullable String registryType,
        @Nullable String recordType,
        @Nullable String responseEntity,
        String queryType,
        JsonNode query,
        List<SortBy> sort,
        @Nullable Page page,
        @Nullable ObjectNode consent,
        @Nullable ObjectNode authorize,
        @Nullable Rejection rejection) {

    public record SortBy(String attribute, boolean descending) {}
}
