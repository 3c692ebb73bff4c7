package org.annona.exchange.traffic;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the traffic of this process every half second, and the rest of it at the end. */
public final class NotedTraffic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NotedTraffic.class);
    private static final long PAUSE_MILLIS = 500;

    private final Traffic traffic;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("traffic").factory());

    public NotedTraffic(Traffic traffic) {
        this.traffic = traffic;
        writer.scheduleWithFixedDelay(this::write, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void write() {
        try {
            traffic.write();
        } catch (RuntimeException failure) {
            LOG.warn("traffic could not be noted: {}", failure.getClass().getName());
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        write();
    }
}
