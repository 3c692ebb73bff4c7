package org.annona.foundation.job;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.annona.foundation.scope.Scope;

/**
 * Prepares the next piece of a long work on a thread of its own while the last piece is being written. One piece is ready
 * at most, so that memory holds two.
 */
public final class ReadAhead<T> implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("read-ahead-", 0).factory());
    private final Supplier<T> source;
    private Future<T> next;

    /** @param source is asked by one thread only, and also once more after its end */
    public ReadAhead(Supplier<T> source) {
        Scope scope = Scope.current();
        this.source = scope == null ? source : () -> scope.call(source::get);
        this.next = thread.submit(this.source::get);
    }

    /** Waits for the next piece. What the source throws is thrown here. */
    public T take() {
        try {
            T piece = next.get();
            next = thread.submit(source::get);
            return piece;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    /** Waits until the source is no longer in use. */
    @Override
    public void close() {
        thread.close();
    }
}
