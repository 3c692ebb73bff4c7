package org.annona.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.DatabaseAddress;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.Provisioning;
import org.annona.postgres.RoleNames;
import org.annona.postgres.RolePasswords;

/**
 * One PostgreSQL for all tests of a process. Each call gives a database of its own with the wanted schemas, copied from a
 * template that was migrated once; tests reach it as the application roles, as the program does.
 */
public final class TestPostgres {

    public static final RoleNames ROLES = RoleNames.DEFAULT;

    /** Known to all tests, so that a test may log in as any role. */
    public static final RolePasswords PASSWORDS = role -> "test-" + role;

    private static final Map<List<String>, String> TEMPLATES = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private TestPostgres() {}

    private static final class Holder {
        private static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                Path folder = Files.createTempDirectory("annona-test-");
                EmbeddedPostgres server = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                        folder.resolve("postgres"), CacheFolder.ofThisUser(), "test-admin", 0, false));
                sameAdministrator(server);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    server.close();
                    deleteTree(folder);
                }));
                return server;
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /** With the password that it has, hashed as cheaply as those of the other roles. */
    private static void sameAdministrator(EmbeddedPostgres server) {
        try (Connection admin = server.address("postgres").connectAsAdmin();
                Statement statement = admin.createStatement()) {
            statement.execute("alter role postgres password 'test-admin'");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A fresh database with these schemas, in order of their dependence. */
    public static DatabaseAddress with(String... schemas) {
        String template = TEMPLATES.computeIfAbsent(List.of(schemas), TestPostgres::migrate);
        String name = "test_" + COUNTER.incrementAndGet();
        execute("create database " + name + " template " + template + " owner " + ROLES.owner());
        // Work of a test that binds no scope sees and acts for the first organisation.
        execute("alter database " + name + " set annona.organisations = '{1}'");
        execute("alter database " + name + " set annona.organisation = '1'");
        return Holder.SERVER.address(name);
    }

    /** A connection to the same database as somebody who may do everything, such as a thief of the administrator's password. */
    public static Connection asAdministrator(String database) {
        try {
            return Holder.SERVER.address(database).connectAsAdmin();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static synchronized String migrate(List<String> schemas) {
        String name = "template_" + String.join("_", schemas);
        DatabaseAddress address = Holder.SERVER.createDatabase(name, ROLES);
        new Provisioning(address, ROLES, PASSWORDS).prepare(schemas);
        return name;
    }

    private static void execute(String sql) {
        try (Connection admin = Holder.SERVER.address("postgres").connectAsAdmin();
                Statement statement = admin.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Hundreds of databases are many files: a process of its own removes them, so that the tests end at once. */
    private static void deleteTree(Path root) {
        try {
            new ProcessBuilder("rm", "-rf", root.toString()).start();
        } catch (IOException leftForTheSystem) {
            System.err.println("could not remove " + root);
        }
    }
}
