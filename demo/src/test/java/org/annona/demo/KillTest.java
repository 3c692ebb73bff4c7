package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.annona.demo.InterruptedDemo.Moment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls the plug at one moment in each run, and at every moment within nine runs; {@link TortureTest} does it at all. */
class KillTest {

    private static final int PEOPLE = 400;

    @TempDir
    Path folder;

    @Test
    void after_kills_of_server_or_database_every_sum_holds_and_nobody_is_paid_twice() throws Exception {
        int run = thisRun();
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

    private static Moment momentOf(int run) {
        return Moment.values()[Math.floorMod(run, Moment.values().length)];
    }

    /** Another one in each run: the launcher sets ANNONA_RUN to the time in which it was started. */
    private static int thisRun() {
        return Integer.parseInt(System.getenv().getOrDefault("ANNONA_RUN", "0"));
    }

    private static List<String> sums(String output) {
        return output.lines()
                .filter(line -> line.contains(" KES = ") || line.contains("bank paid"))
                .toList();
    }
}
