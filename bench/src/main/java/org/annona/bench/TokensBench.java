package org.annona.bench;

import java.io.BufferedWriter;
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
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.DemoUsers;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.Tokens;

/**
 * Tokens for many people through the stand-in, which fails for one in twenty: tokens that are null or cut, messages that are
 * refused or lost, callbacks that never come. Seeder, server and database share the processors.
 */
final class TokensBench {

    private static final int BATCH = 500;
    private static final int FAULTY_PER_CENT = 5;

    private final Installation installation;
    private final RunningServer server;
    private final DemoUsers users;
    private final Path folder;

    TokensBench(Installation installation, RunningServer server, DemoUsers users, Path folder) {
        this.installation = installation;
        this.server = server;
        this.users = users;
        this.folder = folder;
    }

    void run(int people) throws Exception {
        register(people);
        try (SimulatedSeeder seeder = new SimulatedSeeder(new Authority("bench", false), 0)) {
            seeder.start();
            misbehave(seeder, people);
            Tokens tokens = server.part(Tokens.class);
            UUID id = tokens.createConnector(users.actor(Role.ADMINISTRATOR), "bench", terms(seeder.url()), Map.of());
            Actor registrar = users.actor(Role.REGISTRAR);
            Instant begin = Instant.now();
            tokens.start(registrar, id);
            ConnectorStatus status = tokens.connector(registrar, "bench").orElseThrow();
            while (status.running()) {
                TimeUnit.MILLISECONDS.sleep(200);
                status = tokens.connector(registrar, "bench").orElseThrow();
            }
            double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
            Bench.tell(
                    "tokens for " + people + " people, " + FAULTY_PER_CENT + " % faults",
                    String.format(Locale.ROOT, "%,.0f/s (%.1f s)", people / seconds, seconds),
                    "promise: 1,000/s");
            Bench.tell(
                    "  with a token, stuck, with two tokens",
                    status.of("tokenised") + ", " + (people - status.of("tokenised")) + ", "
                            + value(
                                    "select count(*) from (select person_id from registry.identifier where type ="
                                            + " 'identity_token' and status = 'valid' group by person_id having count(*) > 1) x"),
                    "promise: all, 0, 0");
            Bench.tell(
                    "  messages, messages lost or refused, authentications",
                    value("select count(*) from tokens.request") + ", "
                            + value("select count(*) from tokens.request where state in ('lost', 'refused')") + ", "
                            + seeder.book().authentications(),
                    "");
        }
    }

    private static void misbehave(SimulatedSeeder seeder, int people) {
        int records = people * FAULTY_PER_CENT / 100;
        int messages = Math.max(1, people / BATCH * FAULTY_PER_CENT / 100);
        seeder.misbehave("nullToken", Integer.toString(records / 2));
        seeder.misbehave("shortToken", Integer.toString(records / 2));
        seeder.misbehave("http", "502x" + messages);
        seeder.misbehave("resetAfterAccepting", Integer.toString(messages));
        seeder.misbehave("dropCallbacks", Integer.toString(messages));
        seeder.misbehave("duplicateCallbacks", Integer.toString(messages));
    }

    private static ConnectorTerms terms(String seeder) {
        ConnectorTerms preset = ConnectorTerms.preset(seeder);
        return new ConnectorTerms(
                preset.seederUrl(),
                preset.filter(),
                preset.dialect(),
                preset.fields(),
                preset.mapping(),
                preset.outputFormat(),
                preset.language(),
                preset.delivery(),
                preset.callback(),
                0,
                BATCH,
                preset.maxAttempts(),
                Duration.ofSeconds(1),
                preset.requestTimeout(),
                new ConnectorTerms.Patience(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(2)),
                preset.virtualIdType(),
                preset.tokenType(),
                preset.tokenPattern(),
                preset.purpose(),
                ConnectorTerms.Basis.LAW,
                "bench",
                preset.proof(),
                preset.form());
    }

    private void register(int people) throws IOException, InterruptedException {
        Path file = folder.resolve("people-with-virtual-ids.csv");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("household_no,role,given_name,family_name,sex,birth_date,vid,address\n");
            for (int i = 0; i < people; i++) {
                out.write("H" + i + ",head,Asha,Devi" + (char) ('a' + i % 26) + ",F,1976-01-01,2"
                        + String.format(Locale.ROOT, "%015d", i) + "," + i + " Main St\n");
            }
        }
        Registry registry = server.part(Registry.class);
        Actor registrar = users.actor(Role.REGISTRAR);
        ImportStatus status;
        try (InputStream in = Files.newInputStream(file)) {
            status = registry.uploadPeople(registrar, "people.csv", in);
        }
        registry.checkImport(registrar, status.id(), status.mapping(), status.dateOrder(), "bench");
        await(registry, registrar, status.id(), ImportStatus.State.CHECKED);
        registry.applyImport(registrar, status.id());
        await(registry, registrar, status.id(), ImportStatus.State.APPLIED);
        if (registry.importStatus(registrar, status.id()).rowsCreated() != people) {
            throw new IllegalStateException("not everybody was registered");
        }
    }

    private static void await(Registry registry, Actor actor, UUID id, ImportStatus.State state)
            throws InterruptedException {
        while (registry.importStatus(actor, id).state() != state) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private String value(String query) throws SQLException {
        try (Connection admin = installation.address().connectAsAdmin();
                Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
