package org.annona.foundation.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * A statement that is written as SQL in a file beside its feature, with {@code :named} values. Only this package
 * hands text to the database as SQL, and the text is a file of the program: nothing can be glued to it.
 */
public final class SqlFile {

    private final String name;
    private final ParsedSql statement;

    private SqlFile(String name, String text) {
        this.name = name;
        this.statement = NamedParameterUtils.parseSqlStatement(text);
    }

    /** Reads {@code name} from the package of the class. */
    public static SqlFile beside(Class<?> feature, String name) {
        try (InputStream in = feature.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name + " beside " + feature.getName());
            }
            return new SqlFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new IllegalStateException(name + " cannot be read", unreadable);
        }
    }

    /** Runs the statement and gives the number of rows it touched. */
    public int run(DSLContext tx, Map<String, ?> values) {
        return tx.connectionResult(connection -> template(connection).update(sql(values), arguments(values)));
    }

    public <T> List<T> list(DSLContext tx, Map<String, ?> values, RowMapper<T> mapper) {
        return tx.connectionResult(connection -> template(connection).query(sql(values), mapper, arguments(values)));
    }

    /** The only row, or null where there is none. */
    public <T> @Nullable T first(DSLContext tx, Map<String, ?> values, RowMapper<T> mapper) {
        List<T> rows = list(tx, values, mapper);
        return rows.isEmpty() ? null : rows.getFirst();
    }

    /**
     * One column of many rows, for {@code unnest(:name::type[])}.
     *
     * @param type of an element, as the database calls it
     */
    public static <T> Object column(String type, List<T> rows, Function<T, @Nullable Object> value) {
        return new SqlArrayValue(
                type, rows.stream().map(value).map(SqlFile::element).toArray());
    }

    /** The driver takes bytes within an array only in the database's notation for them. */
    private static @Nullable Object element(@Nullable Object value) {
        return value instanceof byte[] bytes ? "\\x" + HexFormat.of().formatHex(bytes) : value;
    }

    private String sql(Map<String, ?> values) {
        return NamedParameterUtils.substituteNamedParameters(statement, new MapSqlParameterSource(values));
    }

    private @Nullable Object[] arguments(Map<String, ?> values) {
        return NamedParameterUtils.buildValueArray(statement, new MapSqlParameterSource(values), null);
    }

    private static JdbcTemplate template(Connection connection) {
        return new JdbcTemplate(new SingleConnectionDataSource(connection, true));
    }

    @Override
    public String toString() {
        return name;
    }
}
