package org.annona.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Prepares a database: its roles, its extensions and the newest version of each schema. May be repeated at any time. */
public final class Provisioning {

    /** Two servers that start together prepare one after the other. */
    private static final long SETUP_LOCK = 4_617_001L;

    private static final int OLDEST_SERVER_VERSION = 160_000;

    private static final String CANNOT_CONNECT_NOW = "57P03";
    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final DatabaseAddress address;
    private final RoleNames roles;
    private final RolePasswords passwords;

    public Provisioning(DatabaseAddress address, RoleNames roles, RolePasswords passwords) {
        this.address = address;
        this.roles = roles;
        this.passwords = passwords;
    }

    /** Creates roles and brings each schema, in this order, to the version of {@code classpath:db/<schema>}. */
    public void prepare(List<String> schemas) {
        prepare(schemas, schema -> "classpath:db/" + schema);
    }

    public void prepare(List<String> schemas, MigrationLocation location) {
        try (Connection admin = connect(address);
                Statement sql = admin.createStatement()) {
            refuseOldServer(admin);
            sql.execute("select pg_advisory_lock(" + SETUP_LOCK + ")");
            createRoles(admin, schemas);
            claimDatabase(sql);
            for (String schema : schemas) {
                migrate(schema, location.of(schema));
            }
        } catch (SQLException failure) {
            throw new DatabaseUnavailable(
                    "The database " + address + " could not be prepared: " + failure.getMessage()
                            + ". Check that it runs, that the address is right and that its user may create roles.",
                    failure);
        } catch (FlywayException failure) {
            throw new DatabaseUnavailable(
                    "The tables in " + address + " could not be brought up to date: " + failure.getMessage()
                            + ". Nothing of the failed step was kept. If this database was made by a newer Annona, start that"
                            + " version instead.",
                    failure);
        }
    }

    /** A server that is starting, or recovering from a crash, is waited for. */
    public static Connection connect(DatabaseAddress address) throws SQLException {
        Instant limit = Instant.now().plus(LONGEST_START);
        while (true) {
            try {
                return address.connectAsAdmin();
            } catch (SQLException failure) {
                if (!CANNOT_CONNECT_NOW.equals(failure.getSQLState())
                        || Instant.now().isAfter(limit)) {
                    throw failure;
                }
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted", stopped);
            }
        }
    }

    private void refuseOldServer(Connection admin) throws SQLException {
        try (Statement sql = admin.createStatement();
                ResultSet version = sql.executeQuery("select current_setting('server_version_num')::int")) {
            version.next();
            if (version.getInt(1) < OLDEST_SERVER_VERSION) {
                throw new DatabaseUnavailable(
                        "The database server at " + address + " is older than PostgreSQL 16. Upgrade it first.");
            }
        }
    }

    private void createRoles(Connection admin, List<String> schemas) throws SQLException {
        createRole(admin, roles.owner(), "nologin");
        createRole(admin, roles.application(), "nologin");
        createLogin(admin, roles.migrator());
        for (String schema : schemas) {
            createLogin(admin, roles.of(schema));
            execute(admin, "grant " + quoted(roles.application()) + " to " + quoted(roles.of(schema)));
        }
    }

    private void createLogin(Connection admin, String role) throws SQLException {
        createRole(admin, role, "login");
        execute(admin, "alter role " + quoted(role) + " password " + literal(passwords.of(role)));
    }

    private static void createRole(Connection admin, String role, String option) throws SQLException {
        try (PreparedStatement exists = admin.prepareStatement("select 1 from pg_roles where rolname = ?")) {
            exists.setString(1, role);
            if (!exists.executeQuery().next()) {
                execute(
                        admin,
                        "create role " + quoted(role) + " " + option
                                + " nosuperuser nocreatedb nocreaterole noreplication nobypassrls");
            }
        }
    }

    private void claimDatabase(Statement sql) throws SQLException {
        String database = quoted(address.database());
        sql.execute("revoke all on database " + database + " from public");
        sql.execute("grant connect on database " + database + " to " + quoted(roles.application()));
        sql.execute("grant connect, create on database " + database + " to " + quoted(roles.migrator()));
        sql.execute("revoke create on schema public from public");
        sql.execute("create extension if not exists btree_gist schema public");
    }

    private void migrate(String schema, String location) {
        Flyway.configure()
                .dataSource(address.jdbcUrl(), roles.migrator(), passwords.of(roles.migrator()))
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .table("migration")
                .locations(location)
                .placeholders(
                        java.util.Map.of("application", quoted(roles.application()), "role", quoted(roles.of(schema))))
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load()
                .migrate();
    }

    /** Takes schemas away with everything in them: only those that were just made and could not be filled. */
    public static void remove(Connection owner, List<String> schemas) throws SQLException {
        owner.setAutoCommit(true);
        for (String schema : schemas.reversed()) {
            execute(owner, "drop schema if exists " + quoted(schema) + " cascade");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Where the migrations of a schema lie, in Flyway's notation. */
    @FunctionalInterface
    public interface MigrationLocation {
        String of(String schema);
    }
}
