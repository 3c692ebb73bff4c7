package org.annona.server.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;

/** {@code socialregistry}: runs the simulated social registry until its standard input ends. */
public final class SocialRegistryCommand {

    private static final int HOUSEHOLDS = 250;
    private static final int MOST_HOUSEHOLDS = 10_000_000;

    private SocialRegistryCommand() {}

    public static int run(List<String> words) throws IOException {
        Arguments given = Arguments.read(words, Set.of("port", "households", "seed"), Set.of());
        try (SimulatedSocialRegistry registry = new SimulatedSocialRegistry(
                (int) given.number("port", 0, 0, 65535),
                given.number("households", HOUSEHOLDS, 1, MOST_HOUSEHOLDS),
                given.number("seed", 1, 0, Integer.MAX_VALUE))) {
            registry.start();
            System.out.println("port " + registry.port() + " " + registry.controlPort());
            System.out.flush();
            // Ends when whoever started it is gone.
            while (System.in.read() >= 0) {
                continue;
            }
        }
        return 0;
    }
}
