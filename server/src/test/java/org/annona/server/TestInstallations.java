package org.annona.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.annona.access.Actor;
import org.annona.foundation.scope.Scope;
import org.annona.payments.PayeeStanding;
import org.annona.payments.ProgrammeDirectory;
import org.annona.postgres.CacheFolder;
import org.annona.postgres.EmbeddedPostgres;
import org.annona.postgres.RoleNames;
import org.springframework.context.support.GenericApplicationContext;

/** Installations on one PostgreSQL, each with a database and a folder of its own. */
final class TestInstallations implements AutoCloseable {

    static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    static final String OTHER_KEY = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final Path folder = temporary();
    private final EmbeddedPostgres postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
            folder.resolve("postgres"), CacheFolder.ofThisUser(), "admin-of-the-tests", 0, false));

    private static Path temporary() {
        try {
            return Files.createTempDirectory("annona-installations-");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path folder(String name) {
        return folder.resolve(name);
    }

    /** Of the installation with this name, whose database is made where it is not there. @param more and other variables */
    Settings settings(String name, Map<String, String> more) {
        postgres.createDatabase(name, RoleNames.DEFAULT);
        Map<String, String> environment = new HashMap<>(Map.of(
                "ANNONA_DATA",
                folder(name).toString(),
                "ANNONA_DATABASE_URL",
                "postgresql://postgres:admin-of-the-tests@127.0.0.1:"
                        + postgres.address(name).port() + "/" + name,
                "ANNONA_MASTER_KEY",
                KEY,
                "ANNONA_PORT",
                "0"));
        environment.putAll(more);
        environment.values().removeIf(String::isEmpty);
        return Settings.from(environment);
    }

    /** What a test asks a block directly, it asks for the first organisation; commands and what a server does by itself do not. */
    static <T> T inFirstOrganisation(Supplier<T> work) {
        return Scope.of(Actor.FIRST_ORGANISATION).call(work::get);
    }

    static void forFirstOrganisation(Runnable work) {
        Scope.of(Actor.FIRST_ORGANISATION).run(work);
    }

    /** Funds can be announced for a programme that nobody has to make first, and everybody may be paid. */
    static void withProgrammes(GenericApplicationContext beans) {
        beans.registerBean(
                "oneProgramme",
                ProgrammeDirectory.class,
                () -> () -> Map.of("CASH", "Cash"),
                bean -> bean.setPrimary(true));
        beans.registerBean(
                "everybodyStands",
                PayeeStanding.class,
                () -> (order, lines) -> Map.of(),
                bean -> bean.setPrimary(true));
    }

    /** A digest of the rows of each table, as the administrator of the database sees them. */
    Map<String, String> contents(String name) {
        Map<String, String> contents = new TreeMap<>();
        for (String table : column(name, """
                select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind = 'r' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'""")) {
            contents.put(
                    table,
                    column(
                                    name,
                                    "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from "
                                            + table + " t")
                            .getFirst());
        }
        return contents;
    }

    List<String> column(String name, String query) {
        try (Connection admin = postgres.address(name).connectAsAdmin();
                Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException failed) {
            throw new IllegalStateException(query, failed);
        }
    }

    void execute(String name, String statement) {
        try (Connection admin = postgres.address(name).connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException(statement, failed);
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
