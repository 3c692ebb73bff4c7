package org.annona.foundation.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;

/**
 * How many requests of one kind are worked on at once. Each kind has places of its own, so that a crowd of one kind does not
 * stop another. A request without a place waits a little; a place is taken only after everything that a slow client sends has come.
 */
public final class Places {

    private final Semaphore free;
    private final Duration patience;

    /** @param patience how long a request waits for a place */
    public Places(int most, Duration patience) {
        this.free = new Semaphore(most, true);
        this.patience = patience;
    }

    /** A place that is taken, until it is closed. */
    public interface Place extends AutoCloseable {

        @Override
        void close();
    }

    /** @throws Problem {@link FoundationProblem#BUSY} where none becomes free in time */
    public Place enter() {
        try {
            if (free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return free::release;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw Problem.of(FoundationProblem.BUSY);
    }
}
