package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.annona.demo.InterruptedDemo.Moment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./annona torture}: demos of any size, interrupted at any moments, for as long as it is told. */
@Tag("torture")
class TortureTest {

    private static final int[] PEOPLE = {300, 600, 1_500, 3_000};
    private static final int LONGEST_DELAY_MILLIS = 1_500;
    private static final int DATABASE_ONE_IN = 4;

    @TempDir
    Path folder;

    private final Map<Moment, Integer> servers = new EnumMap<>(Moment.class);
    private final Map<Moment, Integer> databases = new EnumMap<>(Moment.class);
    private long payments;

    @Test
    void demos_that_are_interrupted_at_any_moment_come_to_their_sums() throws Exception {
        long seed = Long.getLong("annona.torture.seed", 1);
        Instant end = Instant.now().plus(Duration.ofMinutes(Integer.getInteger("annona.torture.minutes", 20)));
        System.out.println("Torture with --seed " + seed);
        Random random = new Random(seed);
        int rounds = 0;
        while (rounds == 0 || Instant.now().isBefore(end)) {
            rounds++;
            round(rounds, random, end);
        }
        System.out.printf(
                "Torture: %d demos came to their sums. Servers killed %d times: %s. Databases killed %d times: %s. Payments made"
                        + " at the bank: %d, none twice.%n",
                rounds, sum(servers), servers, sum(databases), databases, payments);
        assertThat(sum(servers)).isPositive();
    }

    private void round(int number, Random random, Instant end) throws Exception {
        int people = PEOPLE[random.nextInt(PEOPLE.length)];
        String name = "round-" + number;
        try (InterruptedDemo world = new InterruptedDemo(folder.resolve(name), people)) {
            Process demo = world.start(name);
            for (Moment moment : Moment.values()) {
                boolean pull = random.nextBoolean();
                int delay = random.nextInt(LONGEST_DELAY_MILLIS);
                boolean database = random.nextInt(DATABASE_ONE_IN) == 0;
                if (!pull || Instant.now().isAfter(end)) {
                    continue;
                }
                world.await(moment, demo);
                Thread.sleep(delay);
                if (!demo.isAlive()) {
                    break;
                }
                if (database) {
                    world.killDatabase();
                    databases.merge(moment, 1, Integer::sum);
                } else {
                    InterruptedDemo.kill(demo);
                    servers.merge(moment, 1, Integer::sum);
                    demo = world.start(name);
                }
            }
            world.finish(name, demo);
            payments += world.book().paidCount();
            System.out.println("Torture: demo " + number + " of " + people + " people holds.");
        }
    }

    private static int sum(Map<Moment, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
