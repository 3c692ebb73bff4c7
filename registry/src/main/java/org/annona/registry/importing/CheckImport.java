package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.IMPORT_ROW;
import static org.jooq.impl.DSL.countDistinct;
import static org.jooq.impl.DSL.select;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.annona.foundation.database.CopyWriter;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.ReadAhead;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.problem.Problem;
import org.annona.registry.ImportStatus.State;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistrySettings;
import org.annona.registry.area.Areas;
import org.annona.registry.file.FileShape;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.PhoneNumbers;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.ImportRecord;
import org.annona.registry.internal.tables.tables.records.ImportRowRecord;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Reads a file row by row into the staging table, each row sealed, then checks in the database what rows mean to each
 * other and to those who are registered already. Changes nothing in the registry.
 */
public final class CheckImport implements Work {

    static final String KIND = "registry.check-import";

    /** People count the row that names the columns as row 1. */
    private static final int HEADER_ROWS = 1;

    private static final UUID NO_PULL = new UUID(0, 0);
    private static final int ROWS_PER_CHUNK = 2_000;
    private static final int ROWS_PER_WINDOW = 20_000;
    private static final SqlFile DUPLICATES = SqlFile.beside(CheckImport.class, "mark-duplicates.sql");
    private static final SqlFile TWOFOLD = SqlFile.beside(CheckImport.class, "mark-twofold.sql");
    private static final SqlFile HEADS = SqlFile.beside(CheckImport.class, "mark-second-heads.sql");
    static final SqlFile MATCH = SqlFile.beside(CheckImport.class, "match-people.sql");
    private static final SqlFile CHANGED_HEADS = SqlFile.beside(CheckImport.class, "mark-changed-heads.sql");
    private static final SqlFile WITHOUT_HEAD = SqlFile.beside(CheckImport.class, "mark-without-head.sql");
    private static final SqlFile SAME_MATCH = SqlFile.beside(CheckImport.class, "mark-same-match.sql");
    private static final SqlFile OTHER_HEADS = SqlFile.beside(CheckImport.class, "mark-registered-heads.sql");
    private static final SqlFile HEADLESS = SqlFile.beside(CheckImport.class, "mark-headless.sql");
    private static final SqlFile SCATTERED = SqlFile.beside(CheckImport.class, "mark-scattered-households.sql");
    private static final SqlFile VANISHED = SqlFile.beside(CheckImport.class, "count-vanished.sql");
    private static final SqlFile COUNT = SqlFile.beside(CheckImport.class, "count-outcomes.sql");
    private static final SqlFile CHANGED_ACCOUNTS = SqlFile.beside(CheckImport.class, "count-changed-accounts.sql");

    private final Database database;
    private final RegistryKeys keys;
    private final RegistrySettings settings;
    private final ImportFiles files;
    private final IdentifierTypes types;
    private final Areas areas;
    private final Clock clock;

    public CheckImport(
            Database database,
            RegistryKeys keys,
            RegistrySettings settings,
            IdentifierTypes types,
            Areas areas,
            Clock clock) {
        this.database = database;
        this.keys = keys;
        this.settings = settings;
        this.files = new ImportFiles(database, keys);
        this.types = types;
        this.areas = areas;
        this.clock = clock;
    }

    /** The parts of the check, in their order. */
    private enum Part {
        READ("reading the file", null),
        DUPLICATES("looking for repetitions", CheckImport.DUPLICATES),
        TWOFOLD("looking for identifiers of several people", CheckImport.TWOFOLD),
        HEADS("looking for second heads", CheckImport.HEADS),
        MATCH("looking for people who are registered", CheckImport.MATCH),
        SAME_MATCH("looking for two rows of one person", CheckImport.SAME_MATCH),
        OTHER_HEADS("comparing heads of households", CheckImport.OTHER_HEADS),
        CHANGED_HEADS("looking for households whose head changes", CheckImport.CHANGED_HEADS),
        HEADLESS("looking for households without head", CheckImport.HEADLESS),
        SCATTERED("comparing households of the source", CheckImport.SCATTERED),
        WITHOUT_HEAD("looking for households that would have no head", CheckImport.WITHOUT_HEAD),
        COMPARE("comparing with what is registered", null),
        COUNT("counting", null);

        private final String stage;
        private final @Nullable SqlFile statement;

        Part(String stage, @Nullable SqlFile statement) {
            this.stage = stage;
            this.statement = statement;
        }

        Part next() {
            return values()[ordinal() + 1];
        }

        /** A list stands for itself; of a source it is not known which of two entries is right. */
        boolean isFor(boolean source) {
            return switch (this) {
                case TWOFOLD, OTHER_HEADS, HEADLESS, SCATTERED -> source;
                case CHANGED_HEADS -> !source;
                default -> true;
            };
        }

        /** Whether its statement rejects rows. */
        boolean rejects() {
            return this != MATCH && this != WITHOUT_HEAD && this != COMPARE;
        }
    }

    private record Position(Part part, long row) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        UUID id = run.input(Imports.ImportJob.class).importId();
        ImportRecord file = database.sql().fetchSingle(IMPORT, IMPORT.ID.eq(id));
        if (file.getState().equals(Imports.state(State.CANCELLED))) {
            return run.chunk(database, tx -> Progress.finished("given up"));
        }
        Position position = run.cursor(Position.class, new Position(Part.READ, 0));
        if (position.part() == Part.READ) {
            return read(run, file, position.row());
        }
        if (position.part() == Part.COMPARE) {
            return compare(run, file, position.row());
        }
        if (!position.part().isFor(file.getPullId() != null)) {
            return run.chunk(
                    database, tx -> Progress.upTo(new Position(position.part().next(), 0)));
        }
        SqlFile statement = position.part().statement;
        return statement == null ? finish(run, file) : window(run, file, position, statement);
    }

    private Step read(JobRun run, ImportRecord file, long after) {
        RowRules rules = new RowRules(
                types.byCode(),
                new PhoneNumbers(settings.phoneRegion()),
                areas.idsByCode(database.sql()),
                settings.currency(),
                Imports.mapping(file).dateOrder(),
                LocalDate.now(clock));
        Charset charset = Charset.forName(file.getEncoding());
        try (CSVParser parser = FileShape.rows(
                files.open(file.getId(), file.getPieces()),
                charset,
                file.getDelimiter().charAt(0))) {
            Layout layout = Layout.of(file);
            Iterator<CSVRecord> rows = parser.iterator();
            for (long row = 0; row < after && rows.hasNext(); row++) {
                rows.next();
            }
            try (ReadAhead<List<ImportRowRecord>> ahead = new ReadAhead<>(() -> staged(layout, rules, rows))) {
                long last = after;
                for (List<ImportRowRecord> piece = ahead.take(); !piece.isEmpty(); piece = ahead.take()) {
                    last = piece.getLast().getRowNumber() - HEADER_ROWS;
                    Step step = stage(run, file, piece, last);
                    if (step != Step.CONTINUE || run.shouldPause()) {
                        return step;
                    }
                }
                return endReading(run, file, last);
            }
        } catch (IOException | UncheckedIOException | IllegalStateException broken) {
            if (broken instanceof IllegalStateException && !(broken.getCause() instanceof IOException)) {
                throw (IllegalStateException) broken;
            }
            throw Problem.of(
                    RegistryProblem.FILE_HEADER_UNFIT,
                    "reason",
                    "a quotation mark is opened and never closed, or stands in the middle of a cell");
        }
    }

    private Step stage(JobRun run, ImportRecord file, List<ImportRowRecord> piece, long last) {
        long rejected = piece.stream()
                .filter(row -> row.getOutcome().equals("rejected"))
                .count();
        return chunk(run, file, tx -> {
            CopyWriter.of(piece).write(tx);
            return Progress.upTo(new Position(Part.READ, last))
                    .done(piece.size() - rejected)
                    .failed(rejected)
                    .in(Part.READ.stage);
        });
    }

    private Step endReading(JobRun run, ImportRecord file, long total) {
        return chunk(run, file, tx -> {
            tx.update(IMPORT)
                    .set(IMPORT.ROWS_TOTAL, total)
                    .where(IMPORT.ID.eq(file.getId()))
                    .execute();
            return Progress.upTo(new Position(Part.READ.next(), 0)).ofTotal(total);
        });
    }

    private List<ImportRowRecord> staged(Layout layout, RowRules rules, Iterator<CSVRecord> rows) {
        List<CSVRecord> piece = new ArrayList<>(ROWS_PER_CHUNK);
        while (rows.hasNext() && piece.size() < ROWS_PER_CHUNK) {
            piece.add(rows.next());
        }
        return piece.parallelStream().map(row -> staged(layout, rules, row)).toList();
    }

    private record Layout(
            UUID importId, ColumnMapping mapping, int columns, boolean needsIdentifier, boolean ofSource) {

        static Layout of(ImportRecord file) {
            List<String> header = Imports.JSON.readValue(file.getHeader().data(), new TypeReference<List<String>>() {});
            return new Layout(
                    file.getId(),
                    Imports.mapping(file),
                    header.size(),
                    file.getNeedsIdentifier(),
                    file.getPullId() != null);
        }
    }

    private ImportRowRecord staged(Layout layout, RowRules rules, CSVRecord row) {
        List<String> cells = row.toList();
        Map<PersonColumn, String> named = new EnumMap<>(PersonColumn.class);
        boolean tooShort = false;
        for (Map.Entry<Integer, PersonColumn> column :
                layout.mapping().columns().entrySet()) {
            tooShort |= column.getKey() >= cells.size();
            named.put(column.getValue(), column.getKey() < cells.size() ? cells.get(column.getKey()) : "");
        }
        boolean tooLong = cells.size() > layout.columns();
        RowRules.Reading reading = tooShort || tooLong
                ? new RowRules.Reading(
                        null,
                        List.of(new RowProblem(
                                null,
                                tooShort ? RowProblem.Code.COLUMNS_MISSING : RowProblem.Code.COLUMNS_TOO_MANY,
                                null)))
                : identified(layout, rules.read(named));
        ImportRowRecord record = new ImportRowRecord();
        record.setImportId(layout.importId());
        record.setRowNumber(row.getRecordNumber() + HEADER_ROWS);
        record.setNewPersonId(Ids.next());
        record.setIsHead(false);
        RowDraft draft = reading.draft();
        record.setPayloadSealed(keys.seal(
                RegistryKeys.IMPORT_ROW,
                RegistryKeys.row(layout.importId(), record.getRowNumber()),
                Imports.JSON.writeValueAsBytes(new StagedRow(cells, draft))));
        if (draft == null) {
            record.setOutcome("rejected");
            record.setProblems(JSONB.valueOf(Imports.JSON.writeValueAsString(reading.problems())));
            numbers(record, named);
        } else {
            record.setOutcome("create");
            index(record, draft);
            if (layout.ofSource()) {
                record.setGivenTokens(keys.nameTokens(draft.givenName(), ""));
                record.setBirthDate(draft.birthDate());
            }
        }
        return record;
    }

    /** @param cells as they stand in the file, so that a rejected row can be given back */
    record StagedRow(List<String> cells, @Nullable RowDraft draft) {}

    private static RowRules.Reading identified(Layout layout, RowRules.Reading reading) {
        RowDraft draft = reading.draft();
        boolean lacks = layout.needsIdentifier()
                && draft != null
                && draft.personNo() == null
                && draft.nationalId() == null
                && draft.virtualId() == null;
        return lacks
                ? new RowRules.Reading(null, List.of(new RowProblem(null, RowProblem.Code.IDENTIFIER_MISSING, null)))
                : reading;
    }

    /** Of a row that cannot be taken: a source that tells of somebody wrongly still tells of her. */
    private void numbers(ImportRowRecord record, Map<PersonColumn, String> cells) {
        String person = cells.getOrDefault(PersonColumn.PERSON_NO, "").strip();
        String household = cells.getOrDefault(PersonColumn.HOUSEHOLD_NO, "").strip();
        if (!person.isEmpty()) {
            record.setSourceIndex(keys.sourceIndex("person", person));
        }
        if (!household.isEmpty()) {
            record.setHouseholdIndex(keys.sourceIndex("household", household));
        }
    }

    private void index(ImportRowRecord record, RowDraft draft) {
        if (draft.householdNo() != null) {
            record.setHouseholdIndex(keys.sourceIndex("household", draft.householdNo()));
        }
        if (draft.personNo() != null) {
            record.setSourceIndex(keys.sourceIndex("person", draft.personNo()));
        }
        if (draft.nationalId() != null) {
            record.setIdentifierIndex(keys.identifierIndex(IdentifierTypes.NATIONAL_ID, draft.nationalId()));
        }
        if (draft.virtualId() != null) {
            record.setVirtualIdIndex(keys.identifierIndex(IdentifierTypes.VIRTUAL_ID, draft.virtualId()));
        }
        record.setLikeness(keys.likeness(
                draft.givenName(), draft.familyName(), String.valueOf(draft.birthDate()), String.valueOf(draft.sex())));
        if (draft.accountNumber() != null && draft.accountProvider() != null) {
            record.setAccountIndex(keys.accountIndex(draft.accountProvider(), draft.accountNumber()));
        }
        record.setContentMac(keys.contentMac(draft.content()));
        record.setIsHead(draft.isHead());
    }

    private Step window(JobRun run, ImportRecord file, Position position, SqlFile statement) {
        long from = position.row();
        long to = from + ROWS_PER_WINDOW;
        long lastRow = Objects.requireNonNull(file.getRowsTotal()) + 1;
        return chunk(run, file, tx -> {
            int touched = statement.run(tx, values(file, from, to, clock));
            int rejected = position.part().rejects() ? touched : 0;
            Position next = to >= lastRow ? new Position(position.part().next(), 0) : new Position(position.part(), to);
            return Progress.upTo(next).done(-rejected).failed(rejected).in(position.part().stage);
        });
    }

    /**
     * Which columns each row would change. Which registered household an unknown one of a source is, shows only when it is
     * written.
     */
    private Step compare(JobRun run, ImportRecord file, long from) {
        long to = from + ROWS_PER_CHUNK;
        long lastRow = Objects.requireNonNull(file.getRowsTotal()) + 1;
        return chunk(run, file, tx -> {
            List<PeopleWriter.Entry> entries = tx.selectFrom(IMPORT_ROW)
                    .where(IMPORT_ROW.IMPORT_ID.eq(file.getId()), IMPORT_ROW.ROW_NUMBER.between(from + 1, to))
                    .and(IMPORT_ROW.OUTCOME.eq("update"))
                    .orderBy(IMPORT_ROW.ROW_NUMBER)
                    .fetch(row -> new PeopleWriter.Entry(row, ApplyImport.draft(keys, row), null));
            new PeopleWriter(
                            tx,
                            keys,
                            ApplyImport.personRows(keys, file, run.requestedBy()),
                            file.getSource(),
                            run.requestedBy(),
                            LocalDate.now(clock))
                    .compare(entries);
            return Progress.upTo(to >= lastRow ? new Position(Part.COUNT, 0) : new Position(Part.COMPARE, to))
                    .in(Part.COMPARE.stage);
        });
    }

    static Map<String, Object> values(ImportRecord file, long from, long to, Clock clock) {
        return Map.of(
                "import",
                file.getId(),
                "from",
                from,
                "to",
                to,
                "source",
                file.getSource(),
                "today",
                LocalDate.now(clock),
                "pull",
                Objects.requireNonNullElse(file.getPullId(), NO_PULL));
    }

    /** What was given up meanwhile stays so, and nothing of it is kept. */
    private Step chunk(JobRun run, ImportRecord file, Function<DSLContext, Progress> work) {
        return run.chunk(
                database, tx -> Imports.isGivenUp(tx, file.getId()) ? Progress.finished("given up") : work.apply(tx));
    }

    private Step finish(JobRun run, ImportRecord file) {
        return chunk(run, file, tx -> {
            COUNT.run(tx, Map.of("import", file.getId()));
            CHANGED_ACCOUNTS.run(tx, Map.of("import", file.getId()));
            tx.update(IMPORT)
                    .set(
                            IMPORT.HOUSEHOLDS_WITHOUT_HEAD,
                            select(countDistinct(IMPORT_ROW.HOUSEHOLD_INDEX).cast(Long.class))
                                    .from(IMPORT_ROW)
                                    .where(IMPORT_ROW.IMPORT_ID.eq(file.getId()), IMPORT_ROW.WITHOUT_HEAD.isTrue()))
                    .where(IMPORT.ID.eq(file.getId()))
                    .execute();
            if (file.getWhole()) {
                VANISHED.run(tx, values(file, 0, 0, clock));
            }
            ImportRecord counted = tx.fetchSingle(IMPORT, IMPORT.ID.eq(file.getId()));
            counted.setState(Imports.state(State.CHECKED));
            Imports.goOnByItself(tx, run.requestedBy(), counted);
            if (counted.getOnlyLook()) {
                counted.setEndedAt(clock.instant());
            }
            counted.update();
            return Progress.finished(counted.getRowsCreated() + " would be added, " + counted.getRowsUpdated()
                    + " changed, " + counted.getRowsUnchanged() + " are unchanged, " + counted.getRowsRejected()
                    + " rejected");
        });
    }
}
