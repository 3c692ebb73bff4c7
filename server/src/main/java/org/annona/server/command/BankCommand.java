package org.annona.server.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.annona.server.Refusal;
import org.annona.simulators.bank.SimulatedBank;

/** {@code bank}: runs the simulated bank until its standard input ends. */
public final class BankCommand {

    private static final int REJECTED_PER_MILLE = 30;
    private static final int RETURNED_PER_MILLE = 10;

    private BankCommand() {}

    public static int run(List<String> words) throws IOException {
        Arguments given = Arguments.read(words, Set.of("folder", "account", "currency", "port", "seed"), Set.of());
        String token = System.getenv("ANNONA_BANK_TOKEN");
        if (token == null || token.isBlank()) {
            throw new Refusal("Set ANNONA_BANK_TOKEN to what customers of the simulated bank have to show.");
        }
        try (SimulatedBank bank = new SimulatedBank(new SimulatedBank.Settings(
                Path.of(given.options().getOrDefault("folder", "bank")),
                token,
                given.options().getOrDefault("account", "GOV0001"),
                given.options().getOrDefault("currency", "KES"),
                given.options().getOrDefault("seed", "1"),
                REJECTED_PER_MILLE,
                RETURNED_PER_MILLE,
                LocalDate.now(),
                (int) given.number("port", 0, 0, 65535)))) {
            bank.start();
            System.out.println("port " + bank.port());
            System.out.flush();
            // Ends when whoever started it is gone.
            while (System.in.read() >= 0) {
                continue;
            }
        }
        return 0;
    }
}
