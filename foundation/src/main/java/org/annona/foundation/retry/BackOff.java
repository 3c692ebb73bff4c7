package org.annona.foundation.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that grow with each failure in a row, up to a longest one.
 *
 * @param first after the first failure; cut to the longest
 * @param factor by which each pause is longer than the one before, at least 1
 */
public record BackOff(Duration first, double factor, Duration longest) {

    public BackOff {
        if (first.isNegative() || factor < 1) {
            throw new IllegalArgumentException("pauses from " + first + " by " + factor);
        }
        first = first.compareTo(longest) < 0 ? first : longest;
    }

    /** Each pause is twice as long as the one before. */
    public static BackOff doubling(Duration first, Duration longest) {
        return new BackOff(first, 2, longest);
    }

    /** @param failures in a row; none counts as one */
    public Duration after(int failures) {
        double millis = first.toMillis() * Math.pow(factor, Math.max(0, failures - 1.0));
        return millis < longest.toMillis() ? Duration.ofMillis((long) millis) : longest;
    }

    /** Between half and all of the pause, so that many do not come back at one moment. */
    public Duration spread(int failures) {
        long most = after(failures).toMillis();
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    /** @param asked the least pause that the counterpart wants; it may exceed the usual one, never the longest */
    public Duration after(int failures, Duration asked) {
        Duration usual = after(failures);
        Duration longer = asked.compareTo(usual) > 0 ? asked : usual;
        return longer.compareTo(longest) > 0 ? longest : longer;
    }
}
