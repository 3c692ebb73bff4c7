package org.annona.foundation.listing;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param previous position of the page before, or null on the first one
 * @param next position of the page after, or null on the last one
 */
public record Page<R>(
        List<R> rows, @Nullable String previous, @Nullable String next) {

    public <T> Page<T> map(Function<R, T> mapping) {
        return new Page<>(rows.stream().map(mapping).toList(), previous, next);
    }
}
