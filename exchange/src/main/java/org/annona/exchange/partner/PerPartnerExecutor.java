package org.annona.exchange.partner;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.foundation.scope.Scope;

/**
 * Executes work for partners: a limited number of pieces at a time, and fewer for one partner, so that a slow partner keeps no
 * other waiting. The second half of the places is for partners that have nothing under way, one place each: several partners
 * that are away at the same time cannot take all places.
 */
public final class PerPartnerExecutor implements AutoCloseable {

    private static final int SECONDS_TO_END = 10;
    private static final int MILLIS_TO_WAIT = 200;

    private final int atATime;
    private final int perPartner;
    private final ExecutorService threads;
    private final Semaphore ended = new Semaphore(0);

    /** Whom each piece of work that is under way is for. */
    private final Map<UUID, UUID> underWay = new ConcurrentHashMap<>();

    public PerPartnerExecutor(String name, int atATime, int perPartner) {
        this.atATime = atATime;
        this.perPartner = perPartner;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
    }

    /** How many pieces may be taken up now, also if all of them are for one partner that is not {@link #busy()}. */
    public int free() {
        int taken = underWay.size();
        if (taken >= shared()) {
            return taken < atATime ? 1 : 0;
        }
        int most = byPartner().values().stream()
                .map(count -> perPartner - count.intValue())
                .filter(left -> left > 0)
                .min(Integer::compare)
                .orElse(perPartner);
        return Math.min(shared() - taken, most);
    }

    /** Partners for whom no more can be taken up now. */
    public Set<UUID> busy() {
        int most = underWay.size() < shared() ? perPartner : 1;
        return byPartner().entrySet().stream()
                .filter(entry -> entry.getValue() >= most)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private int shared() {
        return atATime / 2;
    }

    private Map<UUID, Long> byPartner() {
        return underWay.values().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /**
     * Takes up a piece of work, in the scope of the caller; returns at once.
     *
     * @return false where that piece is still under way; then the caller that leased it has to give it back
     */
    public boolean take(UUID piece, UUID partner, Runnable work) {
        if (underWay.putIfAbsent(piece, partner) != null) {
            return false;
        }
        threads.execute(Scope.carried(() -> {
            try {
                work.run();
            } finally {
                underWay.remove(piece);
                ended.release();
            }
        }));
        return true;
    }

    /**
     * Waits until some work has ended since the last time, so that more can be taken up.
     *
     * @return false where none is under way, or none ended for a while
     */
    public boolean awaitEnded() {
        try {
            boolean some = ended.drainPermits() > 0
                    || !underWay.isEmpty() && ended.tryAcquire(MILLIS_TO_WAIT, TimeUnit.MILLISECONDS);
            ended.drainPermits();
            return some;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What is under way may end; what does not is taken up again by the process that finds its lease over. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
