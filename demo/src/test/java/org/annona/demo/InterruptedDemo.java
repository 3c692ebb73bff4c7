package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import org.annona.demo.standin.BankSwitches;
import org.annona.demo.standin.OwnProgram;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.RoleNames;
import org.annona.simulators.bank.SimulatedBank;
import org.annona.simulators.ibr.SimulatedBeneficiaryRegistry;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;

/** Demos as real processes that are ended without warning, on a database and counterparts that live on. */
final class InterruptedDemo implements AutoCloseable {

    /** For machines that have much else to do. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final String TOKEN = "token-of-the-kill-test";
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final int HOUSEHOLDS_ELSEWHERE = 60;

    /** A moment of the demo, as the first row that a query counts. */
    enum Moment {
        ROWS_OF_THE_LIST("select count(*) from registry.import_row"),
        PEOPLE_WRITTEN("select count(*) from registry.person"),
        TOKENS_REQUESTED("select count(*) from tokens.request"),
        HOUSEHOLDS_ASSESSED("select count(*) from programs.decision"),
        DUPLICATES_ASKED_FOR("select count(*) from programs.duplication_attempt"),
        RECORDS_FETCHED("select count(*) from registry.pulled_record"),
        PAYMENTS_READY("select count(*) from payments.disbursement where state = 'ready'"),
        PAYMENTS_SENT("select count(*) from payments.batch where state <> 'prepared'"),
        PAYMENTS_SETTLED("select count(*) from payments.statement_line where meaning = 'settlement'");

        private final String query;

        Moment(String query) {
            this.query = query;
        }
    }

    private final Path folder;
    private final int people;
    private final SimulatedBank bank;
    private final SimulatedSeeder seeder;
    private final SimulatedBeneficiaryRegistry beneficiaries;
    private final SimulatedSocialRegistry socialRegistry;
    private final EmbeddedPostgres database;
    private final DatabaseAddress address;
    private final List<Process> demos = new ArrayList<>();

    InterruptedDemo(Path folder, int people) throws IOException {
        this.folder = folder;
        this.people = people;
        bank = new SimulatedBank(new SimulatedBank.Settings(
                folder.resolve("bank"), TOKEN, "GOV0001", "KES", "1", 30, 10, LocalDate.now(), 0));
        bank.start();
        seeder = new SimulatedSeeder(new Authority("annona", false), 0);
        seeder.start();
        beneficiaries = new SimulatedBeneficiaryRegistry(0);
        beneficiaries.start();
        socialRegistry = new SimulatedSocialRegistry(0, HOUSEHOLDS_ELSEWHERE, 1);
        socialRegistry.start();
        database = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                folder.resolve("database"), CacheFolder.ofThisUser(), "admin-of-the-test", 0, true));
        address = database.createDatabase("annona", RoleNames.DEFAULT);
    }

    /** A demo as a process of its own, with a data folder of its own. */
    Process start(String name) throws IOException {
        List<String> command = new ArrayList<>(OwnProgram.command());
        command.addAll(List.of("demo", "--people", Integer.toString(people), "--seed", "5", "--exit", "--port", "0"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".out").toFile()));
        builder.environment().put("ANNONA_DATA", folder.resolve(name).toString());
        builder.environment()
                .put(
                        "ANNONA_DATABASE_URL",
                        "postgresql://postgres:admin-of-the-test@127.0.0.1:" + address.port() + "/annona");
        builder.environment().put("ANNONA_MASTER_KEY", KEY);
        builder.environment().put("ANNONA_BANK_URL", "http://127.0.0.1:" + bank.port());
        builder.environment().put("ANNONA_BANK_TOKEN", TOKEN);
        builder.environment().put("ANNONA_BANK_TIMEOUT", "1.5");
        builder.environment().put("ANNONA_BANK_SETTLING", "0.2");
        builder.environment().put("ANNONA_FIRST_RETRY", "0.05");
        builder.environment()
                .put(
                        DemoServer.STAND_INS,
                        "token-seeder=" + seeder.port() + ":" + seeder.controlPort() + " beneficiary-registry="
                                + beneficiaries.port() + ":" + beneficiaries.controlPort() + " social-registry="
                                + socialRegistry.port() + ":" + socialRegistry.controlPort());
        Process process = builder.start();
        demos.add(process);
        return process;
    }

    String output(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".out"), StandardCharsets.UTF_8);
    }

    BankSwitches.BankBook book() {
        return new BankSwitches("http://127.0.0.1:" + bank.port(), TOKEN).book();
    }

    /** A process that ends meanwhile is no reason to wait longer. */
    void await(Moment moment, Process process) throws InterruptedException {
        Instant limit = Instant.now().plus(PATIENCE);
        while (count(moment.query) < 1 && process.isAlive()) {
            assertThat(Instant.now()).as(moment.toString()).isBefore(limit);
            Thread.sleep(30);
        }
    }

    private long count(String query) {
        try (Connection admin = address.connectAsAdmin();
                Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException notYetThere) {
            return 0;
        }
    }

    static void kill(Process process) throws InterruptedException {
        assertThat(process.isAlive()).as("there is something to kill").isTrue();
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    void killDatabase() throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-9", Long.toString(database.processId()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Lets it run to its end: as a user would, once more where it met the database while that was away. */
    void finish(String name, Process running) throws IOException, InterruptedException {
        Process demo = running;
        assertThat(demo.waitFor(PATIENCE)).isTrue();
        if (demo.exitValue() != 0) {
            demo = start(name);
            assertThat(demo.waitFor(PATIENCE)).isTrue();
        }
        assertThat(demo.exitValue()).as(output(name)).isZero();
        assertThat(output(name)).contains("Every sum holds");
        assertThat(book().paidCount()).isPositive();
        assertThat(book().referencesPaidTwice()).isZero();
        assertThat(book().accountsPaidTwice()).isZero();
    }

    @Override
    public void close() throws IOException {
        demos.forEach(Process::destroyForcibly);
        database.close();
        bank.close();
        seeder.close();
        beneficiaries.close();
        socialRegistry.close();
    }
}
