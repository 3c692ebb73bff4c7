package org.annona.foundation.listing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param sort key of the column to sort by, or empty for the list's own order
 * @param position from {@link Page#next()} or {@link Page#previous()}, or null for the beginning
 * @param filters text per filter key; empty texts are no filter
 */
public record PageRequest(
        String sort, boolean descending, @Nullable String position, int size, Map<String, String> filters) {

    public static final int DEFAULT_SIZE = 25;
    public static final int LARGEST_SIZE = 1_000;

    public PageRequest {
        size = Math.clamp(size, 1, LARGEST_SIZE);
        filters = Map.copyOf(filters);
    }

    public static PageRequest first(int size) {
        return new PageRequest("", false, null, size, Map.of());
    }

    public PageRequest at(@Nullable String newPosition) {
        return new PageRequest(sort, descending, newPosition, size, filters);
    }

    public PageRequest ofSize(int newSize) {
        return new PageRequest(sort, descending, position, newSize, filters);
    }

    /** The text of a filter, stripped, or an empty text. */
    public String filter(String key) {
        return filters.getOrDefault(key, "").strip();
    }
}
