package org.annona.server.web;

import java.time.Duration;

/**
 * How fast a body has to come.
 *
 * @param grace for which it may come as slowly as it likes
 * @param bytesPerSecond each of which allows as much more time; low, because offices have weak lines
 */
public record Pace(Duration grace, int bytesPerSecond) {

    /** Of a body that is wanted. A login has about ten seconds, a message of ten megabytes as long as it takes at 2 kB/s. */
    static final Pace OF_BODIES = new Pace(Duration.ofSeconds(10), 2_000);

    /** Of what nobody wants any more. It is taken in for a while, so that its sender reads the answer. */
    static final Pace OF_REMAINDERS = new Pace(Duration.ofSeconds(5), 200_000);

    boolean isKept(Duration passed, long bytes) {
        return passed.minus(grace).toMillis() * bytesPerSecond <= bytes * 1_000;
    }
}
