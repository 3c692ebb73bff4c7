package org.annona.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.postgres.DatabaseAddress;
import org.jooq.meta.jaxb.ForcedType;

/**
 * Makes enums of the states of a schema (decision 0030). A text column {@code state} or {@code ..._state} with a check constraint
 * that lists its values becomes an enum in Java; in the database it stays text.
 */
final class StateEnums {

    /** Schemas whose states are enums in Java; the others follow one by one. */
    private static final Set<String> SCHEMAS = Set.of("exchange", "foundation", "mapper", "tokens");

    /** Columns with the states of another one, by which their enum is called. */
    private static final Map<String, String> SAME_AS = Map.of(
            "tokens.tokenisation_event.from_state", "tokenisation_state",
            "tokens.tokenisation_event.to_state", "tokenisation_state");

    private static final String COLUMNS = """
            select t.relname as table_name, a.attname as column_name,
                   (select string_agg(pg_get_constraintdef(k.oid), chr(10))
                      from pg_constraint k
                     where k.conrelid = t.oid and k.contype = 'c' and k.conkey = array[a.attnum]) as checks
              from pg_class t
              join pg_namespace n on n.oid = t.relnamespace
              join pg_attribute a on a.attrelid = t.oid
             where n.nspname = ? and t.relkind in ('r', 'p') and not t.relispartition
               and a.atttypid = 'text'::regtype and not a.attisdropped and a.attname ~ '(^|_)state$'
             order by t.relname, a.attname
            """;

    /** As PostgreSQL writes {@code check (state in ('a', 'b'))}, and the same with one value. */
    private static final Pattern LIST = Pattern.compile(
            "CHECK \\(\\(\\w+ = (?:ANY \\(ARRAY\\[(?<many>'\\w+'::text(?:, '\\w+'::text)*)]\\)|(?<one>'\\w+'::text))\\)\\)");

    private static final Pattern VALUE = Pattern.compile("'(\\w+)'::text");

    private record Column(String table, String name, List<String> values) {}

    private final String schema;
    private final List<Column> columns;

    private StateEnums(String schema, List<Column> columns) {
        this.schema = schema;
        this.columns = columns;
    }

    /** Part of the digest of the schema's classes. */
    static String settings(String schema) {
        return SCHEMAS.contains(schema) ? "states as enums" : "states as text";
    }

    /** @throws IllegalStateException where a state has no list of values */
    static StateEnums read(DatabaseAddress address, String schema) throws SQLException {
        List<Column> columns = new ArrayList<>();
        if (SCHEMAS.contains(schema)) {
            try (Connection database = DriverManager.getConnection(
                            address.jdbcUrl(), address.adminUser(), address.adminPassword());
                    PreparedStatement query = database.prepareStatement(COLUMNS)) {
                query.setString(1, schema);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        String table = row.getString("table_name");
                        String column = row.getString("column_name");
                        columns.add(new Column(
                                table, column, values(schema + "." + table + "." + column, row.getString("checks"))));
                    }
                }
            }
        }
        return new StateEnums(schema, List.copyOf(columns));
    }

    static List<String> values(String column, String checks) {
        List<String> lists = Stream.ofNullable(checks)
                .flatMap(String::lines)
                .filter(check -> LIST.matcher(check).matches())
                .toList();
        if (lists.size() != 1) {
            throw new IllegalStateException(column + " needs one constraint of the form check (state in ('a', 'b'))");
        }
        return VALUE.matcher(lists.getFirst())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    List<ForcedType> forcedTypes() {
        return columns.stream().map(this::forcedType).toList();
    }

    private ForcedType forcedType(Column column) {
        String type = javaPackage() + "." + className(column);
        return new ForcedType()
                .withUserType(type)
                .withConverter("org.jooq.Converter.ofNullable(java.lang.String.class, %1$s.class, %1$s::of, %1$s::code)"
                        .formatted(type))
                .withIncludeExpression(Pattern.quote(path(column)));
    }

    /** Writes the enums into the folder of the generated classes. */
    void write(Path target) throws IOException {
        Path folder = target.resolve(javaPackage().replace('.', '/'));
        for (Column column : columns) {
            if (!SAME_AS.containsKey(path(column))) {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve(className(column) + ".java"), source(column));
            }
        }
    }

    private String source(Column column) {
        String constants = column.values().stream()
                .map(value -> "    %s(\"%s\")".formatted(value.toUpperCase(Locale.ROOT), value))
                .collect(Collectors.joining(",\n"));
        return """
                package %1$s;

                /** Of the column %2$s. */
                @javax.annotation.processing.Generated("org.annona.codegen")
                public enum %3$s {
                %4$s;

                    private final String code;

                    %3$s(String code) {
                        this.code = code;
                    }

                    /** As the database has it. */
                    public String code() {
                        return code;
                    }

                    public static %3$s of(String code) {
                        for (%3$s state : values()) {
                            if (state.code.equals(code)) {
                                return state;
                            }
                        }
                        throw new IllegalArgumentException("%2$s has no value " + code);
                    }
                }
                """.formatted(javaPackage(), path(column), className(column), constants);
    }

    private String javaPackage() {
        return "org.annona." + schema + ".internal.tables.states";
    }

    private String path(Column column) {
        return schema + "." + column.table() + "." + column.name();
    }

    private String className(Column column) {
        String name = SAME_AS.getOrDefault(path(column), column.table() + "_" + column.name());
        return Stream.of(name.split("_"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }
}
