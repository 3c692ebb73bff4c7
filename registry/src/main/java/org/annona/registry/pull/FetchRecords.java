package org.annona.registry.pull;

import static org.annona.registry.internal.tables.Tables.PULLED_RECORD;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
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
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.RowError;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.Imports;
import org.annona.registry.importing.PersonColumn;
import org.annona.registry.source.DataSource;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.SourceAnswer;
import org.annona.registry.source.SourceClient;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fetches the records of a source page by page and writes them down, sealed, as the list of an import (reference IM-6 to IM-8,
 * IM-12). What it has is kept with each page, so that it goes on from there after whatever happens.
 *
 * <p>A page begins with the last record of the one before: where that is another one, the source has changed meanwhile, and it
 * steps back. A record that comes twice is taken once. A page that fails is halved until the record is found over which the
 * source stumbles; that one is noted, the others are taken.
 */
public final class FetchRecords implements Work {

    static final String KIND = "registry.fetch-records";

    private static final String CONTRADICTS = "registry.record_contradicts";

    private static final int MOST_TRIES = 12;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int MOST_STEPS_BACK = 500;
    private static final int STUMBLES_AT_THE_START = 20;
    private static final long MOST_UNREADABLE = 1_000;
    /** Far more than any country has households. */
    private static final long MOST_RECORDS = 100_000_000;
    /** What cannot be read so often is not the line, but a record. */
    private static final int TRIES_UNTIL_HALVED = 2;

    private static final SqlFile TAKE = SqlFile.beside(FetchRecords.class, "take-records.sql");
    private static final SqlFile CONTRADICTING = SqlFile.beside(FetchRecords.class, "contradicting-records.sql");

    private final Database database;
    private final RegistryKeys keys;
    private final DataSources sources;
    private final Imports imports;
    private final Duration firstPause;
    private final Clock clock;

    /** @param firstPause after a failure; it doubles with each */
    public FetchRecords(
            Database database,
            RegistryKeys keys,
            DataSources sources,
            Imports imports,
            Duration firstPause,
            Clock clock) {
        this.database = database;
        this.keys = keys;
        this.sources = sources;
        this.imports = imports;
        this.firstPause = firstPause;
        this.clock = clock;
    }

    /** @param terms as they were when the run began */
    record Run(UUID importId, UUID sourceId, PullTerms terms) {}

    /**
     * Where it stands.
     *
     * @param offset of the next record that was not fetched yet
     * @param last keyed hash of the one before; null where it is not known
     * @param records that were taken
     * @param tries failures on end
     * @param back records by which it stepped back last, until it is known to be among those it has had; else 0
     * @param contradictions records that have the number of another one and say something else
     * @param began by the clock of the source
     */
    record Position(
            long offset,
            @Nullable String last,
            long records,
            long unreadable,
            int tries,
            int stepsBack,
            long back,
            long contradictions,
            @Nullable Instant began) {

        static final Position START = new Position(0, null, 0, 0, 0, 0, 0, 0, null);

        Position after(int failures) {
            return new Position(offset, last, records, unreadable, failures, stepsBack, back, contradictions, began);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** A source that cannot be asked now, or at all. */
    private static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient SourceAnswer answer;

        Unanswered(SourceAnswer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    /** @param record null where the source stumbles over it */
    private record Placed(long place, @Nullable JsonNode record) {}

    /**
     * A record as it is written down.
     *
     * @param index by the number of the household or the person, so that a record that changed meanwhile is still the same one
     * @param mac of everything it says
     * @param rows of the list that it becomes
     */
    private record Entry(long place, byte[] index, byte[] mac, List<List<String>> rows) {}

    @Override
    public Step step(JobRun run) {
        Run order = run.input(Run.class);
        if (imports.isGivenUp(order.importId())) {
            return run.chunk(database, tx -> Progress.finished("given up"));
        }
        Fetch fetch = new Fetch(order, sources.get(order.sourceId()), run.cursor(Position.class, Position.START));
        try (SourceClient client = sources.open(fetch.source)) {
            while (true) {
                Step step = fetch.next(run, client);
                if (step != Step.CONTINUE || run.shouldPause()) {
                    return step;
                }
            }
        } catch (IOException open) {
            throw new IllegalStateException(open);
        }
    }

    private final class Fetch {

        private final Run order;
        private final DataSource source;
        private final PullQuery query;
        private final RecordMapping mapping;
        private final Set<String> fields;
        private Position position;

        Fetch(Run order, DataSource source, Position position) {
            this.order = order;
            this.source = source;
            this.query = PullQuery.read(order.terms().query());
            this.mapping = new RecordMapping(order.terms());
            this.fields = mapping.fields();
            this.position = position;
        }

        Step next(JobRun run, SourceClient client) {
            try {
                boolean overlaps = position.last() != null;
                SourceAnswer answer = ask(client, position.offset() - (overlaps ? 1 : 0), size() + (overlaps ? 1 : 0));
                boolean garbled = answer instanceof SourceAnswer.Garbled && position.tries() >= TRIES_UNTIL_HALVED;
                if (answer instanceof SourceAnswer.RowFault || garbled) {
                    return halved(run, client, overlaps);
                }
                List<JsonNode> records = records(answer);
                Instant date = answer instanceof SourceAnswer.Data data ? data.date() : null;
                if (!overlaps) {
                    return position.back() > 0 && !hadBefore(records)
                            ? stepBack(run)
                            : keep(run, placed(position.offset(), records), date);
                }
                boolean goesOn = !records.isEmpty() && mac(records.getFirst()).equals(position.last());
                return goesOn
                        ? keep(run, placed(position.offset(), records.subList(1, records.size())), date)
                        : stepBack(run);
            } catch (Unanswered silence) {
                return wait(run, silence.answer);
            }
        }

        private int size() {
            return source.terms().pageSize();
        }

        private SourceAnswer ask(SourceClient client, long offset, int limit) {
            return client.ask(query.page(order.terms().households(), offset, limit, fields));
        }

        private List<JsonNode> records(SourceAnswer answer) throws Unanswered {
            if (answer instanceof SourceAnswer.Garbled(String reason)) {
                throw new Unanswered(new SourceAnswer.Passing(reason, null));
            }
            if (!(answer instanceof SourceAnswer.Data data)) {
                throw new Unanswered(answer);
            }
            JsonNode list = data.records().path(query.listed());
            if (!list.isArray()) {
                throw new Unanswered(new SourceAnswer.Passing("its answer holds no list", null));
            }
            List<JsonNode> records = new ArrayList<>(list.size());
            list.forEach(records::add);
            return records;
        }

        private static List<Placed> placed(long offset, List<JsonNode> records) {
            List<Placed> placed = new ArrayList<>(records.size());
            for (JsonNode record : records) {
                placed.add(new Placed(offset + placed.size(), record));
            }
            return placed;
        }

        /** Whether it stands among what it has had, so that nothing lies in between. */
        private boolean hadBefore(List<JsonNode> records) {
            return position.offset() == 0
                    || !records.isEmpty()
                            && database.sql()
                                    .fetchExists(
                                            PULLED_RECORD,
                                            PULLED_RECORD
                                                    .IMPORT_ID
                                                    .eq(order.importId())
                                                    .and(PULLED_RECORD.RECORD_INDEX.eq(entry(0, records.getFirst())
                                                            .index())));
        }

        /** The page in pieces, from the record on that the one before ended with. */
        private Step halved(JobRun run, SourceClient client, boolean overlaps) throws Unanswered {
            List<Placed> found =
                    pieceByPiece(client, position.offset() - (overlaps ? 1 : 0), size() + (overlaps ? 1 : 0));
            JsonNode first = found.isEmpty() ? null : found.getFirst().record();
            if (!overlaps) {
                boolean astray = position.back() > 0 && !hadBefore(first == null ? List.of() : List.of(first));
                return astray ? stepBack(run) : keep(run, found, null);
            }
            return first != null && mac(first).equals(position.last())
                    ? keep(run, found.subList(1, found.size()), null)
                    : stepBack(run);
        }

        /** A row fault concerns the whole message; a question for no row at all tells whether it is the rows. */
        private List<Placed> pieceByPiece(SourceClient client, long offset, int count) throws Unanswered {
            SourceAnswer probe = client.ask("{ __typename }");
            if (probe instanceof SourceAnswer.RowFault(String reason)) {
                throw new Unanswered(new SourceAnswer.Refused(reason + ", whatever is asked; its path may be wrong"));
            }
            if (!(probe instanceof SourceAnswer.Data)) {
                throw new Unanswered(probe);
            }
            List<Placed> found = new ArrayList<>();
            search(client, offset, count, found);
            return found;
        }

        /** @return whether the source has no more from there on */
        private boolean search(SourceClient client, long offset, int count, List<Placed> found) throws Unanswered {
            SourceAnswer answer = ask(client, offset, count);
            if (answer instanceof SourceAnswer.RowFault || answer instanceof SourceAnswer.Garbled) {
                if (count == 1) {
                    found.add(new Placed(offset, null));
                    return false;
                }
                int half = count / 2;
                return search(client, offset, half, found) || search(client, offset + half, count - half, found);
            }
            List<JsonNode> records = records(answer);
            found.addAll(placed(offset, records));
            if (records.isEmpty()) {
                return true;
            }
            // It gives fewer at once than it is asked for.
            return records.size() < count && search(client, offset + records.size(), count - records.size(), found);
        }

        private Step keep(JobRun run, List<Placed> page, @Nullable Instant date) {
            Instant began =
                    position.began() == null ? Objects.requireNonNullElse(date, clock.instant()) : position.began();
            if (page.isEmpty()) {
                return end(run, began);
            }
            Position before = position;
            List<Placed> readable =
                    page.stream().filter(placed -> placed.record() != null).toList();
            List<RowError> stumbles = page.stream()
                    .filter(placed -> placed.record() == null)
                    .map(placed -> fault(
                            placed.place(), "registry.record_unreadable", "The source stumbles over this record."))
                    .toList();
            JsonNode last = page.getLast().record();
            Position read = new Position(
                    page.getLast().place() + 1,
                    last == null ? null : mac(last),
                    before.records() + readable.size(),
                    before.unreadable() + stumbles.size(),
                    0,
                    before.stepsBack(),
                    0,
                    before.contradictions(),
                    began);
            refuseUnreadable(read);
            Position[] after = {read};
            Step step = run.chunk(database, tx -> {
                if (before.offset() == 0 && before.stepsBack() == 0) {
                    imports.append(tx, order.importId(), names());
                }
                List<RowError> faults = new ArrayList<>(stumbles);
                int people = write(tx, readable, faults);
                long contradictions = faults.stream()
                        .filter(fault -> fault.code().equals(CONTRADICTS))
                        .count();
                after[0] = new Position(
                        read.offset(),
                        read.last(),
                        read.records(),
                        read.unreadable(),
                        0,
                        read.stepsBack(),
                        0,
                        read.contradictions() + contradictions,
                        began);
                return Progress.upTo(after[0]).done(people).failed(faults).in("fetching");
            });
            position = after[0];
            return step;
        }

        private static RowError fault(long place, String code, String sentence) {
            return new RowError("record " + (place + 1), code, sentence);
        }

        /** Where every record fails, it is not the records. */
        private void refuseUnreadable(Position after) {
            boolean atTheStart = after.records() == 0 && after.unreadable() >= STUMBLES_AT_THE_START;
            if (after.records() > MOST_RECORDS) {
                throw refused("it has no end: it gave " + after.records() + " records");
            }
            if (atTheStart || after.unreadable() > MOST_UNREADABLE) {
                throw refused("it stumbles over " + after.unreadable() + " records, and gave " + after.records());
            }
        }

        private int write(DSLContext tx, List<Placed> readable, List<RowError> faults) {
            List<Entry> entries = readable.stream()
                    .map(placed -> entry(placed.place(), Objects.requireNonNull(placed.record())))
                    .toList();
            Map<String, Object> values = Map.of(
                    "import", order.importId(),
                    "indexes", SqlFile.column("bytea", entries, Entry::index),
                    "places", SqlFile.column("bigint", entries, Entry::place),
                    "macs", SqlFile.column("bytea", entries, Entry::mac));

            Set<Long> fresh = new HashSet<>(TAKE.list(tx, values, (row, number) -> row.getLong(1)));
            CONTRADICTING
                    .list(tx, values, (row, number) -> row.getLong(1))
                    .forEach(place -> faults.add(
                            fault(place, CONTRADICTS, "Another record has the same number and says something else.")));
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
            imports.append(tx, order.importId(), csv(list));
            return list.size();
        }

        private Entry entry(long place, JsonNode record) {
            String text = record.toString();
            List<List<String>> rows = mapping.rows(record);
            PersonColumn column = order.terms().households() ? PersonColumn.HOUSEHOLD_NO : PersonColumn.PERSON_NO;
            String number = rows.isEmpty()
                    ? ""
                    : rows.getFirst().get(order.terms().listed().indexOf(column));
            byte[] index = keys.sourceIndex(
                    "record", number.isEmpty() || number.equals("~") ? "as it stands " + text : number);
            return new Entry(place, index, keys.contentMac(text), rows);
        }

        private byte[] names() {
            return csv(List.of(order.terms().listed().stream().map(Enum::name).toList()));
        }

        private Step stepBack(JobRun run) {
            if (position.stepsBack() >= MOST_STEPS_BACK) {
                throw refused("it changes faster than it can be read, or has no lasting order");
            }
            long back = position.back() == 0 ? size() + 1L : 2 * position.back();
            position = new Position(
                    Math.max(0, position.offset() - back),
                    null,
                    position.records(),
                    position.unreadable(),
                    0,
                    position.stepsBack() + 1,
                    back,
                    position.contradictions(),
                    position.began());
            return run.chunk(database, tx -> {
                imports.hold(tx, order.importId());
                return Progress.upTo(position);
            });
        }

        private Step end(JobRun run, Instant began) {
            return run.chunk(database, tx -> {
                if (position.offset() == 0 && position.stepsBack() == 0) {
                    imports.append(tx, order.importId(), names());
                }
                long untold = position.unreadable() + position.contradictions();

                tx.deleteFrom(PULLED_RECORD)
                        .where(PULLED_RECORD.IMPORT_ID.eq(order.importId()))
                        .execute();
                imports.fetched(tx, run.requestedBy(), order.importId(), began, untold, query.isUnfiltered());
                return Progress.finished(position.records() + " records were fetched"
                        + (untold == 0 ? "" : ", " + untold + " could not be taken"));
            });
        }

        private Step wait(JobRun run, SourceAnswer answer) {
            if (!(answer instanceof SourceAnswer.Passing(String reason, Duration after))) {
                throw refused(answer instanceof SourceAnswer.Refused(String why) ? why : "it cannot be asked");
            }
            int tries = position.tries() + 1;
            if (tries > MOST_TRIES) {
                throw refused("after " + MOST_TRIES + " tries: " + reason);
            }
            position = position.after(tries);
            run.chunk(database, tx -> {
                imports.hold(tx, order.importId());
                return Progress.upTo(position);
            });
            Duration usual = firstPause.multipliedBy(1L << Math.min(tries - 1, 20));
            Duration pause = after == null || after.compareTo(usual) < 0 ? usual : after;
            return Step.waitFor(
                    pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause, source.name() + ": " + reason);
        }

        private Problem refused(String reason) {
            return Problem.of(RegistryProblem.SOURCE_REFUSES, "reason", reason);
        }
    }

    private String mac(JsonNode record) {
        return HexFormat.of().formatHex(keys.contentMac(record.toString()));
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
