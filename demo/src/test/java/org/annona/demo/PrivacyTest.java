package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Reads everything that is stored after a demo, as a thief of the disk would. */
class PrivacyTest {

    private static final ServerWorld WORLD = ServerWorld.copy();
    private static final String CLUSTER = WORLD.value("select system_identifier::text from pg_control_system()");

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]{3,}");
    private static final Pattern NUMBER = Pattern.compile("\\d{8,}");
    /** Within random bytes shorter words turn up by chance. */
    private static final int SHORTEST_WORD_IN_BYTES = 5;

    /** The clear values of the sample: words of names, and the last eight digits of every number. */
    private record Secrets(Set<String> words, Set<String> numbers) {

        static Secrets of(Path list) throws IOException {
            Set<String> words = new HashSet<>();
            Set<String> numbers = new HashSet<>();
            for (String row : Files.readAllLines(list).stream().skip(1).toList()) {
                String[] cells = row.split(",", -1);
                for (String name : List.of(cells[2], cells[3])) {
                    if (name.length() >= 3) {
                        words.add(name.toLowerCase(Locale.ROOT));
                    }
                }
                for (String number : List.of(cells[6], cells[7], cells[12], cells[13])) {
                    if (number.length() >= 8) {
                        numbers.add(number.substring(number.length() - 8));
                    }
                }
            }
            return new Secrets(words, numbers);
        }

        /** What of it stands in the text. */
        List<String> in(String searched, int shortestWord) {
            // Its 19 random digits are in the position of each feed, and hold the digits of somebody now and then.
            String text = searched.replace(CLUSTER, "");
            List<String> found = new ArrayList<>();
            Matcher word = WORD.matcher(text);
            while (word.find()) {
                String plain = word.group().toLowerCase(Locale.ROOT);
                if (plain.length() >= shortestWord && words.contains(plain)) {
                    found.add(plain);
                }
            }
            Matcher number = NUMBER.matcher(text);
            while (number.find()) {
                String digits = number.group();
                for (int end = 8; end <= digits.length(); end++) {
                    if (numbers.contains(digits.substring(end - 8, end))) {
                        found.add(digits);
                    }
                }
            }
            return found;
        }
    }

    @Test
    void no_table_holds_a_name_an_identifier_a_phone_or_an_account_in_clear() throws Exception {
        Secrets secrets = Secrets.of(WORLD.folder.resolve("sample/people.csv"));
        assertThat(secrets.words()).hasSizeGreaterThan(50);
        assertThat(secrets.numbers()).hasSizeGreaterThan(500);
        List<String> leaks = new ArrayList<>();
        long values = 0;
        try (Connection admin = WORLD.installation.address().connectAsAdmin()) {
            for (String[] column : columns(admin)) {
                values += search(admin, column, secrets, leaks);
            }
        }
        assertThat(values).isGreaterThan(50_000);
        assertThat(leaks).isEmpty();
    }

    private static List<String[]> columns(Connection admin) throws SQLException {
        List<String[]> columns = new ArrayList<>();
        try (Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery("select table_schema, table_name, column_name, data_type"
                        + " from information_schema.columns where table_schema in ('foundation', 'access', 'exchange', 'registry',"
                        + " 'tokens', 'programs', 'mapper', 'payments') and data_type not in ('uuid', 'timestamp with time zone',"
                        + " 'boolean', 'date')")) {
            while (rows.next()) {
                columns.add(new String[] {rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)});
            }
        }
        assertThat(columns).hasSizeGreaterThan(150);
        return columns;
    }

    private static long search(Connection admin, String[] column, Secrets secrets, List<String> leaks)
            throws SQLException {
        long values = 0;
        boolean bytes = column[3].equals("bytea");
        String place = column[0] + "." + column[1] + "." + column[2];
        String expression = "\"" + column[2] + "\"" + (bytes ? "" : "::text");
        try (Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery("select " + expression + " from \"" + column[0] + "\".\"" + column[1]
                        + "\" where \"" + column[2] + "\" is not null")) {
            while (rows.next()) {
                String text = bytes ? new String(rows.getBytes(1), StandardCharsets.UTF_8) : rows.getString(1);
                for (String found : secrets.in(text, bytes ? SHORTEST_WORD_IN_BYTES : 3)) {
                    leaks.add(place + ": " + found);
                }
                values++;
            }
        }
        return values;
    }

    @Test
    void no_log_and_no_left_over_file_holds_anything_of_it_either() throws Exception {
        Secrets secrets = Secrets.of(WORLD.folder.resolve("sample/people.csv"));
        Path log = Path.of(Objects.requireNonNull(System.getProperty("annona.log.file"), "set by the build"));
        // At midnight, and when it is long, the log goes on in a new file.
        List<Path> read = new ArrayList<>();
        try (Stream<Path> logs = Files.list(log.resolveSibling(""))) {
            logs.filter(file -> file.getFileName().toString().startsWith("annona.log"))
                    .forEach(read::add);
        }
        boolean isOurs = false;
        for (Path file : read) {
            isOurs |= lines(file).anyMatch(line -> line.contains("started on port " + WORLD.server.port()));
        }
        assertThat(isOurs).isTrue();
        try (Stream<Path> files = Files.walk(WORLD.folder)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".log")
                            || WORLD.folder.relativize(file).startsWith("uploads"))
                    .forEach(read::add);
        }
        read.add(ServerWorld.Databases.FOLDER.resolve("postgres.log"));
        assertThat(read).hasSizeGreaterThanOrEqualTo(2);
        List<String> leaks = new ArrayList<>();
        for (Path file : read) {
            lines(file)
                    .flatMap(line -> secrets.in(line, 3).stream())
                    .forEach(found -> leaks.add(file.getFileName() + ": " + found));
        }
        assertThat(leaks).isEmpty();
    }

    private static Stream<String> lines(Path file) throws IOException {
        try (InputStream in = file.toString().endsWith(".gz")
                ? new GZIPInputStream(Files.newInputStream(file))
                : Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines();
        }
    }

    @Test
    void the_search_itself_finds_what_is_in_clear() throws Exception {
        Path list = WORLD.folder.resolve("sample/people.csv");
        Secrets secrets = Secrets.of(list);
        String row = Files.readAllLines(list).get(1);

        assertThat(secrets.in(row, 3)).isNotEmpty();
        assertThat(secrets.in("phone +254" + row.split(",", -1)[7].substring(1), 3))
                .isNotEmpty();
    }
}
