package org.annona.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;

/** Which migrations made a schema: those that a database has, and those that this program brings. Nothing is changed. */
public final class SchemaVersions {

    private SchemaVersions() {}

    /** Of this program, each as {@code version:checksum}. @param address of any database; it is only asked whether it is there */
    public static List<String> shipped(DatabaseAddress address, String schema) {
        return Arrays.stream(Flyway.configure()
                        .dataSource(address.jdbcUrl(), address.adminUser(), address.adminPassword())
                        // In a schema that is nowhere, everything is still to be done.
                        .schemas("annona_of_no_version")
                        .createSchemas(false)
                        .table("migration")
                        .locations("classpath:db/" + schema)
                        .placeholderReplacement(false)
                        .load()
                        .info()
                        .pending())
                .map(one -> one.getVersion() + ":" + one.getChecksum())
                .toList();
    }

    /** Of a database, each as {@code version:checksum}; empty where it has no such schema. */
    public static List<String> of(Connection connection, String schema) throws SQLException {
        List<String> versions = new ArrayList<>();
        try (Statement sql = connection.createStatement()) {
            try (ResultSet there =
                    sql.executeQuery("select from pg_namespace where nspname = " + Provisioning.literal(schema))) {
                if (!there.next()) {
                    return versions;
                }
            }
            try (ResultSet rows =
                    sql.executeQuery("select version || ':' || checksum from " + Provisioning.quoted(schema)
                            + ".migration where success and version is not null order by installed_rank")) {
                while (rows.next()) {
                    versions.add(rows.getString(1));
                }
            }
        }
        return versions;
    }
}
