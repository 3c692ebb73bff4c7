package org.annona.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that belongs to this process: it listens on the loopback address only, it ends when this process
 * ends (also by {@code kill -9}), and it is started again when it dies by itself.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    public static final String ADMIN = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long LARGEST_LOG_BYTES = 10_000_000;
    private static final String WRONG_PASSWORD = "28P01";
    private static final int LINE_OF_PORT = 3;

    /**
     * Runs the server as a child and waits for word on standard input: the line {@code stop} asks for an orderly end, the
     * end of input means that the parent is gone. Descriptor 3, because a shell gives background jobs an empty input.
     */
    private static final String GUARD = """
            exec 3<&0
            "$0" "$@" <&- &
            server=$!
            ( read -r word <&3; if [ "$word" = stop ]; then kill -INT $server; else kill -QUIT $server; fi ) 2>/dev/null &
            wait $server
            """;

    private final Settings settings;
    private final Programs programs;
    private final int port;
    private volatile Process guard;
    private volatile boolean closing;

    /**
     * @param dataFolder the server's files; made when it does not exist
     * @param cacheFolder where the programs are unpacked, shared by all installations of this user
     * @param adminPassword of the role {@value #ADMIN}; the same at every start of the same folder
     * @param port 0 for any free one
     * @param durable false only where the data may be lost with the machine, as in tests
     */
    public record Settings(Path dataFolder, Path cacheFolder, String adminPassword, int port, boolean durable) {}

    private EmbeddedPostgres(Settings settings, Programs programs, int port) throws IOException {
        this.settings = settings;
        this.programs = programs;
        this.port = port;
        this.guard = launch();
    }

    public static EmbeddedPostgres start(Settings settings) {
        Programs programs = new Programs(PostgresBinaries.unpackInto(settings.cacheFolder()), settings.dataFolder());
        try {
            if (!isIn(settings.dataFolder())) {
                initialise(settings, programs);
            }
            int port = settings.port() == 0 ? FreePort.find() : settings.port();
            EmbeddedPostgres server = new EmbeddedPostgres(settings, programs, port);
            server.awaitReady();
            server.watch();
            return server;
        } catch (IOException failure) {
            throw new DatabaseUnavailable(
                    "PostgreSQL could not be started in " + settings.dataFolder() + ": " + failure.getMessage(),
                    failure);
        }
    }

    /** Whether the folder holds a database already. */
    public static boolean isIn(Path dataFolder) {
        return Files.exists(dataFolder.resolve("PG_VERSION"));
    }

    /** The administrator's address of a server that another process runs on the folder; empty where none answers. */
    public static Optional<DatabaseAddress> running(Path dataFolder, String database, String adminPassword) {
        try {
            List<String> lines = Files.readAllLines(dataFolder.resolve("postmaster.pid"));
            int port = Integer.parseInt(lines.get(LINE_OF_PORT).strip());
            DatabaseAddress address = new DatabaseAddress("127.0.0.1", port, database, ADMIN, adminPassword, "");
            try (Connection connection = address.connectAsAdmin()) {
                return connection.isValid(2) ? Optional.of(address) : Optional.empty();
            }
        } catch (IOException | SQLException | NumberFormatException | IndexOutOfBoundsException none) {
            return Optional.empty();
        }
    }

    /** The administrator's address of one database of this server. */
    public DatabaseAddress address(String database) {
        return new DatabaseAddress("127.0.0.1", port, database, ADMIN, settings.adminPassword(), "");
    }

    /** Makes a database that belongs to the owner role, unless it is there already. */
    public DatabaseAddress createDatabase(String name, RoleNames roles) {
        try (Connection admin = address("postgres").connectAsAdmin();
                Statement sql = admin.createStatement()) {
            if (!exists(sql, "select 1 from pg_roles where rolname = " + Provisioning.literal(roles.owner()))) {
                sql.execute("create role " + Provisioning.quoted(roles.owner()) + " nologin");
            }
            if (!exists(sql, "select 1 from pg_database where datname = " + Provisioning.literal(name))) {
                sql.execute("create database " + Provisioning.quoted(name) + " owner "
                        + Provisioning.quoted(roles.owner()));
            }
            return address(name);
        } catch (SQLException failure) {
            throw new DatabaseUnavailable("The database " + name + " could not be created: " + failure.getMessage());
        }
    }

    private static boolean exists(Statement sql, String query) throws SQLException {
        try (ResultSet rows = sql.executeQuery(query)) {
            return rows.next();
        }
    }

    /** The process id of the server's main process, for operators and fault tests. */
    public long processId() {
        try {
            return Long.parseLong(Files.readAllLines(settings.dataFolder().resolve("postmaster.pid"))
                    .getFirst()
                    .trim());
        } catch (IOException absent) {
            throw new DatabaseUnavailable("PostgreSQL is not running in " + settings.dataFolder(), absent);
        }
    }

    /** Ends the server in an orderly way; open transactions are rolled back. */
    @Override
    public void close() {
        closing = true;
        Process running = guard;
        try (OutputStream word = running.getOutputStream()) {
            word.write("stop\n".getBytes(StandardCharsets.US_ASCII));
            word.flush();
        } catch (IOException alreadyGone) {
            LOG.debug("the database had ended before it was told to", alreadyGone);
        }
        try {
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                running.descendants().forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes a new data folder beside the final one first, so that a crash in between leaves nothing half made. */
    private static void initialise(Settings settings, Programs programs) throws IOException {
        Path folder = settings.dataFolder();
        Path parent = Objects.requireNonNull(folder.toAbsolutePath().getParent());
        Files.createDirectories(parent);
        Path unfinished = parent.resolve(folder.getFileName() + ".unfinished");
        PostgresBinaries.deleteTree(unfinished);
        Path password = Files.createTempFile("annona-", ".password");
        try {
            Files.writeString(password, settings.adminPassword());
            programs.letServerRead(password);
            Files.createDirectories(unfinished);
            programs.letServerOwn(unfinished);
            List<String> command = new ArrayList<>(programs.prefix());
            command.addAll(List.of(
                    programs.path("initdb"),
                    "--pgdata=" + unfinished,
                    "--username=" + ADMIN,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--no-sync"));
            run(command, folder);
        } finally {
            Files.deleteIfExists(password);
        }
        Files.move(unfinished, folder);
    }

    private static void run(List<String> command, Path folder) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(Path.of("/").toFile())
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new DatabaseUnavailable(
                        "PostgreSQL could not set up its folder " + folder + ": "
                                + output.strip()
                                        .lines()
                                        .reduce((first, last) -> last)
                                        .orElse("no message")
                                + ". Check that the disk has space and that the folder can be written, or set ANNONA_DATA to another one.");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("interrupted while PostgreSQL was set up", interrupted);
        }
    }

    private Process launch() throws IOException {
        programs.letServerOwn(settings.dataFolder());
        Path log = settings.dataFolder().resolveSibling(settings.dataFolder().getFileName() + ".log");
        if (Files.exists(log) && Files.size(log) > LARGEST_LOG_BYTES) {
            Files.move(
                    log,
                    log.resolveSibling(log.getFileName() + ".1"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(Programs.inOwnSession());
        command.addAll(programs.prefix());
        command.addAll(List.of("/bin/sh", "-c", GUARD, programs.path("postgres"), "-D"));
        command.add(settings.dataFolder().toAbsolutePath().toString());
        for (String setting : serverSettings()) {
            command.add("-c");
            command.add(setting);
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .directory(Path.of("/").toFile())
                .start();
    }

    private List<String> serverSettings() {
        List<String> list = new ArrayList<>(List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=200",
                "shared_buffers=128MB",
                "max_wal_size=2GB",
                // Tables grow from nothing to millions within a minute here; the planner should hear of it.
                "autovacuum_naptime=15s",
                "checkpoint_completion_target=0.9",
                "random_page_cost=1.1",
                "jit=off",
                // The detail of a constraint violation repeats values of the row; no value belongs into a log.
                "log_error_verbosity=terse",
                "log_parameter_max_length=0",
                "log_parameter_max_length_on_error=0",
                "log_min_error_statement=panic",
                "log_timezone=UTC",
                "timezone=UTC"));
        if (!settings.durable()) {
            list.addAll(List.of(
                    "fsync=off",
                    "synchronous_commit=off",
                    "full_page_writes=off",
                    // Tests hold many databases at once, and open connections all the time.
                    "max_connections=600",
                    "scram_iterations=1"));
        }
        return list;
    }

    private void awaitReady() throws IOException {
        Instant limit = Instant.now().plus(START_LIMIT);
        SQLException last = null;
        while (Instant.now().isBefore(limit)) {
            try (Connection connection = address("postgres").connectAsAdmin()) {
                if (connection.isValid(2)) {
                    return;
                }
            } catch (SQLException notYet) {
                last = notYet;
                if (WRONG_PASSWORD.equals(notYet.getSQLState())) {
                    // It is ready, and will not change its mind.
                    close();
                    throw new WrongPassword(settings.dataFolder());
                }
            }
            if (!guard.isAlive()) {
                // The processes of a killed predecessor may need a moment to let go of the folder.
                pause(Duration.ofMillis(300));
                guard = launch();
            }
            pause(Duration.ofMillis(40));
        }
        throw notReady(last);
    }

    private DatabaseUnavailable notReady(@Nullable SQLException last) {
        closing = true;
        guard.descendants().forEach(ProcessHandle::destroy);
        return new DatabaseUnavailable(
                "PostgreSQL did not become ready within " + START_LIMIT.toSeconds() + " seconds ("
                        + (last == null ? "no answer" : last.getMessage()) + "). Its own words are in "
                        + settings.dataFolder() + ".log; the usual reason is a full disk.",
                last);
    }

    private void watch() {
        guard.onExit().thenAccept(ended -> {
            if (closing) {
                return;
            }
            LOG.warn("The database ended by itself (exit code {}); it is started again.", ended.exitValue());
            try {
                guard = launch();
                awaitReady();
                LOG.info("The database is back.");
                watch();
            } catch (IOException | DatabaseUnavailable failure) {
                LOG.error("The database could not be started again. Restart Annona when the cause is mended.", failure);
            }
        });
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("interrupted while waiting for PostgreSQL", interrupted);
        }
    }
}
