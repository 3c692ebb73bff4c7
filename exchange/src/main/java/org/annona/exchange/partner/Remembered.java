package org.annona.exchange.partner;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was read a moment ago. A change by this process is seen at once, one by another process within a second. What is not
 * there is never remembered, so that nobody can fill the memory with names.
 */
final class Remembered<T> {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Map<String, Entry<T>> entries = new ConcurrentHashMap<>();

    private record Entry<T>(T value, long readAt) {

        boolean isFresh() {
            return System.nanoTime() - readAt < FRESH_NANOS;
        }
    }

    Optional<T> get(String key, Supplier<Optional<T>> read) {
        Entry<T> known = entries.get(key);
        if (known != null && known.isFresh()) {
            return Optional.of(known.value());
        }
        long now = System.nanoTime();
        Optional<T> value = read.get();
        if (value.isPresent()) {
            entries.put(key, new Entry<>(value.get(), now));
        } else {
            entries.remove(key);
        }
        return value;
    }

    void forget() {
        entries.clear();
    }
}
