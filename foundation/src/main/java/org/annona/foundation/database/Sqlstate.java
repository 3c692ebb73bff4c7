package org.annona.foundation.database;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** What the database meant by an error (PostgreSQL documentation, appendix A). */
public final class Sqlstate {

    private static final String UNIQUE = "23505";
    private static final String EXCLUSION = "23P01";

    private Sqlstate() {}

    /** The five characters of the first SQL error among the causes, or null. */
    public static @Nullable String of(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }

    /** Another row already holds what only one row may hold. */
    public static boolean isConflict(Throwable error) {
        String state = of(error);
        return UNIQUE.equals(state) || EXCLUSION.equals(state);
    }

    /** The name of the constraint that refused, or an empty text. */
    public static String constraint(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException sql && sql.getServerErrorMessage() != null) {
                String name = sql.getServerErrorMessage().getConstraint();
                return name == null ? "" : name;
            }
        }
        return "";
    }

    /** The same work may succeed later: the server went away, the disk is full, or two transactions met. */
    public static boolean isTransient(Throwable error) {
        String state = of(error);
        if (state == null) {
            return hasCause(error, SQLTransientException.class);
        }
        return state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.equals("40001")
                || state.equals("40P01")
                || state.equals("55P03");
    }

    /** The problem to tell a person, where the database itself is the cause; otherwise null. */
    public static @Nullable Problem problemOf(Throwable error) {
        String state = of(error);
        if ("53100".equals(state)) {
            return Problem.of(FoundationProblem.DISK_FULL).causedBy(error);
        }
        if ("22021".equals(state)) {
            return Problem.of(
                            FoundationProblem.INVALID_INPUT,
                            "field",
                            "Text",
                            "reason",
                            "it holds a character that cannot be stored")
                    .causedBy(error);
        }
        return isTransient(error)
                ? Problem.of(FoundationProblem.DATABASE_UNAVAILABLE).causedBy(error)
                : null;
    }

    private static boolean hasCause(Throwable error, Class<?> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
