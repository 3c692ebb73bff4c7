package org.annona.server.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;

/** {@code seeder}: runs the simulated token seeder until its standard input ends. */
public final class SeederCommand {

    private SeederCommand() {}

    public static int run(List<String> words) throws IOException {
        Arguments given = Arguments.read(words, Set.of("port", "partner"), Set.of("hashed", "at-once"));
        Authority authority = new Authority(given.options().getOrDefault("partner", "annona"), given.has("hashed"));
        try (SimulatedSeeder seeder =
                new SimulatedSeeder(authority, (int) given.number("port", 0, 0, 65535), given.has("at-once"))) {
            seeder.start();
            System.out.println("port " + seeder.port() + " " + seeder.controlPort());
            System.out.flush();
            // Ends when whoever started it is gone.
            while (System.in.read() >= 0) {
                continue;
            }
        }
        return 0;
    }
}
