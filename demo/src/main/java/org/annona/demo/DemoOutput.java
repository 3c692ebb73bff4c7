package org.annona.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints the steps of a demo: what each did and how long it took. Remembers how far the demo is. */
public final class DemoOutput {

    private static final int NAME_WIDTH = 22;
    private static final int TEXT_WIDTH = 84;

    private final PrintStream out;
    private int number;
    private Instant since = Instant.now();
    private volatile String status = "The demo begins.";

    public DemoOutput(PrintStream out) {
        this.out = out;
    }

    /** One sentence for a visitor. */
    public String status() {
        return status;
    }

    void heading(String text) {
        since = Instant.now();
        out.printf("%n%s%n%n", text);
        out.flush();
    }

    /** A step that is done. */
    void step(String name, String result) {
        Duration took = Duration.between(since, Instant.now());
        since = Instant.now();
        number++;
        status = "The demo is running. Newest step, number " + number + ": " + name + ".";
        out.printf(
                Locale.ROOT,
                "%3d  %-" + NAME_WIDTH + "s %-" + TEXT_WIDTH + "s %6.1f s%n",
                number,
                name,
                result,
                took.toMillis() / 1000.0);
        out.flush();
    }

    /** A line about the step before, or about the one that is running. */
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

    void end(boolean sound, Duration took) {
        status = sound ? "The demo is finished; every sum holds." : "The demo is finished, and some sums are broken.";
        out.printf(
                Locale.ROOT,
                "%n%s after %.1f s.%n",
                sound ? "Every sum holds" : "SOME SUMS ARE BROKEN",
                took.toMillis() / 1000.0);
        out.flush();
    }

    static String number(@Nullable Number value) {
        return value == null ? "0" : String.format(Locale.ROOT, "%,d", value.longValue());
    }
}
