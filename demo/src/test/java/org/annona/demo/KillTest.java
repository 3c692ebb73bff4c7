package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.annona.demo.InterruptedDemo.Moment;
import org.annona.postgres.CacheFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls the plug at one moment in each run, and at every moment within nine runs; {@link TortureTest} does it at all. */
class KillTest {

    private static final int PEOPLE = 400;

    @TempDir
    Path folder;

    @Test
    void after_kills_of_server_or_database_every_sum_holds_and_nobody_is_paid_twice() throws Exception {
        int run = nextRun();
        Moment moment = momentOf(run);
        System.out.println("KillTest pulls the plug at " + moment + " (run " + run + ")");
        try (InterruptedDemo world = new InterruptedDemo(folder, PEOPLE)) {
            Process demo = world.start("killed");
            world.await(moment, demo);
            if (moment == Moment.PAYMENTS_SETTLED) {
                world.killDatabase();
            } else {
                InterruptedDemo.kill(demo);
                demo = world.start("killed");
            }
            world.finish("killed", demo);
        }
    }

    @Test
    void two_servers_that_run_the_same_cycle_at_once_come_to_the_same_sums() throws Exception {
        try (InterruptedDemo world = new InterruptedDemo(folder, PEOPLE)) {
            Process one = world.start("one");
            world.await(Moment.PEOPLE_WRITTEN, one);
            Process two = world.start("two");
            assertThat(one.waitFor(InterruptedDemo.PATIENCE)).isTrue();
            assertThat(two.waitFor(InterruptedDemo.PATIENCE)).isTrue();

            assertThat(one.exitValue()).as(world.output("one")).isZero();
            assertThat(two.exitValue()).as(world.output("two")).isZero();
            assertThat(world.book().accountsPaidTwice()).isZero();
            assertThat(sums(world.output("one"))).isEqualTo(sums(world.output("two")));
        }
    }

    @Test
    void every_moment_comes_within_nine_runs() {
        assertThat(IntStream.range(41, 50).mapToObj(KillTest::momentOf)).contains(Moment.values());
    }

    private static Moment momentOf(int run) {
        return Moment.values()[Math.floorMod(run, Moment.values().length)];
    }

    /** Counts the runs of this user; the first one begins at ANNONA_RUN, which the launcher sets to the number of commits. */
    private static int nextRun() throws IOException {
        Path counter = CacheFolder.ofThisUser().resolve("runs-of-kill-test");
        int run = Files.exists(counter)
                ? Integer.parseInt(Files.readString(counter).strip())
                : Integer.parseInt(System.getenv().getOrDefault("ANNONA_RUN", "0"));
        Files.createDirectories(counter.getParent());
        Files.writeString(counter, Integer.toString(run + 1));
        return run;
    }

    private static List<String> sums(String output) {
        return output.lines()
                .filter(line -> line.contains(" KES = ") || line.contains("bank paid"))
                .toList();
    }
}
