package org.annona.foundation.sealing;

import java.util.Objects;
import java.util.function.Function;

/** A personal value in memory. Its text form is hidden, so that it cannot slip into a log or a message by accident. */
public final class Sensitive<T> {

    private final T value;

    private Sensitive(T value) {
        this.value = value;
    }

    public static <T> Sensitive<T> of(T value) {
        return new Sensitive<>(Objects.requireNonNull(value));
    }

    /** The value itself; whoever calls this decides that the reader may see it. */
    public T reveal() {
        return value;
    }

    public <R> R use(Function<T, R> function) {
        return function.apply(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sensitive<?> sensitive && sensitive.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "•••";
    }
}
