package org.annona.server.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints the steps of a demo with what they did and how long they took. */
final class Journal {

    private static final int NAME_WIDTH = 22;
    private static final int TEXT_WIDTH = 84;

    private final PrintStream out;
    private int number;
    private Instant since = Instant.now();

    Journal(PrintStream out) {
        this.out = out;
    }

    void heading(String text) {
        out.printf("%n%s%n%n", text);
        out.flush();
    }

    void step(String name, String result) {
        Duration took = Duration.between(since, Instant.now());
        since = Instant.now();
        StringBuilder text = new StringBuilder(result);
        out.printf(
                Locale.ROOT,
                "%3d  %-" + NAME_WIDTH + "s %-" + TEXT_WIDTH + "s %6.1f s%n",
                ++number,
                name,
                text,
                took.toMillis() / 1000.0);
        out.flush();
    }

    void more(String text) {
        out.printf("     %" + NAME_WIDTH + "s %s%n", "", text);
        out.flush();
    }

    /** @return whether it holds */
    boolean sum(String what, boolean holds, String numbers) {
        out.printf("  %s  %s%n       %s%n", holds ? "holds " : "BROKEN", what, numbers);
        out.flush();
        return holds;
    }

    static String number(@Nullable Number value) {
        return value == null ? "0" : String.format(Locale.ROOT, "%,d", value.longValue());
    }
}
