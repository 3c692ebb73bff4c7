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
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.annona.access.Users;
import org.annona.demo.standin.BankSwitches;
import org.annona.demo.standin.StandInSwitches;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.job.Jobs;
import org.annona.payments.Payments;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.RoleNames;
import org.annona.programs.Programs;
import org.annona.registry.OtherRegistries;
import org.annona.registry.Registry;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.simulators.bank.SimulatedBank;
import org.annona.simulators.ibr.SimulatedBeneficiaryRegistry;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;
import org.annona.tokens.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * A whole installation, with the demo of a small country behind it. The demo runs once for all tests of a process; each world
 * is a copy of its database and of its bank's book.
 */
public final class ServerWorld implements AutoCloseable {

    public static final int PEOPLE = 2_000;
    public static final long SEED = 7;

    /** The simulated bank answers within milliseconds or not at all. */
    static final Duration BANK_TIMEOUT = Duration.ofMillis(800);

    static final Duration BANK_SETTLING = Duration.ofMillis(200);
    static final Duration BANK_DAY = Duration.ofMillis(100);
    static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static final String TOKEN = "bank-token-of-the-tests";
    private static final AtomicInteger COPIES = new AtomicInteger();

    public final Path folder;
    public final Settings settings;
    public final Installation installation;
    public final RunningServer server;
    public final BankSwitches bank;
    public final DemoUsers users;
    public final SimulatedSeeder seeder;
    private final String database;
    private final SimulatedBank simulatedBank;
    private final DemoOutput output;

    private ServerWorld(Path folder, String database) throws IOException {
        this.folder = folder;
        this.database = database;
        simulatedBank = new SimulatedBank(new SimulatedBank.Settings(
                folder.resolve("bank"), TOKEN, "GOV0001", "KES", "1", 30, 10, LocalDate.now(), 0));
        simulatedBank.start();
        seeder = new SimulatedSeeder(new Authority("annona", false), 0);
        seeder.start();
        String url = "http://127.0.0.1:" + simulatedBank.port();
        settings = Settings.from(Map.of(
                        "ANNONA_DATA",
                        folder.toString(),
                        "ANNONA_DATABASE_URL",
                        Databases.url(database),
                        "ANNONA_MASTER_KEY",
                        MASTER_KEY,
                        "ANNONA_PORT",
                        "0",
                        "ANNONA_FIRST_RETRY",
                        "0.05",
                        "ANNONA_DEVELOPMENT",
                        "true"))
                .withBank(url, TOKEN, BANK_TIMEOUT, BANK_SETTLING)
                .withReturnWindow(DemoServer.RETURN_WINDOW_DAYS);
        installation = Databases.open(settings);
        bank = new BankSwitches(url, TOKEN);
        output = new DemoOutput(new PrintStream(Databases.PRINTED, true, StandardCharsets.UTF_8));
        server = RunningServer.start(settings, installation, DemoServer.strip(bank, output));
        users = new DemoUsers(server.part(Users.class), installation.masterKey());
    }

    /** The PostgreSQL of this process. */
    static final class Databases {

        static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
        static final Path FOLDER = temporaryFolder();
        static final EmbeddedPostgres SERVER = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                FOLDER.resolve("postgres"), CacheFolder.ofThisUser(), "admin-of-the-tests", 0, false));

        private Databases() {}

        private static Path temporaryFolder() {
            try {
                Path folder = Files.createTempDirectory("annona-server-test-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    SERVER.close();
                    delete(folder);
                }));
                return folder;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** @return how an installation reaches the database of that name, which is made where it is not there */
        static String url(String name) {
            SERVER.createDatabase(name, RoleNames.DEFAULT);
            return "postgresql://postgres:admin-of-the-tests@127.0.0.1:"
                    + SERVER.address(name).port() + "/" + name;
        }

        /** One after the other, because the roles belong to the server. */
        static synchronized Installation open(Settings settings) {
            return Installation.open(settings);
        }

        static void copy(String template, String name) {
            try (Connection admin = SERVER.address("postgres").connectAsAdmin();
                    Statement sql = admin.createStatement()) {
                sql.execute(
                        "create database " + name + " template " + template + " owner " + RoleNames.DEFAULT.owner());
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    /** The world in which the demo ran, closed. */
    private static final class Original {

        private static final String DATABASE = "original";
        private static final Path FOLDER = Databases.FOLDER.resolve(DATABASE);
        private static final Demo.Summary SUMMARY = afterItsDemo();

        private static Demo.Summary afterItsDemo() {
            try (ServerWorld world = new ServerWorld(Files.createDirectories(FOLDER), DATABASE)) {
                Demo demo = world.demo();
                if (!demo.run(FOLDER.resolve("sample"), PEOPLE, SEED)) {
                    throw new AssertionError(
                            "the sums of the demo are broken:\n" + Databases.PRINTED.toString(StandardCharsets.UTF_8));
                }
                return demo.summary();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private static final class Common {

        private static final ServerWorld WORLD = copy();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(WORLD::close));
        }
    }

    /** A world after its demo that the caller has alone, and closes. */
    public static ServerWorld copy() {
        summary();
        return copyOf(Original.DATABASE, Original.FOLDER);
    }

    /** The same world once more. @param closed whose state is copied */
    public static ServerWorld copyOf(ServerWorld closed) {
        return copyOf(closed.database, closed.folder);
    }

    private static ServerWorld copyOf(String database, Path folder) {
        String name = "copy_" + COPIES.incrementAndGet();
        Databases.copy(database, name);
        Path copy = Databases.FOLDER.resolve(name);
        try {
            copyTree(folder, copy);
            return new ServerWorld(copy, name);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A world after its demo for many tests at the same time: each adds its own and counts on nothing else. */
    public static ServerWorld afterDemo() {
        return Common.WORLD;
    }

    /** The outcome of the demo behind every world. */
    public static Demo.Summary summary() {
        return Original.SUMMARY;
    }

    /** The first column of the first row, as the administrator of the database reads it. */
    public String value(String query) {
        try (Connection admin = installation.address().connectAsAdmin();
                Statement sql = admin.createStatement();
                var rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public Demo demo() {
        return demo(null, null);
    }

    /** Runs the rest of the demo with these counterparts: a duplicate check, and an import from another registry. */
    public void demoWith(SimulatedBeneficiaryRegistry beneficiaries, SimulatedSocialRegistry socialRegistry) {
        DuplicatesDemo duplicates = new DuplicatesDemo(
                server.part(Programs.class),
                server.part(Registry.class),
                server.part(Partners.class),
                server.part(RemoteRegistries.class),
                users,
                "http://127.0.0.1:" + beneficiaries.port(),
                switches(beneficiaries.controlPort()));
        SourceDemo source = new SourceDemo(
                server.part(OtherRegistries.class),
                server.part(Programs.class),
                server.part(Jobs.class),
                users,
                "http://127.0.0.1:" + socialRegistry.port(),
                switches(socialRegistry.controlPort()));
        if (!demo(duplicates, source).run(folder.resolve("sample"), PEOPLE, SEED)) {
            throw new AssertionError(
                    "the sums of the demo are broken:\n" + Databases.PRINTED.toString(StandardCharsets.UTF_8));
        }
    }

    private static StandInSwitches switches(int port) {
        return new StandInSwitches("stand-in", "http://127.0.0.1:" + port, "");
    }

    private Demo demo(@Nullable DuplicatesDemo duplicates, @Nullable SourceDemo source) {
        return new Demo(
                new LocalImporting(server.part(Registry.class), server.part(Jobs.class), users, output),
                server.part(Programs.class),
                server.part(Payments.class),
                server.part(Jobs.class),
                new AuditVerification(installation.database("foundation"), AuditSeal.of(installation.masterKey())),
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
                        switches(seeder.controlPort()),
                        settings.standing().firstRetry()),
                duplicates,
                source);
    }

    @Override
    public void close() {
        server.close();
        installation.close();
        try {
            simulatedBank.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        seeder.close();
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one).toString()));
            }
        }
    }

    private static void delete(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException leftForTheSystem) {
            System.err.println("could not remove " + root);
        }
    }
}
