package org.annona.postgres.backup;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds. Lines of words with tabs between, so that it can be read without Annona.
 *
 * @param annona version of the program that wrote it
 * @param schemas each with the migrations that made it, as {@code version:checksum}
 */
public record Manifest(
        String annona,
        Instant takenAt,
        Map<String, List<String>> schemas,
        List<Table> tables,
        List<Sequence> sequences) {

    static final String NAME = "manifest";
    static final int FORMAT = 1;

    private static final String TITLE = "annona-backup";

    /** @param digest SHA-256 of its rows as they are in the file, in hexadecimal digits */
    public record Table(String schema, String name, long rows, String digest, List<String> columns) {

        String entry() {
            return "tables/" + schema + "." + name;
        }
    }

    /** @param begun whether the last value was given out */
    public record Sequence(String schema, String name, long last, boolean begun) {}

    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, TITLE, Integer.toString(FORMAT));
        line(text, "annona", annona);
        line(text, "taken", takenAt.toString());
        schemas.forEach((schema, versions) -> line(text, "schema", schema, String.join(",", versions)));
        tables.forEach(one -> line(
                text,
                "table",
                one.schema(),
                one.name(),
                Long.toString(one.rows()),
                one.digest(),
                String.join(",", one.columns())));
        sequences.forEach(one -> line(
                text, "sequence", one.schema(), one.name(), Long.toString(one.last()), Boolean.toString(one.begun())));
        return text.toString();
    }

    private static void line(StringBuilder text, String... words) {
        text.append(String.join("\t", words)).append('\n');
    }

    static Manifest read(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().startsWith(TITLE + "\t")) {
            throw new UnfitBackup("The file is no backup of Annona.");
        }
        if (!lines.getFirst().equals(TITLE + "\t" + FORMAT)) {
            throw new UnfitBackup("The backup has format " + lines.getFirst().substring(TITLE.length() + 1)
                    + ", and this Annona reads format " + FORMAT + ". Restore it with the version that wrote it.");
        }
        try {
            return of(lines.stream().skip(1).map(line -> line.split("\t", -1)).toList());
        } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeParseException damaged) {
            throw new UnfitBackup("The list of contents of the backup is damaged. Use another copy.", damaged);
        }
    }

    private static Manifest of(List<String[]> lines) {
        String annona = "";
        Instant takenAt = Instant.EPOCH;
        Map<String, List<String>> schemas = new LinkedHashMap<>();
        List<Table> tables = new ArrayList<>();
        List<Sequence> sequences = new ArrayList<>();
        for (String[] words : lines) {
            switch (words[0]) {
                case "annona" -> annona = words[1];
                case "taken" -> takenAt = Instant.parse(words[1]);
                case "schema" -> schemas.put(words[1], List.of(words[2].split(",")));
                case "table" ->
                    tables.add(new Table(
                            words[1], words[2], Long.parseLong(words[3]), words[4], List.of(words[5].split(","))));
                case "sequence" ->
                    sequences.add(
                            new Sequence(words[1], words[2], Long.parseLong(words[3]), Boolean.parseBoolean(words[4])));
                default -> throw new UnfitBackup("The backup lists '" + words[0] + "', which is not known here.");
            }
        }
        return new Manifest(annona, takenAt, schemas, List.copyOf(tables), List.copyOf(sequences));
    }
}
