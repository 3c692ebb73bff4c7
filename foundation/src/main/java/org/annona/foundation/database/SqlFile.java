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
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * A statement that is written as SQL in a file beside its feature, with {@code :named} values. Only this package
 * hands text to the database as SQL, and the text is a file of the program: nothing can be glued to it.
 */
public final class SqlFile {

    private final String name;
    private final String text;

    private SqlFile(String name, String text) {
        this.name = name;
        this.text = text;
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
        return tx.connectionResult(connection -> template(connection).update(text, values));
    }

    public <T> List<T> list(DSLContext tx, Map<String, ?> values, RowMapper<T> mapper) {
        return tx.connectionResult(connection -> template(connection).query(text, values, mapper));
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

    private static NamedParameterJdbcTemplate template(Connection connection) {
        return new NamedParameterJdbcTemplate(new SingleConnectionDataSource(connection, true));
    }

    @Override
    public String toString() {
        return name;
    }
}
