package org.annona.postgres.backup;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The mark of a restore that has begun and not ended: an empty schema. Without it, the empty tables that a killed restore leaves
 * would look like an installation. Nothing runs on a marked database, so the next restore may take them away.
 */
public final class UnfinishedRestore {

    private static final String MARK = "annona_restoring";
    private static final long RESTORE_LOCK = 4_617_002L;

    private UnfinishedRestore() {}

    public static boolean isThere(Connection admin) throws SQLException {
        return asked(admin, "select exists (select 1 from pg_namespace where nspname = '" + MARK + "')");
    }

    /**
     * Until the connection ends, no other process restores into this database.
     *
     * @return false where another process does so now
     */
    public static boolean begin(Connection admin) throws SQLException {
        if (!asked(admin, "select pg_try_advisory_lock(" + RESTORE_LOCK + ")")) {
            return false;
        }
        execute(admin, "create schema if not exists " + MARK);
        return true;
    }

    public static void end(Connection admin) throws SQLException {
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
