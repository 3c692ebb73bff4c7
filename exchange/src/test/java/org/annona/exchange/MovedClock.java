package org.annona.exchange;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on by itself, and that a test may put forward. */
public final class MovedClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;

    /** Puts it forward to that time, if it is not as late yet. */
    public synchronized void reach(Instant time) {
        Duration missing = Duration.between(instant(), time);
        if (missing.isPositive()) {
            ahead = ahead.plus(missing);
        }
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
