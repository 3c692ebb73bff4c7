package org.annona.server.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.annona.simulators.ibr.SimulatedBeneficiaryRegistry;

/** {@code ibr}: runs the simulated registry of beneficiaries until its standard input ends. */
public final class BeneficiaryRegistryCommand {

    private BeneficiaryRegistryCommand() {}

    public static int run(List<String> words) throws IOException {
        Arguments given = Arguments.read(words, Set.of("port", "folder"), Set.of());
        String folder = given.options().get("folder");
        try (SimulatedBeneficiaryRegistry registry = new SimulatedBeneficiaryRegistry(
                (int) given.number("port", 0, 0, 65535), folder == null ? null : Path.of(folder))) {
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
