package org.annona.foundation.feed;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a feed: each row in its newest state, oldest change first.
 *
 * @param position where the next part begins; opaque to the reader
 * @param more whether more is there at once
 */
public record FeedPart<T>(List<T> rows, String position, boolean more) {

    public <R> FeedPart<R> map(Function<? super T, R> mapping) {
        return new FeedPart<>(rows.stream().<R>map(mapping).toList(), position, more);
    }
}
