package org.annona.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

    private static final RoleNames ROLES = new RoleNames("installation");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void what_was_committed_is_there_after_a_restart() throws Exception {
        Path data = folder.resolve("a folder with spaces/postgres");
        try (EmbeddedPostgres postgres = start(data);
                Connection admin = postgres.createDatabase("annona", ROLES).connectAsAdmin()) {
            execute(admin, "create table kept as select 'ጸጋዬ' as name");
        }
        try (EmbeddedPostgres postgres = start(data);
                Connection admin = postgres.createDatabase("annona", ROLES).connectAsAdmin()) {
            assertThat(text(admin, "select name from kept")).isEqualTo("ጸጋዬ");
        }
    }

    @Test
    void a_server_that_is_killed_comes_back_by_itself_with_all_that_was_committed() throws Exception {
        try (EmbeddedPostgres postgres = start(folder.resolve("postgres"))) {
            DatabaseAddress address = postgres.createDatabase("annona", ROLES);
            try (Connection admin = address.connectAsAdmin()) {
                execute(admin, "create table kept as select 42 as answer");
            }
            ProcessHandle.of(postgres.processId()).orElseThrow().destroyForcibly();
            assertThat(awaitText(address, "select answer from kept")).isEqualTo("42");
        }
    }

    @Test
    void the_server_ends_when_the_process_that_started_it_is_killed() throws Exception {
        Path data = folder.resolve("postgres");
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long server = Long.parseLong(parent.inputReader().readLine());
        assertThat(ProcessHandle.of(server)).isPresent();
        parent.destroyForcibly().waitFor();
        Instant limit = Instant.now().plus(Duration.ofSeconds(20));
        while (ProcessHandle.of(server).isPresent() && Instant.now().isBefore(limit)) {
            Thread.onSpinWait();
        }
        assertThat(ProcessHandle.of(server)).isEmpty();
    }

    /** Stands for a server of ours that is killed. */
    public static final class Parent {
        public static void main(String[] arguments) throws Exception {
            EmbeddedPostgres postgres = start(Path.of(arguments[0]));
            System.out.println(postgres.processId());
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    @Test
    void each_role_reaches_its_own_schema_and_nothing_else() throws Exception {
        try (EmbeddedPostgres postgres = start(folder.resolve("postgres"))) {
            DatabaseAddress address = postgres.createDatabase("annona", ROLES);
            Path migrations = Files.createDirectories(folder.resolve("one"));
            Files.writeString(migrations.resolve("V1__one.sql"), """
                    grant usage on schema one to ${role};
                    create table thing (id int primary key);
                    grant select, insert on thing to ${role};
                    """);
            Path others = Files.createDirectories(folder.resolve("two"));
            Files.writeString(others.resolve("V1__two.sql"), """
                    grant usage on schema two to ${role};
                    create table secret (id int primary key);
                    grant select on secret to ${role};
                    """);
            Provisioning provisioning = new Provisioning(address, ROLES, role -> "pw-" + role);
            provisioning.prepare(List.of("one", "two"), schema -> "filesystem:" + folder.resolve(schema));
            provisioning.prepare(List.of("one", "two"), schema -> "filesystem:" + folder.resolve(schema));
            try (Connection one = address.connect("installation_one", "pw-installation_one")) {
                execute(one, "insert into one.thing values (1)");
                for (String forbidden : List.of(
                        "select * from two.secret",
                        "delete from one.thing",
                        "create table one.more (id int)",
                        "create table public.more (id int)",
                        "create schema mine",
                        "drop table one.thing",
                        "create role other",
                        "set role installation_migrator")) {
                    assertThatThrownBy(() -> execute(one, forbidden))
                            .as(forbidden)
                            .hasMessageMatching("(?s).*(permission denied|must be owner).*");
                }
            }
            assertThatThrownBy(() -> address.connect("installation_owner", "pw-installation_owner")
                            .close())
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(
                            () -> address.connect("installation_one", "wrong").close())
                    .hasMessageContaining("password");
        }
    }

    @Test
    void an_address_is_read_with_escaped_password_and_ssl_mode() {
        DatabaseAddress address =
                DatabaseAddress.parse("postgresql://admin:p%40ss%2Fword@db.example:6432/annona?sslmode=verify-full");
        assertThat(address.adminPassword()).isEqualTo("p@ss/word");
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6432/annona?sslmode=verify-full");
        assertThat(address.toString()).doesNotContain("p@ss");
        assertThatThrownBy(() -> DatabaseAddress.parse("mysql://x/y"))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("postgresql://user:password@host:5432/database");
    }

    private static EmbeddedPostgres start(Path data) {
        return EmbeddedPostgres.start(
                new EmbeddedPostgres.Settings(data, CacheFolder.ofThisUser(), "admin'pw", 0, true));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String awaitText(DatabaseAddress address, String sql) throws Exception {
        Instant limit = Instant.now().plus(Duration.ofSeconds(30));
        while (true) {
            try (Connection admin = address.connectAsAdmin()) {
                return text(admin, sql);
            } catch (SQLException notYet) {
                if (Instant.now().isAfter(limit)) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }
}
