package org.annona.postgres.backup;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What the database itself knows about its tables. */
final class Catalogue {

    private final Connection connection;
    private final Collection<String> schemas;

    Catalogue(Connection connection, Collection<String> schemas) {
        this.connection = connection;
        this.schemas = schemas;
    }

    /** @param columns those that can be written; generated ones follow from them */
    record Table(String schema, String name, List<String> columns) {

        String quoted() {
            return Catalogue.quoted(schema) + "." + Catalogue.quoted(name);
        }
    }

    record ForeignKey(String table, String name, String definition) {}

    record Column(String table, String name) {}

    interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    List<Table> tables() throws SQLException {
        List<String> others = list("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = any(?) and c.relkind in ('p', 'f', 'm')""", row -> row.getString(1));
        if (!others.isEmpty()) {
            throw new IllegalStateException("a backup does not know how to hold " + others);
        }
        return list(
                """
                select n.nspname, c.relname,
                       array(select a.attname::text from pg_attribute a
                              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                              order by a.attnum)
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = any(?) and c.relkind = 'r'
                 order by array_position(?, n.nspname::text), c.relname""",
                row -> new Table(row.getString(1), row.getString(2), List.of((String[])
                        row.getArray(3).getArray())));
    }

    List<Manifest.Sequence> sequences() throws SQLException {
        List<Manifest.Sequence> sequences = new ArrayList<>();
        List<String[]> names = list("""
                select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = any(?) and c.relkind = 'S' order by 1, 2""", row -> new String[] {row.getString(1), row.getString(2)});
        for (String[] name : names) {
            try (Statement sql = connection.createStatement();
                    ResultSet row = sql.executeQuery(
                            "select last_value, is_called from " + quoted(name[0]) + "." + quoted(name[1]))) {
                row.next();
                sequences.add(new Manifest.Sequence(name[0], name[1], row.getLong(1), row.getBoolean(2)));
            }
        }
        return sequences;
    }

    List<ForeignKey> foreignKeys() throws SQLException {
        return list("""
                select format('%I.%I', n.nspname, c.relname), k.conname, pg_get_constraintdef(k.oid)
                  from pg_constraint k
                  join pg_class c on c.oid = k.conrelid
                  join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = any(?) and k.contype = 'f'""", row -> new ForeignKey(row.getString(1), quoted(row.getString(2)), row.getString(3)));
    }

    /** Columns that hold ids of transactions, which mean something in one server only. */
    List<Column> transactionIds() throws SQLException {
        return list(COLUMNS + " and t.typname = 'xid8'", Catalogue::column);
    }

    /** Positions in the feeds of the same database; see {@code Restore}. */
    List<Column> positions() throws SQLException {
        return list(COLUMNS + " and t.typname = 'text' and a.attname = 'position'", Catalogue::column);
    }

    private static final String COLUMNS = """
            select format('%I.%I', n.nspname, c.relname), a.attname
              from pg_attribute a
              join pg_type t on t.oid = a.atttypid
              join pg_class c on c.oid = a.attrelid
              join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = any(?) and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped""";

    private static Column column(ResultSet row) throws SQLException {
        return new Column(row.getString(1), quoted(row.getString(2)));
    }

    /** The schemas are the value of each question mark. */
    private <T> List<T> list(String query, Reading<T> reading) throws SQLException {
        try (PreparedStatement sql = connection.prepareStatement(query)) {
            Array names = connection.createArrayOf("text", schemas.toArray());
            for (int i = 1; i <= sql.getParameterMetaData().getParameterCount(); i++) {
                sql.setArray(i, names);
            }
            try (ResultSet rows = sql.executeQuery()) {
                List<T> read = new ArrayList<>();
                while (rows.next()) {
                    read.add(reading.read(rows));
                }
                return read;
            }
        }
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
