package org.annona.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.demo.DemoOutput;
import org.annona.demo.DemoUsers;
import org.annona.demo.Imported;
import org.annona.demo.LocalImporting;
import org.annona.demo.SampleCountry;
import org.annona.demo.standin.BankSwitches;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.payments.Payments;
import org.annona.postgres.FreePort;
import org.annona.programs.DecisionRequest;
import org.annona.programs.OrderKey;
import org.annona.programs.ProgrammeStatus;
import org.annona.programs.Programs;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.simulators.bank.SimulatedBank;
import org.postgresql.PGConnection;

/** Measures each promise once, on this machine, with its floor in the same run; writes nothing outside a temporary folder. */
public final class Bench {

    private static final int PEOPLE = 100_000;
    private static final int LARGE = 1_000_000;
    private static final int CALLBACKS = 100_000;
    private static final int IDENTIFIERS = 300_000;
    private static final String TOKEN = "token-of-the-bench";

    private final Path folder;

    private Bench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] words) throws Exception {
        int status = 1;
        Path folder = Files.createTempDirectory("annona-bench-");
        System.setProperty("annona.log.file", folder.resolve("bench.log").toString());
        System.out.println("Annona bench on " + Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version());
        try {
            Bench bench = new Bench(folder);
            String only = words.length > 0 ? words[0] : "all";
            switch (only) {
                case "all" -> {
                    bench.startAndDemo();
                    bench.hundredThousand(true);
                }
                case "demo" -> bench.startAndDemo();
                case "import" -> bench.hundredThousand(false);
                case "tokens" -> bench.tokens(number(words, 1, PEOPLE));
                case "source" -> bench.source(number(words, 1, LARGE));
                case "duplicates" -> bench.duplicates(number(words, 1, PEOPLE));
                case "dci" -> bench.dci(number(words, 1, PEOPLE), number(words, 2, CALLBACKS));
                default ->
                    throw new IllegalArgumentException(
                            "'" + only + "' is no part of it. Parts: demo, import, tokens, source, duplicates, dci.");
            }
            status = 0;
        } catch (IllegalArgumentException | IllegalStateException failed) {
            System.err.println(failed.getMessage());
        } catch (Exception failed) {
            // The exit below would take the words of it away.
            failed.printStackTrace();
        } finally {
            delete(folder);
            System.exit(status);
        }
    }

    static void tell(String what, String value, String promise) {
        System.out.printf(Locale.ROOT, "  %-58s %-34s %s%n", what, value, promise);
        System.out.flush();
    }

    private static int number(String[] words, int place, int otherwise) {
        return words.length > place ? Integer.parseInt(words[place]) : otherwise;
    }

    /** An identity authority is asked about everybody. */
    private void tokens(int people) throws Exception {
        installation(
                "tokens",
                "registry,tokens",
                (installation, server, users) -> new TokensBench(installation, server, users, folder).run(people));
    }

    /** Another registry tells of everybody, twice. */
    private void source(int people) throws Exception {
        installation(
                "source",
                "registry,tokens",
                (installation, server, users) -> new SourceBench(installation, server, users).run(people));
    }

    /** Another registry of beneficiaries is asked about everybody. */
    private void duplicates(int people) throws Exception {
        installation(
                "duplicates",
                "registry,tokens,programs,mapper,payments",
                (installation, server, users) -> new DuplicatesBench(server, users, installation, folder).run(people));
    }

    private interface Part {
        void run(Installation installation, RunningServer server, DemoUsers users) throws Exception;
    }

    private void installation(String name, String blocks, Part part) throws Exception {
        Settings settings = Settings.from(Map.of(
                "ANNONA_DATA",
                folder.resolve(name).toString(),
                "ANNONA_PORT",
                "0",
                "ANNONA_TRUSTED_HOSTS",
                "127.0.0.1",
                "ANNONA_BLOCKS",
                blocks));
        Files.createDirectories(settings.dataFolder());
        try (Installation installation = Installation.open(settings);
                RunningServer server = RunningServer.start(settings, installation)) {
            DemoUsers users = new DemoUsers(server.part(Users.class), installation.masterKey());
            users.create();
            part.run(installation, server, users);
        }
    }

    /** Other systems ask the registry of a large country. */
    private void dci(int people, int callbacks) throws Exception {
        Settings settings = Settings.from(Map.of(
                "ANNONA_DATA",
                folder.resolve("dci").toString(),
                "ANNONA_PORT",
                "0",
                "ANNONA_DEVELOPMENT",
                "true",
                "ANNONA_BLOCKS",
                "registry,tokens"));
        Files.createDirectories(settings.dataFolder());
        try (Installation installation = Installation.open(settings);
                RunningServer server = RunningServer.start(settings, installation)) {
            DemoUsers users = new DemoUsers(server.part(Users.class), installation.masterKey());
            users.create();
            SampleCountry.Lists lists = SampleCountry.write(folder.resolve("sample"), people, 1);
            Instant begin = Instant.now();
            Imported imported = new LocalImporting(
                            server.part(Registry.class), server.part(Jobs.class), users, new DemoOutput(System.out))
                    .take(lists, (step, words) -> {});
            tell(
                    "people in the registry",
                    String.format(Locale.ROOT, "%,d", imported.imported()),
                    text(seconds(begin)));
            awaitQuiet(installation);
            List<String> lines;
            try (Stream<String> all = Files.lines(lists.people())) {
                lines = all.limit(IDENTIFIERS).toList();
            }
            try (DciBench bench = new DciBench(server, DciBench.column(lines, "National ID"))) {
                bench.synchronous();
                bench.acknowledging();
                bench.outage(installation.database("exchange"), callbacks);
            }
        }
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }

    private static String text(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** As processes of their own, as a user runs them. */
    private void startAndDemo() throws IOException, InterruptedException {
        Path data = folder.resolve("demo");
        int port = FreePort.find();
        Instant begin = Instant.now();
        Process demo = program("org.annona.demo.AnnonaDemo", data, "demo", "--exit", "--port", Integer.toString(port));
        long largest = 0;
        while (demo.isAlive()) {
            largest = Math.max(largest, residentMegabytes(demo.pid()));
            Thread.sleep(100);
        }
        tell("default demo (22,000 people), with start and stop", text(seconds(begin)), "promise: 90 s");
        tell("  its exit status (0: every sum holds)", Integer.toString(demo.exitValue()), "promise: 0");
        tell("  largest resident memory of the server", largest + " MB", "promise: 700 MB");

        begin = Instant.now();
        Process run = program("org.annona.server.Annona", data, "run", "--port", Integer.toString(port));
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest login = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/login"))
                .build();
        while (run.isAlive() && !answers(http, login)) {
            Thread.sleep(50);
        }
        tell("from run to the first page, PostgreSQL included", text(seconds(begin)), "promise: 12 s");
        run.destroy();
        run.waitFor();
    }

    private static boolean answers(HttpClient http, HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private Process program(String main, Path data, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(words[0] + ".out").toFile());
        builder.environment().put("ANNONA_DATA", data.toString());
        return builder.start();
    }

    private static long residentMegabytes(long process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException notOnThisSystem) {
            return 0;
        }
    }

    private void hundredThousand(boolean paid) throws Exception {
        SimulatedBank bank = new SimulatedBank(new SimulatedBank.Settings(
                folder.resolve("bank"), TOKEN, "GOV0001", "KES", "1", 30, 10, LocalDate.now(), 0));
        bank.start();
        String url = "http://127.0.0.1:" + bank.port();
        Settings settings = Settings.from(
                        Map.of("ANNONA_DATA", folder.resolve("large").toString(), "ANNONA_PORT", "0"))
                .withBank(url, TOKEN, Duration.ofSeconds(3), Duration.ofSeconds(1))
                .withReturnWindow(5);
        Files.createDirectories(settings.dataFolder());
        try (Installation installation = Installation.open(settings);
                RunningServer server = RunningServer.start(settings, installation)) {
            DemoUsers users = new DemoUsers(server.part(Users.class), installation.masterKey());
            users.create();
            importSample(server, users);
            importHeads(installation, server, users);
            if (paid) {
                awaitQuiet(installation);
                pay(server, users, new BankSwitches(url, TOKEN));
            }
        } finally {
            bank.close();
        }
    }

    private Path headsFile() throws IOException {
        Path file = folder.resolve("heads.csv");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("household_no,role,given_name,family_name,sex,birth_date,national_id,phone,household_income,"
                    + "account_type,account_provider,account_number\n");
            for (int i = 0; i < PEOPLE; i++) {
                out.write("HH" + i + ",head,Given" + i % 977 + ",Family" + i % 1009 + ",F," + (1950 + i % 50) + "-0"
                        + (1 + i % 9) + "-1" + i % 10 + ",," + "07" + (10_000_000 + i) + "," + i % 5_000 + ",bank,bank"
                        + i % 7 + "," + (4_000_000_000L + i) + "\n");
            }
        }
        return file;
    }

    /** People as they are: households of four to five, some without a document, some rows bad. */
    private void importSample(RunningServer server, DemoUsers users) throws Exception {
        SampleCountry.Lists lists = SampleCountry.write(folder.resolve("sample"), PEOPLE, 1);
        try (InputStream areas = Files.newInputStream(lists.areas())) {
            server.part(Registry.class).loadAreas(users.actor(Role.REGISTRAR), areas);
        }
        importPeople("import of 100,000 people by a server just started", lists.people(), "sample", server, users);
    }

    /** The dearest file there is: every row a household of its own, with a head, a phone and an account. */
    private void importHeads(Installation installation, RunningServer server, DemoUsers users) throws Exception {
        Path file = headsFile();
        awaitQuiet(installation);
        importPeople("  and of 100,000 people who live alone", file, "heads", server, users);
        tell("  floor: COPY of the same file into a bare table", rate(copyFloor(installation, file)), "");
    }

    /** @param source numbers its households by itself; under the name of another they would be taken for that one's */
    private void importPeople(String what, Path file, String source, RunningServer server, DemoUsers users)
            throws Exception {
        Registry registry = server.part(Registry.class);
        Actor registrar = users.actor(Role.REGISTRAR);
        Instant begin = Instant.now();
        ImportStatus status;
        try (InputStream in = Files.newInputStream(file)) {
            status = registry.uploadPeople(registrar, "people.csv", in);
        }
        UUID id = status.id();
        registry.checkImport(registrar, id, status.mapping(), status.dateOrder(), source);
        await(server, "import/" + id, () -> registry.importStatus(registrar, id).state() == ImportStatus.State.CHECKED);
        double checked = seconds(begin);
        registry.applyImport(registrar, id);
        await(server, "import/" + id, () -> registry.importStatus(registrar, id).state() == ImportStatus.State.APPLIED);
        double all = seconds(begin);
        long imported = registry.importStatus(registrar, id).rowsImported();
        if (imported < PEOPLE) {
            throw new IllegalStateException(
                    "only " + imported + " people were imported, so the rate would mean nothing");
        }
        tell(what, rate(all) + " (check " + text(checked) + ", write " + text(all - checked) + ")", "promise: 5,000/s");
    }

    private static String rate(double seconds) {
        return String.format(Locale.ROOT, "%,.0f people/s", PEOPLE / seconds);
    }

    private static double copyFloor(Installation installation, Path file) throws SQLException, IOException {
        try (Connection admin = installation.address().connectAsAdmin();
                Statement sql = admin.createStatement();
                InputStream in = Files.newInputStream(file)) {
            sql.execute(
                    "create table public.bench_floor (a text, b text, c text, d text, e text, f text, g text, h text,"
                            + " i text, j text, k text, l text)");
            Instant begin = Instant.now();
            admin.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy public.bench_floor from stdin with (format csv, header)", in);
            double took = seconds(begin);
            sql.execute("drop table public.bench_floor");
            return took;
        }
    }

    private void pay(RunningServer server, DemoUsers users, BankSwitches bank) throws Exception {
        Programs programs = server.part(Programs.class);
        Payments payments = server.part(Payments.class);
        Actor manager = users.actor(Role.PROGRAMME_MANAGER);
        ProgrammeStatus programme = programs.draft(
                manager,
                "emergency",
                Map.of("code", "BENCH", "area", "", "rule", "size == 1", "perChild", "", "maximum", ""));
        programs.submit(manager, programme.id());
        approve(programs, users.actor(Role.APPROVER), programme.id());
        programs.assess(manager, programme.id());
        await(
                server,
                "programme/" + programme.id(),
                () -> programs.newestAssessment(manager, programme.id())
                        .orElseThrow()
                        .done());
        Instant begin = Instant.now();
        UUID enrolment = programs.enrol(
                manager,
                programs.newestAssessment(manager, programme.id()).orElseThrow().id());
        Jobs jobs = server.part(Jobs.class);
        await(
                server,
                "programme/" + programme.id(),
                () -> jobs.find(enrolment).orElseThrow().state() == JobState.DONE);
        tell("enrolment of 100,000 households", text(seconds(begin)), "");
        payments.announceFunds(users.actor(Role.FINANCE_OFFICER), "BENCH", "KES", 100_000_000_000L);
        bank.deposit(payments.awaitedFunds("BENCH").orElseThrow().reference(), 100_000_000_000L);
        bank.closeDays(1);
        await(server, "", () -> payments.availableMinor("BENCH") > 0);

        begin = Instant.now();
        UUID cycle = programs.openCycle(
                        manager, programme.id(), "1", LocalDate.now().plusDays(30))
                .id();
        await(
                server,
                "cycle/" + cycle,
                () -> programs.cycle(manager, cycle).state().equals("computed"));
        double computed = seconds(begin);
        long payable = programs.cycle(manager, cycle).payable();
        if (payable < PEOPLE) {
            throw new IllegalStateException("only " + payable + " households are paid, so the time would mean nothing");
        }
        approve(programs, users.actor(Role.APPROVER), cycle);
        approve(programs, users.actor(Role.FINANCE_OFFICER), cycle);
        String key = OrderKey.of(cycle);
        await(
                server,
                "cycle/" + cycle,
                () -> payments.progress(key)
                        .map(progress -> !progress.state().equals("being received"))
                        .orElse(false));
        tell(
                "entitlements, approval and envelope of 100,000 households",
                text(seconds(begin)) + " (roster, amounts " + text(computed) + ")",
                "promise: 30 s");
    }

    private static void approve(Programs programs, Actor actor, UUID subject) {
        DecisionRequest request = programs.requestOn(actor, subject).orElseThrow();
        programs.approve(actor, request.id(), request.digest(), "");
    }

    private static void await(RunningServer server, String subject, BooleanSupplier done) throws InterruptedException {
        Jobs jobs = server.part(Jobs.class);
        while (!done.getAsBoolean()) {
            if (!subject.isEmpty()) {
                jobs.ofSubject(subject, 3).stream()
                        .filter(job -> job.state() == JobState.FAILED)
                        .findFirst()
                        .ifPresent(job -> {
                            throw new IllegalStateException(job.title() + ": " + job.message());
                        });
            }
            Thread.sleep(50);
        }
    }

    /** Waits until the other blocks have heard of everything, so that the next thing is measured alone. */
    static void awaitQuiet(Installation installation) throws SQLException, InterruptedException {
        try (Connection admin = installation.address().connectAsAdmin();
                PreparedStatement sql =
                        admin.prepareStatement("select (select count(*) from foundation.outbox where state = 'pending')"
                                + " + (select count(*) from foundation.job where state in ('queued', 'running'))")) {
            while (count(sql) > 0) {
                Thread.sleep(50);
            }
        }
    }

    private static long count(PreparedStatement sql) throws SQLException {
        try (ResultSet rows = sql.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
