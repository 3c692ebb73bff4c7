package org.annona.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.annona.foundation.sealing.MasterKey;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.RoleNames;
import org.annona.simulators.bank.SimulatedBank;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls the plug: real processes, killed without warning, on a database and a bank that live on. */
class KillTest {

    private static final int PEOPLE = 3_000;
    private static final String TOKEN = "token-of-the-kill-test";
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /** For machines that have much else to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TempDir
    Path folder;

    private SimulatedBank bank;
    private EmbeddedPostgres database;
    private DatabaseAddress address;
    private final List<Process> demos = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        bank = new SimulatedBank(new SimulatedBank.Settings(
                folder.resolve("bank"), TOKEN, "GOV0001", "KES", "1", 30, 10, LocalDate.now(), 0));
        bank.start();
        database = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                folder.resolve("database"), CacheFolder.ofThisUser(), "admin-of-the-test", 0, true));
        address = database.createDatabase("annona", RoleNames.DEFAULT);
    }

    @AfterEach
    void close() throws IOException {
        demos.forEach(Process::destroyForcibly);
        database.close();
        bank.close();
    }

    /** The demo as a process of its own, on a data folder of its own and the common database and bank. */
    private Process demo(String name) throws IOException {
        List<String> command = new ArrayList<>(StandInProcess.ownCommand());
        command.addAll(List.of("demo", "--people", Integer.toString(PEOPLE), "--seed", "5", "--exit", "--port", "0"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".out").toFile()));
        builder.environment().put("ANNONA_DATA", folder.resolve(name).toString());
        builder.environment().put("ANNONA_DATABASE_URL", url());
        builder.environment().put("ANNONA_MASTER_KEY", KEY);
        builder.environment().put("ANNONA_BANK_URL", "http://127.0.0.1:" + bank.port());
        builder.environment().put("ANNONA_BANK_TOKEN", TOKEN);
        builder.environment().put("ANNONA_BANK_TIMEOUT", "2");
        builder.environment().put("ANNONA_BANK_SETTLING", "1");
        Process process = builder.start();
        demos.add(process);
        return process;
    }

    private String url() {
        return "postgresql://postgres:admin-of-the-test@127.0.0.1:" + address.port() + "/annona";
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".out"), StandardCharsets.UTF_8);
    }

    private BankSwitches.BankBook book() {
        return new BankSwitches("http://127.0.0.1:" + bank.port(), TOKEN).book();
    }

    /** Waits until a query gives at least this number; a process that ends meanwhile is no reason to wait longer. */
    private void awaitCount(String query, long least, Process process) throws Exception {
        Instant limit = Instant.now().plus(PATIENCE);
        while (count(query) < least && process.isAlive()) {
            assertThat(Instant.now()).as(query).isBefore(limit);
            Thread.sleep(30);
        }
    }

    private long count(String query) throws SQLException {
        try (Connection admin = address.connectAsAdmin();
                Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException notYetThere) {
            return 0;
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private void killDatabase() throws Exception {
        Process kill = new ProcessBuilder("kill", "-9", Long.toString(database.processId())).start();
        try (InputStream words = kill.getInputStream()) {
            words.readAllBytes();
        }
        assertThat(kill.waitFor()).isZero();
    }

    @Test
    void after_eight_kills_of_the_server_and_one_of_the_database_every_sum_holds_and_nobody_is_paid_twice()
            throws Exception {
        assertThat(MasterKey.fromBase64(KEY)).isNotNull();
        String[] plugs = {
            "select count(*) from registry.import_row",
            "select count(*) from registry.person",
            "select count(*) from tokens.request",
            "select count(*) from programs.decision",
            "select count(*) from programs.duplication_attempt",
            "select count(*) from registry.pulled_record",
            "select count(*) from payments.disbursement where state = 'ready'",
            "select count(*) from payments.batch where state <> 'prepared'"
        };
        for (String plug : plugs) {
            Process server = demo("killed");
            awaitCount(plug, 1, server);
            kill(server);
        }
        Process server = demo("killed");
        awaitCount("select count(*) from payments.statement_line where meaning = 'settlement'", 1, server);
        killDatabase();
        assertThat(server.waitFor(PATIENCE)).isTrue();
        if (server.exitValue() != 0) {
            // The demo itself may have met the database while it was away; then it is run once more, as a user would.
            server = demo("killed");
            assertThat(server.waitFor(PATIENCE)).isTrue();
        }

        assertThat(server.exitValue()).as(output("killed")).isZero();
        assertThat(output("killed")).contains("Every sum holds");
        assertThat(book().paidCount()).isPositive();
        assertThat(book().referencesPaidTwice()).isZero();
        assertThat(book().accountsPaidTwice()).isZero();
    }

    @Test
    void two_servers_that_run_the_same_cycle_at_once_come_to_the_same_sums() throws Exception {
        Process one = demo("one");
        awaitCount("select count(*) from registry.person", 1, one);
        Process two = demo("two");
        assertThat(one.waitFor(PATIENCE)).isTrue();
        assertThat(two.waitFor(PATIENCE)).isTrue();

        assertThat(one.exitValue()).as(output("one")).isZero();
        assertThat(two.exitValue()).as(output("two")).isZero();
        assertThat(book().accountsPaidTwice()).isZero();
        assertThat(sums(output("one"))).isEqualTo(sums(output("two")));
    }

    private static List<String> sums(String output) {
        return output.lines()
                .filter(line -> line.contains(" KES = ") || line.contains("bank paid"))
                .toList();
    }
}
