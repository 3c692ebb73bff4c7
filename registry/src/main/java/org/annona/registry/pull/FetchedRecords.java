package org.annona.registry.pull;

import static org.annona.registry.internal.tables.Tables.PULLED_RECORD;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.RowError;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.Imports;
import org.annona.registry.importing.PersonColumn;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a run has taken from its source: each record once, written down as rows of the list of an import. */
final class FetchedRecords {

    private static final SqlFile TAKE = SqlFile.beside(FetchedRecords.class, "take-records.sql");
    private static final SqlFile CONTRADICTING = SqlFile.beside(FetchedRecords.class, "contradicting-records.sql");

    private final Database database;
    private final RegistryKeys keys;
    private final Imports imports;
    private final UUID importId;
    private final PullTerms terms;
    private final RecordMapping mapping;

    FetchedRecords(Database database, RegistryKeys keys, Imports imports, UUID importId, PullTerms terms) {
        this.database = database;
        this.keys = keys;
        this.imports = imports;
        this.importId = importId;
        this.terms = terms;
        this.mapping = new RecordMapping(terms);
    }

    /** @param record null where the source stumbles over it */
    record Placed(long place, @Nullable JsonNode record) {}

    /**
     * A record as it is written down.
     *
     * @param index by the number of the household or the person, so that a record that changed meanwhile is still the same one
     * @param mac of everything it says
     * @param rows of the list that it becomes
     */
    private record Entry(long place, byte[] index, byte[] mac, List<List<String>> rows) {}

    /**
     * What was new in a page.
     *
     * @param people rows of the list
     * @param fresh records that this run has not had before
     * @param contradictions records that have the number of another one and say something else
     * @param faults of other kinds, for people to read
     */
    record Taken(int people, int fresh, List<RowError> contradictions, List<RowError> faults) {}

    static List<Placed> placed(long first, List<JsonNode> records) {
        List<Placed> placed = new ArrayList<>(records.size());
        for (JsonNode record : records) {
            placed.add(new Placed(first + placed.size(), record));
        }
        return placed;
    }

    static RowError fault(long place, String code, String sentence) {
        return new RowError("record " + (place + 1), code, sentence);
    }

    static RowError unreadable(long place) {
        return fault(place, "registry.record_unreadable", "The source stumbles over this record.");
    }

    /** Before anything is taken. */
    void begin(DSLContext tx) {
        imports.append(
                tx,
                importId,
                csv(List.of(terms.listed().stream().map(Enum::name).toList())));
    }

    /** Whether this run has had the record, in whatever words. */
    boolean has(JsonNode record) {
        return database.sql()
                .fetchExists(
                        PULLED_RECORD,
                        PULLED_RECORD
                                .IMPORT_ID
                                .eq(importId)
                                .and(PULLED_RECORD.RECORD_INDEX.eq(
                                        entry(0, record).index())));
    }

    /** @param page of which all are readable */
    Taken take(DSLContext tx, List<Placed> page) {
        List<Entry> entries = page.stream()
                .map(placed -> entry(placed.place(), Objects.requireNonNull(placed.record())))
                .toList();
        Map<String, Object> values = Map.of(
                "import", importId,
                "indexes", SqlFile.column("bytea", entries, Entry::index),
                "places", SqlFile.column("bigint", entries, Entry::place),
                "macs", SqlFile.column("bytea", entries, Entry::mac));
        Set<Long> fresh = new HashSet<>(TAKE.list(tx, values, (row, number) -> row.getLong(1)));
        List<RowError> contradictions = CONTRADICTING.list(
                tx,
                values,
                (row, number) -> fault(
                        row.getLong(1),
                        "registry.record_contradicts",
                        "Another record has the same number and says something else."));
        List<RowError> faults = new ArrayList<>();
        List<List<String>> list = new ArrayList<>();
        for (Entry entry : entries) {
            if (fresh.contains(entry.place())) {
                if (entry.rows().isEmpty()) {
                    faults.add(fault(
                            entry.place(),
                            "registry.record_without_members",
                            "The record has no members; nothing is changed here."));
                }
                list.addAll(entry.rows());
            }
        }
        imports.append(tx, importId, csv(list));
        return new Taken(list.size(), fresh.size(), contradictions, faults);
    }

    private Entry entry(long place, JsonNode record) {
        String text = record.toString();
        List<List<String>> rows = mapping.rows(record);
        PersonColumn column = terms.households() ? PersonColumn.HOUSEHOLD_NO : PersonColumn.PERSON_NO;
        String number = rows.isEmpty() ? "" : rows.getFirst().get(terms.listed().indexOf(column));
        byte[] index =
                keys.sourceIndex("record", number.isEmpty() || number.equals("~") ? "as it stands " + text : number);
        return new Entry(place, index, keys.contentMac(text), rows);
    }

    String mac(JsonNode record) {
        return HexFormat.of().formatHex(keys.contentMac(record.toString()));
    }

    /** Refuses to go on where the run was given up meanwhile. */
    void hold(DSLContext tx) {
        imports.hold(tx, importId);
    }

    /**
     * The list is complete, and is checked now.
     *
     * @param began by the clock of the source
     * @param untold records that could not be taken
     * @param unfiltered whether the source was asked for everybody
     */
    void close(DSLContext tx, JobRun run, Instant began, long untold, boolean unfiltered) {
        tx.deleteFrom(PULLED_RECORD).where(PULLED_RECORD.IMPORT_ID.eq(importId)).execute();
        imports.fetched(tx, run.requestedBy(), importId, began, untold, unfiltered);
    }

    private static byte[] csv(List<List<String>> rows) {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
            printer.printRecords(rows);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
