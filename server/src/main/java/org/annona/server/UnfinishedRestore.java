package org.annona.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.annona.postgres.DatabaseAddress;

/**
 * The mark of a restore that has begun and not ended: an empty schema. Without it, the empty tables that a killed restore leaves
 * would look like an installation. Nothing runs on a marked database, so the next restore may take them away.
 */
final class UnfinishedRestore {

    private static final String MARK = "annona_restoring";
    private static final long RESTORE_LOCK = 4_617_002L;

    private UnfinishedRestore() {}

    static boolean isThere(Connection admin) throws SQLException {
        return asked(admin, "select exists (select 1 from pg_namespace where nspname = '" + MARK + "')");
    }

    static void refuse(Connection admin, DatabaseAddress address) throws SQLException {
        if (isThere(admin)) {
            throw new Refusal(
                    "A restore into " + address + " was interrupted, or is still running. If none runs, repeat it with"
                            + " './annona restore FILE': it takes away what the interrupted one left. Until then nothing is run on it.");
        }
    }

    /** Until the connection ends, no other process restores into this database. */
    static void begin(Connection admin, DatabaseAddress address) throws SQLException {
        if (!asked(admin, "select pg_try_advisory_lock(" + RESTORE_LOCK + ")")) {
            throw new Refusal("Another process restores into " + address + ". Wait until it has ended.");
        }
        execute(admin, "create schema if not exists " + MARK);
    }

    static void end(Connection admin) throws SQLException {
        execute(admin, "drop schema " + MARK);
    }

    private static void execute(Connection admin, String statement) throws SQLException {
        try (Statement sql = admin.createStatement()) {
            sql.execute(statement);
        }
    }

    private static boolean asked(Connection admin, String question) throws SQLException {
        try (Statement sql = admin.createStatement();
                ResultSet answer = sql.executeQuery(question)) {
            answer.next();
            return answer.getBoolean(1);
        }
    }
}
