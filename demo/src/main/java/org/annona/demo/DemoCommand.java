package org.annona.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.annona.access.Role;
import org.annona.demo.split.PairInstallations;
import org.annona.demo.split.RegistryInstallation;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.problem.Problem;
import org.annona.server.DataFolder;
import org.annona.server.Refusal;
import org.annona.server.Settings;
import org.annona.server.command.Arguments;
import org.annona.server.command.Running;

/** {@code demo}: a sample country and its first programme, from a file of people to the last cent. */
final class DemoCommand {

    private static final int PEOPLE = 22_000;
    private static final int MOST_PEOPLE = 1_000_000;
    private static final int MOST_TRIES = 10;
    private static final int CONFLICT = 409;
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private DemoCommand() {}

    static int run(List<String> words, Settings environment) throws InterruptedException {
        Arguments given = Arguments.read(words, Set.of("people", "seed", "port"), Set.of("fresh", "exit", "split"));
        int people = (int) given.number("people", PEOPLE, 100, MOST_PEOPLE);
        long seed = given.number("seed", 1, 0, Long.MAX_VALUE);
        boolean split = given.has("split");
        Settings ported = environment.withPort((int) given.number("port", environment.port(), 0, 65535));
        Settings settings =
                split ? ported.asProgrammesOf(PairInstallations.PROGRAMMES, PairInstallations.REGISTRY) : ported;
        try (DataFolder folder = DataFolder.take(settings.dataFolder())) {
            refuseAnInstallation(folder.path());
            if (given.has("fresh")) {
                folder.empty();
            }
            refuseOtherCountry(folder.path(), people, seed, split);
            System.out.println(
                    "Starting PostgreSQL, the simulated counterparts and the server. The data is in " + folder.path());
            DemoOutput output = new DemoOutput(System.out);
            try (DemoServer server = DemoServer.start(settings, folder, output)) {
                server.users().create();
                tellUsers(server);
                Path sample = folder.path().resolve("sample");
                boolean sound = split
                        ? inTwoInstallations(server, folder.path(), people, seed, given.has("exit"))
                        : patiently(() -> server.demo(server.importing()).run(sample, people, seed));
                if (given.has("exit")) {
                    return sound ? 0 : 1;
                }
                System.out.println(
                        "\nAnnona stays at " + server.running().server().url()
                                + ". Ctrl-C stops it; the data stays, and './annona demo" + (split ? " --split" : "")
                                + "' serves it again.");
                server.running().awaitEnd();
                return 0;
            }
        }
    }

    private static void tellUsers(DemoServer server) {
        System.out.println(
                "\nOpen " + server.running().server().url() + " in a browser and log in as one of these users:\n");
        DemoUsers users = server.users();
        for (Role role : Role.values()) {
            System.out.printf(
                    "  %-10s %-16s %s: %s%n", DemoUsers.name(role), users.password(role), role.title(), role.duty());
        }
        System.out.println(
                "  finance2 and registrar2, with the same passwords as their colleagues, confirm what takes two people");
        System.out.println(
                "\nThe demo now runs behind the pages and takes a minute or two. Each step is printed when it is done,"
                        + " with its time.");
    }

    private static boolean inTwoInstallations(
            DemoServer server, Path folder, int people, long seed, boolean endsAfterwards) {
        Running running = server.running();
        RegistryInstallation registry = RegistryInstallation.start(
                folder.resolve("registry-installation"), running.server().url(), people, seed);
        Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
        new PairInstallations(
                        running.server().part(Partners.class), server.users().actor(Role.ADMINISTRATOR))
                .meetRegistry(
                        running.server().part(RemoteRegistries.class),
                        PairInstallations.REGISTRY,
                        registry.address(),
                        registry.client());
        System.out.println("The registry is another installation with a database of its own: " + registry.address());
        boolean sound = server.demo(registry).run(folder.resolve("sample"), people, seed);
        if (endsAfterwards) {
            registry.close();
        }
        return sound;
    }

    /**
     * No step is done twice, so a demo starts again when its database is back, and when another server that runs the same demo
     * was faster with a step.
     */
    private static boolean patiently(BooleanSupplier demo) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return demo.getAsBoolean();
            } catch (RuntimeException failure) {
                boolean overtaken =
                        failure instanceof Problem problem && problem.code().status() == CONFLICT;
                if (!overtaken && !Sqlstate.isTransient(failure) || tries == MOST_TRIES) {
                    throw failure;
                }
                System.out.println("\n" + (overtaken ? "Another server was faster." : "The database went away.")
                        + " The demo continues where it stopped.");
                Thread.sleep(PAUSE);
            }
        }
    }

    private static void refuseAnInstallation(Path folder) {
        if (Files.exists(folder.resolve("master.key")) && !Files.exists(folder.resolve("demo"))) {
            throw new Refusal("The folder " + folder
                    + " holds an installation that is no demo. Choose another folder with ANNONA_DATA.");
        }
    }

    /** One installation holds one country; a second one would be taken for its people. */
    private static void refuseOtherCountry(Path folder, int people, long seed, boolean split) {
        Path file = folder.resolve("demo");
        String wanted = people + " people, seed " + seed + (split ? ", in two installations" : "");
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, wanted);
            } else if (!Files.readString(file).equals(wanted)) {
                throw new Refusal("This folder holds the demo of another country (" + Files.readString(file)
                        + "). Add --fresh to start over, or choose another folder with ANNONA_DATA.");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
