package org.annona.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.annona.access.Users;
import org.annona.demo.standin.BankSwitches;
import org.annona.demo.standin.StandInSwitches;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.job.Jobs;
import org.annona.payments.Payments;
import org.annona.programs.Programs;
import org.annona.registry.Registry;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.simulators.bank.SimulatedBank;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;
import org.annona.tokens.Tokens;

/** A whole installation in a folder of its own, with the demo of a small country run once; shared by all tests. */
public final class ServerWorld {

    public static final int PEOPLE = 2_000;
    public static final long SEED = 7;

    /** The simulated bank answers within milliseconds or not at all. */
    static final Duration BANK_TIMEOUT = Duration.ofMillis(800);

    static final Duration BANK_SETTLING = Duration.ofMillis(200);
    static final Duration BANK_DAY = Duration.ofMillis(100);

    private static final String TOKEN = "bank-token-of-the-tests";

    public final Path folder;
    public final Settings settings;
    public final Installation installation;
    public final RunningServer server;
    public final BankSwitches bank;
    public final DemoUsers users;
    public final SimulatedSeeder seeder;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Demo.Summary summary;

    private ServerWorld() throws IOException {
        folder = Files.createTempDirectory("annona-server-test-");
        SimulatedBank simulated = new SimulatedBank(new SimulatedBank.Settings(
                folder.resolve("bank"), TOKEN, "GOV0001", "KES", "1", 30, 10, LocalDate.now(), 0));
        simulated.start();
        seeder = new SimulatedSeeder(new Authority("annona", false), 0);
        seeder.start();
        String url = "http://127.0.0.1:" + simulated.port();
        settings = Settings.from(
                        Map.of("ANNONA_DATA", folder.toString(), "ANNONA_PORT", "0", "ANNONA_DEVELOPMENT", "true"))
                .withBank(url, TOKEN, BANK_TIMEOUT, BANK_SETTLING);
        installation = Installation.open(settings);
        server = RunningServer.start(settings, installation);
        bank = new BankSwitches(url, TOKEN);
        users = new DemoUsers(server.part(Users.class), installation.masterKey());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            installation.close();
            try {
                simulated.close();
                seeder.close();
                delete(folder);
            } catch (IOException leftForTheSystem) {
                System.err.println("could not remove " + folder);
            }
        }));
    }

    private static final class Holder {
        private static final ServerWorld WORLD = ofItsOwn();
    }

    /** A world after its demo that nobody else uses. */
    public static ServerWorld ofItsOwn() {
        try {
            ServerWorld world = new ServerWorld();
            Demo demo = world.demo();
            if (!demo.run(world.folder.resolve("sample"), PEOPLE, SEED)) {
                throw new AssertionError(
                        "the sums of the demo are broken:\n" + world.printed.toString(StandardCharsets.UTF_8));
            }
            world.summary = demo.summary();
            return world;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The first column of the first row, as the administrator of the database reads it. */
    public String value(String query) {
        try (Connection admin = installation.address().connectAsAdmin();
                var rows = admin.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** What came of its demo. */
    public Demo.Summary summary() {
        return summary;
    }

    /** The common world after its demo; other tests may have added to it. */
    public static ServerWorld afterDemo() {
        return Holder.WORLD;
    }

    public Demo demo() {
        DemoOutput output = new DemoOutput(new PrintStream(printed, true, StandardCharsets.UTF_8));
        return new Demo(
                new ImportingHere(server.part(Registry.class), server.part(Jobs.class), users, output),
                server.part(Programs.class),
                server.part(Payments.class),
                server.part(Jobs.class),
                new AuditVerification(installation.database("foundation")),
                users,
                bank,
                BANK_DAY,
                "KES",
                server.part(Clock.class),
                output,
                new TokenDemo(
                        server.part(Tokens.class),
                        users,
                        seeder.url(),
                        new StandInSwitches("simulated token seeder", "http://127.0.0.1:" + seeder.controlPort(), "")),
                null,
                null);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
