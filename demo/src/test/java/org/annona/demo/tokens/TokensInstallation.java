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
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

/** An installation with registry and tokens, people who have virtual IDs, and a token seeder. */
final class TokensInstallation implements AutoCloseable {

    private static final String HEADER =
            "household_no,role,given_name,family_name,sex,birth_date,vid,area_code,address";

    final RunningServer server;
    final SimulatedSeeder seeder;
    private final Installation installation;
    private final DemoUsers users;
    private int names;

    TokensInstallation() throws IOException {
        Path folder = Files.createTempDirectory("annona-token-test-");
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
        registry().loadAreas(actor(Role.REGISTRAR), stream("code,name,parent\nN,North,\n"));
    }

    Actor actor(Role role) {
        return users.actor(role);
    }

    private Registry registry() {
        return server.part(Registry.class);
    }

    Tokens tokens() {
        return server.part(Tokens.class);
    }

    /** Imports people who live alone, with everything that the seeder needs. @return how many are new */
    long register(List<String> vids) {
        StringBuilder file = new StringBuilder(HEADER);
        vids.forEach(vid -> file.append("\nH")
                .append(vid)
                .append(",head,Asha,Devi ")
                .append(letters(vid))
                .append(",F,1976-01-01,")
                .append(vid)
                .append(",N,12 Main St"));
        Actor registrar = actor(Role.REGISTRAR);
        ImportStatus uploaded = registry().uploadPeople(registrar, "people.csv", stream(file.toString()));
        registry().checkImport(registrar, uploaded.id(), uploaded.mapping(), uploaded.dateOrder(), uploaded.source());
        awaitState(uploaded.id(), ImportStatus.State.CHECKED);
        registry().applyImport(registrar, uploaded.id());
        return awaitState(uploaded.id(), ImportStatus.State.APPLIED).rowsCreated();
    }

    private static String letters(String digits) {
        StringBuilder letters = new StringBuilder();
        digits.chars().forEach(digit -> letters.append((char) ('a' + digit - '0')));
        return letters.toString();
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private ImportStatus awaitState(UUID id, ImportStatus.State state) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> registry().importStatus(actor(Role.REGISTRAR), id).state() == state);
        return registry().importStatus(actor(Role.REGISTRAR), id);
    }

    /** What a preset leaves open, with short pauses. */
    static ConnectorTerms quick(
            ConnectorTerms preset, String filter, ConnectorTerms.Delivery delivery, ConnectorTerms.Proof proof) {
        return new ConnectorTerms(
                preset.seederUrl(),
                filter,
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
                proof,
                preset.form());
    }

    ConnectorStatus run(ConnectorTerms terms, Map<String, String> secrets) {
        String name = "connector " + ++names;
        UUID id = tokens().createConnector(actor(Role.ADMINISTRATOR), name, terms, secrets);
        tokens().start(actor(Role.REGISTRAR), id);
        await().atMost(Duration.ofSeconds(40)).until(() -> !status(name).running());
        return status(name);
    }

    private ConnectorStatus status(String name) {
        return tokens().connector(actor(Role.REGISTRAR), name).orElseThrow();
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
