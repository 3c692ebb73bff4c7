package org.annona.server.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.problem.Problem;
import org.annona.payments.Payments;
import org.annona.programs.Programs;
import org.annona.registry.OtherRegistries;
import org.annona.registry.Registry;
import org.annona.server.DataFolder;
import org.annona.server.Refusal;
import org.annona.server.Settings;
import org.annona.server.demo.Acquaintance;
import org.annona.server.demo.BankSwitches;
import org.annona.server.demo.Demo;
import org.annona.server.demo.DemoUsers;
import org.annona.server.demo.DoublesDemo;
import org.annona.server.demo.Houses;
import org.annona.server.demo.Importing;
import org.annona.server.demo.ImportingHere;
import org.annona.server.demo.RegistryProcess;
import org.annona.server.demo.SourceDemo;
import org.annona.server.demo.StandInProcess;
import org.annona.server.demo.TokenDemo;
import org.annona.tokens.Tokens;
import org.jspecify.annotations.Nullable;

/** {@code demo}: a sample country and its first programme, from a file of people to the last cent. */
public final class DemoCommand {

    private static final int PEOPLE = 22_000;
    private static final int MOST_PEOPLE = 1_000_000;
    private static final int MOST_TRIES = 10;
    private static final int CONFLICT = 409;
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private DemoCommand() {}

    public static int run(List<String> words, Settings environment) throws InterruptedException {
        Arguments given = Arguments.read(words, Set.of("people", "seed", "port"), Set.of("fresh", "exit", "split"));
        int people = (int) given.number("people", PEOPLE, 100, MOST_PEOPLE);
        long seed = given.number("seed", 1, 0, Long.MAX_VALUE);
        Settings ported = environment.withPort((int) given.number("port", environment.port(), 0, 65535));
        Settings settings = given.has("split") ? ported.asProgrammesOf(Houses.PROGRAMMES, Houses.REGISTRY) : ported;
        try (DataFolder folder = DataFolder.take(settings.dataFolder())) {
            if (given.has("fresh")) {
                folder.empty();
            }
            refuseOtherCountry(folder.path(), people, seed, given.has("split"));
            System.out.println("Starting PostgreSQL, the stand-ins and the server; data is in " + folder.path());
            try (Running running = Running.start(settings, folder, true)) {
                boolean sound;
                if (given.has("split")) {
                    RegistryProcess registry = meet(running, folder.path(), people, seed);
                    Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
                    System.out.println(
                            "The registry is another house, with a database of its own: " + registry.address());
                    sound = demo(running, registry).run(folder.path().resolve("sample"), people, seed);
                    if (given.has("exit")) {
                        registry.close();
                    }
                } else {
                    sound = patiently(() -> demo(running, importingHere(running))
                            .run(folder.path().resolve("sample"), people, seed));
                }
                if (given.has("exit")) {
                    return sound ? 0 : 1;
                }
                tellUsers(running, given.has("split"));
                running.awaitEnd();
                return 0;
            }
        }
    }

    /**
     * What is done is not done again, so a demo begins anew when its database is back, and when another server that runs the
     * same demo was quicker with a step.
     */
    private static boolean patiently(BooleanSupplier demo) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return demo.getAsBoolean();
            } catch (RuntimeException failure) {
                boolean outrun =
                        failure instanceof Problem problem && problem.code().status() == CONFLICT;
                if (!outrun && !Sqlstate.isTransient(failure) || tries == MOST_TRIES) {
                    throw failure;
                }
                System.out.println("\n" + (outrun ? "Another server was quicker." : "The database went away.")
                        + " The demo goes on where it stopped.");
                Thread.sleep(PAUSE);
            }
        }
    }

    private static RegistryProcess meet(Running running, Path folder, int people, long seed) {
        DemoUsers users = users(running);
        users.create();
        RegistryProcess registry = RegistryProcess.start(
                folder.resolve("registry-house"), running.server().url(), people, seed);
        new Acquaintance(running.server().part(Partners.class), users.actor(Role.ADMINISTRATOR))
                .meetRegistry(
                        running.server().part(RemoteRegistries.class),
                        Houses.REGISTRY,
                        registry.address(),
                        registry.client());
        return registry;
    }

    private static Importing importingHere(Running running) {
        return new ImportingHere(
                running.server().part(Registry.class), running.server().part(Jobs.class), users(running));
    }

    private static Demo demo(Running running, Importing importing) {
        var server = running.server();
        return new Demo(
                importing,
                server.part(Programs.class),
                server.part(Payments.class),
                server.part(Jobs.class),
                new AuditVerification(running.installation().database("foundation")),
                users(running),
                new BankSwitches(
                        Objects.requireNonNull(running.settings().bankUrl()),
                        Objects.requireNonNullElse(running.settings().bankToken(), "")),
                running.settings().currency().getCurrencyCode(),
                server.part(Clock.class),
                tokens(running),
                doubles(running),
                source(running));
    }

    private static @Nullable TokenDemo tokens(Running running) {
        StandInProcess seeder = running.seeder();
        return seeder == null
                ? null
                : new TokenDemo(running.server().part(Tokens.class), users(running), seeder.url(), seeder.switches());
    }

    private static @Nullable DoublesDemo doubles(Running running) {
        StandInProcess other = running.beneficiaries();
        var server = running.server();
        return other == null
                ? null
                : new DoublesDemo(
                        server.part(Programs.class),
                        server.part(Registry.class),
                        server.part(Partners.class),
                        server.part(RemoteRegistries.class),
                        users(running),
                        other.url(),
                        other.switches());
    }

    private static @Nullable SourceDemo source(Running running) {
        StandInProcess other = running.socialRegistry();
        var server = running.server();
        return other == null
                ? null
                : new SourceDemo(
                        server.part(OtherRegistries.class),
                        server.part(Programs.class),
                        server.part(Jobs.class),
                        users(running),
                        other.url(),
                        other.switches());
    }

    private static DemoUsers users(Running running) {
        return new DemoUsers(
                running.server().part(Users.class), running.installation().masterKey());
    }

    /** One installation holds one country; a second one would be taken for its people. */
    private static void refuseOtherCountry(Path folder, int people, long seed, boolean split) {
        Path file = folder.resolve("demo");
        String wanted = people + " people, seed " + seed + (split ? ", in two houses" : "");
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

    private static void tellUsers(Running running, boolean split) {
        System.out.println("\nOpen " + running.server().url() + " and log in as one of these:\n");
        DemoUsers users = users(running);
        for (Role role : Role.values()) {
            System.out.printf(
                    "  %-10s %-16s %s: %s%n", DemoUsers.name(role), users.password(role), role.title(), role.duty());
        }
        System.out.println("\nStop with Ctrl-C. The data stays; './annona " + (split ? "demo --split" : "run")
                + "' brings it back.");
    }
}
