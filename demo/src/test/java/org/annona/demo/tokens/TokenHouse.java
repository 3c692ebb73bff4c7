package org.annona.demo.tokens;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.demo.DemoUsers;
import org.annona.registry.ImportStatus;
import org.annona.registry.Registry;
import org.annona.server.Installation;
import org.annona.server.RunningServer;
import org.annona.server.Settings;
import org.annona.simulators.seeder.Authority;
import org.annona.simulators.seeder.SimulatedSeeder;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.Tokens;

/** A registry with people who have virtual IDs, and a token seeder that can be told to misbehave. */
final class TokenHouse implements AutoCloseable {

    static final String HEADER = "household_no,role,given_name,family_name,sex,birth_date,vid,phone,area_code,address";

    final Path folder;
    final Installation installation;
    final RunningServer server;
    final SimulatedSeeder seeder;
    final DemoUsers users;
    private int names;

    TokenHouse() throws IOException {
        folder = Files.createTempDirectory("annona-token-test-");
        seeder = new SimulatedSeeder(new Authority("annona", false), 0);
        seeder.start();
        Settings settings = Settings.from(Map.of(
                "ANNONA_DATA", folder.toString(),
                "ANNONA_PORT", "0",
                "ANNONA_BLOCKS", "registry,tokens",
                "ANNONA_TRUSTED_HOSTS", "127.0.0.1"));
        installation = Installation.open(settings);
        server = RunningServer.start(settings, installation);
        users = new DemoUsers(server.part(Users.class), installation.masterKey());
        users.create();
        registry()
                .loadAreas(
                        actor(Role.REGISTRAR),
                        new ByteArrayInputStream("code,name,parent\nN,North,\n".getBytes(StandardCharsets.UTF_8)));
    }

    Actor actor(Role role) {
        return users.actor(role);
    }

    Registry registry() {
        return server.part(Registry.class);
    }

    Tokens tokens() {
        return server.part(Tokens.class);
    }

    /** Someone who lives alone, with everything that the seeder needs. */
    static String person(String vid) {
        return String.join(
                ",", "H" + vid, "head", "Asha", "Devi " + letters(vid), "F", "1976-01-01", vid, "", "N", "12 Main St");
    }

    private static String letters(String digits) {
        StringBuilder letters = new StringBuilder();
        digits.chars().forEach(digit -> letters.append((char) ('a' + digit - '0')));
        return letters.toString();
    }

    ImportStatus take(String... rows) {
        String file = HEADER + "\n" + String.join("\n", rows);
        Actor registrar = actor(Role.REGISTRAR);
        ImportStatus uploaded = registry()
                .uploadPeople(registrar, "people.csv", new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)));
        registry().checkImport(registrar, uploaded.id(), uploaded.mapping(), uploaded.dateOrder(), uploaded.source());
        awaitState(uploaded.id(), ImportStatus.State.CHECKED);
        registry().applyImport(registrar, uploaded.id());
        return awaitState(uploaded.id(), ImportStatus.State.APPLIED);
    }

    private ImportStatus awaitState(UUID id, ImportStatus.State state) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> registry().importStatus(actor(Role.REGISTRAR), id).state() == state);
        return registry().importStatus(actor(Role.REGISTRAR), id);
    }

    /** Presets for the people whose virtual ID begins like this, with short pauses. */
    ConnectorTerms terms(ConnectorTerms.Delivery delivery) {
        ConnectorTerms preset = ConnectorTerms.preset(seeder.url());
        return new ConnectorTerms(
                preset.seederUrl(),
                preset.filter(),
                preset.dialect(),
                preset.fields(),
                preset.mapping(),
                preset.outputFormat(),
                preset.language(),
                delivery,
                preset.callback(),
                0,
                100,
                5,
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                new ConnectorTerms.Patience(
                        Duration.ofMillis(200),
                        Duration.ofMillis(500),
                        Duration.ofMillis(700),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3)),
                preset.virtualIdType(),
                preset.tokenType(),
                preset.tokenPattern(),
                preset.purpose(),
                ConnectorTerms.Basis.LAW,
                "Social Protection Act, section 12",
                preset.proof(),
                preset.form());
    }

    UUID connector(ConnectorTerms terms) {
        return connector(terms, Map.of());
    }

    UUID connector(ConnectorTerms terms, Map<String, String> secrets) {
        names++;
        return tokens().createConnector(actor(Role.ADMINISTRATOR), "connector " + names, terms, secrets);
    }

    ConnectorStatus run(ConnectorTerms terms, UnaryOperator<ConnectorTerms> change) {
        UUID id = connector(change.apply(terms));
        tokens().start(actor(Role.REGISTRAR), id);
        return awaitEnd();
    }

    ConnectorStatus newest() {
        return tokens().connector(actor(Role.REGISTRAR), "connector " + names).orElseThrow();
    }

    ConnectorStatus awaitEnd() {
        await().atMost(Duration.ofSeconds(40)).until(() -> !newest().running());
        return newest();
    }

    /** The first column of the first row. */
    String value(String query) {
        try (Connection admin = installation.address().connectAsAdmin();
                var rows = admin.createStatement().executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    void change(String statement) {
        try (Connection admin = installation.address().connectAsAdmin()) {
            admin.createStatement().execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    long tokensInRegistry() {
        return Long.parseLong(
                value("select count(*) from registry.identifier where type = 'identity_token' and status = 'valid'"));
    }

    @Override
    public void close() {
        server.close();
        installation.close();
        seeder.close();
    }
}
