package org.annona.exchange.log;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the log entries of this process every half second, and the rest of it at the end. */
public final class MessageLogWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MessageLogWriter.class);
    private static final long PAUSE_MILLIS = 500;

    private final MessageLog messages;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("message-log").factory());

    public MessageLogWriter(MessageLog messages) {
        this.messages = messages;
        writer.scheduleWithFixedDelay(this::write, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void write() {
        try {
            Scope.across(AcrossOrganisations.PARTNERS).run(messages::write);
        } catch (RuntimeException failure) {
            LOG.warn(
                    "the message log could not be written: {}",
                    failure.getClass().getName());
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        write();
    }
}
