package org.annona.foundation.load;

import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;

/**
 * A share of this process's memory, for messages that are worked on at the same time. Nobody waits here: what finds no room is
 * refused at once, because waiting with half a message in memory would be what the share is to prevent.
 */
public final class MemoryBudget {

    private final long most;
    private long taken;

    public MemoryBudget(long most) {
        this.most = most;
    }

    /** @param parts into how many parts of the heap; one of them is the budget */
    public static MemoryBudget partOfHeap(int parts) {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / parts);
    }

    /** What one message takes, until it is closed. */
    public final class Claim implements AutoCloseable {

        private long held;

        private Claim() {}

        /**
         * Takes more. One message that is alone is always let in, so that a small heap answers large messages one by one.
         *
         * @throws Problem {@link FoundationProblem#BUSY} where others have taken too much
         */
        public void add(long bytes) {
            synchronized (MemoryBudget.this) {
                boolean alone = taken == held;
                if (!alone && taken + bytes > most) {
                    throw Problem.of(FoundationProblem.BUSY);
                }
                taken += bytes;
                held += bytes;
            }
        }

        @Override
        public void close() {
            synchronized (MemoryBudget.this) {
                taken -= held;
                held = 0;
            }
        }
    }

    public Claim claim() {
        return new Claim();
    }
}
