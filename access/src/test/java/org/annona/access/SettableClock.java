package org.annona.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** Time passes when a test says so. */
final class SettableClock extends Clock {

    private Instant now = Instant.parse("2026-11-21T08:00:00Z");

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneId.of("Africa/Nairobi");
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
