package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.IMPORT_ROW;
import static org.jooq.impl.DSL.coalesce;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.ReadAhead;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.outbox.Outbox;
import org.annona.registry.ImportStatus.State;
import org.annona.registry.RegistryTopics;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.PeopleWriter.Entry;
import org.annona.registry.importing.PeopleWriter.Piece;
import org.annona.registry.internal.tables.tables.records.ImportRecord;
import org.annona.registry.internal.tables.tables.records.ImportRowRecord;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/**
 * Writes checked rows into the registry, chunk by chunk. A row that clashes with an entry made in the meantime is found by
 * halving its chunk, and is rejected alone.
 */
public final class ApplyImport implements Work {

    static final String KIND = "registry.apply-import";
    /** The job that follows where the import is for a programme. */
    public static final String ASSIGN = "registry.assign-imported";

    private static final int ROWS_PER_CHUNK = 2_000;
    private static final int ROWS_PER_WINDOW = 20_000;
    private static final SqlFile ADOPT = SqlFile.beside(ApplyImport.class, "adopt-households.sql");
    private static final SqlFile END_MEMBERSHIPS = SqlFile.beside(ApplyImport.class, "end-memberships.sql");
    private static final SqlFile NOTE_SIGHTINGS = SqlFile.beside(ApplyImport.class, "note-sightings.sql");
    private static final SqlFile NOTE_MISSING = SqlFile.beside(ApplyImport.class, "note-missing.sql");
    private static final SqlFile COUNT = SqlFile.beside(ApplyImport.class, "count-outcomes.sql");

    private final Database database;
    private final RegistryKeys keys;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");
    private final Outbox outbox = new Outbox("registry");

    public ApplyImport(Database database, RegistryKeys keys, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
    }

    /** The parts of the writing; a list that somebody uploaded has only the first. */
    private enum Part {
        WRITE("writing"),
        END("counting");

        private final String stage;

        Part(String stage) {
            this.stage = stage;
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
        boolean pulled = file.getPullId() != null;
        Position position = run.cursor(Position.class, new Position(Part.WRITE, 0));
        return switch (position.part()) {
            case WRITE -> write(run, file, position.row(), pulled);
            case END -> end(run, file);
        };
    }

    private Step end(JobRun run, ImportRecord file) {
        return run.chunk(database, tx -> {
            if (file.getWhole()) {
                NOTE_MISSING.run(tx, CheckImport.values(file, 0, 0, clock));
            }
            return finish(tx, run, file);
        });
    }

    private Step write(JobRun run, ImportRecord file, long after, boolean pulled) {
        try (ReadAhead<Stretch> ahead = new ReadAhead<>(new Pieces(file, after)::next)) {
            while (true) {
                Stretch stretch = ahead.take();
                List<Entry> entries = stretch.piece().entries();
                Step step = run.chunk(database, tx -> {
                    if (stretch.isEnd()) {
                        return pulled ? Progress.upTo(new Position(Part.END, 0)) : finish(tx, run, file);
                    }
                    int rejected = pulled ? applyPulled(tx, file, stretch) : apply(tx, file, stretch.piece());

                    return Progress.upTo(new Position(Part.WRITE, stretch.to()))
                            .done(entries.size() - rejected)
                            .failed(rejected)
                            .ofTotal(file.getRowsCreated() + file.getRowsUpdated())
                            .in(Part.WRITE.stage);
                });
                if (stretch.isEnd() || run.shouldPause()) {
                    return step;
                }
            }
        }
    }

    /**
     * Rows that are written in one transaction.
     *
     * @param from the number before the first of the range that was looked at
     * @param to the last number of it
     */
    private record Stretch(long from, long to, Piece piece) {

        boolean isEnd() {
            return from == to;
        }
    }

    /** Whoever leaves makes room for those who come, all at one moment. */
    private int applyPulled(DSLContext tx, ImportRecord file, Stretch stretch) {
        Map<String, Object> rows = CheckImport.values(file, stretch.from(), stretch.to(), clock);
        ADOPT.run(tx, rows);
        END_MEMBERSHIPS.run(tx, rows);
        int rejected = apply(tx, file, stretch.piece());
        NOTE_SIGHTINGS.run(tx, rows);
        return rejected;
    }

    /** Reads and opens the rows of one piece after another. */
    private final class Pieces {

        private final ImportRecord file;
        private final long lastRow;
        private long after;

        Pieces(ImportRecord file, long after) {
            this.file = file;
            this.after = after;
            this.lastRow = Objects.requireNonNull(file.getRowsTotal()) + 1;
        }

        /** By ranges of numbers, which costs the same in every part of the file; a limit would let it all be sorted. */
        Stretch next() {
            List<ImportRowRecord> rows = List.of();
            long from = after;
            while (rows.isEmpty() && after < lastRow && after < from + ROWS_PER_WINDOW) {
                rows = database.sql()
                        .selectFrom(IMPORT_ROW)
                        .where(IMPORT_ROW.IMPORT_ID.eq(file.getId()))
                        .and(IMPORT_ROW.ROW_NUMBER.between(after + 1, after + ROWS_PER_CHUNK))
                        .and(IMPORT_ROW.OUTCOME.in("create", "update"))
                        .orderBy(IMPORT_ROW.ROW_NUMBER)
                        .fetch();
                after = Math.min(lastRow, after + ROWS_PER_CHUNK);
            }
            return new Stretch(from, after, piece(database.sql(), file, rows));
        }
    }

    private Piece piece(DSLContext sql, ImportRecord file, List<ImportRowRecord> rows) {
        PersonRows prepared = personRows(keys, file, Objects.requireNonNull(file.getConfirmedBy()));
        List<Entry> entries = new ArrayList<>(rows.size());
        for (ImportRowRecord row : rows) {
            RowDraft draft = draft(keys, row);
            entries.add(
                    new Entry(row, draft, row.getOutcome().equals("create") ? prepared.newcomer(row, draft) : null));
        }
        return Piece.of(sql, entries);
    }

    /** @param actor on whose word its rows are written */
    static PersonRows personRows(RegistryKeys keys, ImportRecord file, String actor) {
        return new PersonRows(
                keys,
                file.getSource(),
                actor,
                file.getId(),
                Set.copyOf(Imports.mapping(file).columns().values()),
                file.getPullId() != null);
    }

    /** @return how many of them are rejected */
    private int apply(DSLContext tx, ImportRecord file, Piece piece) {
        List<Entry> entries = piece.entries();
        if (entries.isEmpty()) {
            return 0;
        }
        try {
            tx.transaction(savepoint -> new PeopleWriter(
                            savepoint.dsl(),
                            keys,
                            personRows(keys, file, Objects.requireNonNull(file.getConfirmedBy())),
                            file.getSource(),
                            Objects.requireNonNull(file.getConfirmedBy()),
                            today())
                    .write(piece));
            return 0;
        } catch (DataAccessException clash) {
            if (!Sqlstate.isConflict(clash)) {
                throw clash;
            }
            if (entries.size() == 1) {
                reject(tx, entries.getFirst().row());
                return 1;
            }
            int middle = entries.size() / 2;
            return again(tx, file, entries.subList(0, middle))
                    + again(tx, file, entries.subList(middle, entries.size()));
        }
    }

    /** Looks again who is registered: the clash may be the same person, entered a moment ago. */
    private int again(DSLContext tx, ImportRecord file, List<Entry> entries) {
        long from = entries.getFirst().row().getRowNumber() - 1;
        long to = entries.getLast().row().getRowNumber();
        CheckImport.MATCH.run(tx, CheckImport.values(file, from, to, clock));
        List<ImportRowRecord> rows = tx.selectFrom(IMPORT_ROW)
                .where(IMPORT_ROW.IMPORT_ID.eq(file.getId()), IMPORT_ROW.ROW_NUMBER.between(from + 1, to))
                .and(IMPORT_ROW.OUTCOME.ne("unchanged"))
                .orderBy(IMPORT_ROW.ROW_NUMBER)
                .fetch();
        Set<Long> asked =
                entries.stream().map(entry -> entry.row().getRowNumber()).collect(Collectors.toSet());
        long rejected = rows.stream()
                .filter(row -> row.getOutcome().equals("rejected") && asked.contains(row.getRowNumber()))
                .count();
        rows.removeIf(row -> row.getOutcome().equals("rejected"));
        return (int) rejected + apply(tx, file, piece(tx, file, rows));
    }

    private static void reject(DSLContext tx, ImportRowRecord row) {
        tx.update(IMPORT_ROW)
                .set(IMPORT_ROW.OUTCOME, "rejected")
                .setNull(IMPORT_ROW.CHANGED)
                .set(
                        IMPORT_ROW.PROBLEMS,
                        JSONB.valueOf(Imports.JSON.writeValueAsString(
                                List.of(new RowProblem(null, RowProblem.Code.TAKEN_MEANWHILE, null)))))
                .where(IMPORT_ROW.IMPORT_ID.eq(row.getImportId()), IMPORT_ROW.ROW_NUMBER.eq(row.getRowNumber()))
                .execute();
    }

    static RowDraft draft(RegistryKeys keys, ImportRowRecord row) {
        byte[] json = keys.open(
                RegistryKeys.IMPORT_ROW,
                RegistryKeys.row(row.getImportId(), row.getRowNumber()),
                Objects.requireNonNull(row.getPayloadSealed()));
        return Objects.requireNonNull(
                Imports.JSON.readValue(json, CheckImport.StagedRow.class).draft());
    }

    private Progress finish(DSLContext tx, JobRun run, ImportRecord file) {
        COUNT.run(tx, Map.of("import", file.getId()));
        ImportRecord counted = tx.fetchSingle(IMPORT, IMPORT.ID.eq(file.getId()));
        long imported = counted.getRowsCreated() + counted.getRowsUpdated() + counted.getRowsUnchanged();
        if (imported + counted.getRowsRejected() != Objects.requireNonNull(counted.getRowsTotal())) {
            throw new IllegalStateException("the rows of import " + file.getId() + " do not add up");
        }
        tx.update(IMPORT)
                .set(IMPORT.STATE, Imports.state(State.APPLIED))
                .set(IMPORT.ENDED_AT, clock.instant())
                .where(IMPORT.ID.eq(file.getId()))
                .execute();
        if (!file.getProgramme().isEmpty()) {
            Jobs.order(
                    tx,
                    new JobOrder(
                            "registry",
                            ASSIGN,
                            ASSIGN + "/" + file.getId(),
                            "Assignment of " + file.getFileName() + " to " + file.getProgramme(),
                            "import/" + file.getId(),
                            run.requestedBy(),
                            new Imports.ImportJob(file.getId())));
        }
        outbox.post(tx, RegistryTopics.CHANGED, "import/" + file.getId() + "/applied", Map.of());
        audit.append(
                tx,
                AuditEvent.of(run.requestedBy(), "registry.import.apply", "import/" + file.getId())
                        .because(run.asCause())
                        .touching(counted.getRowsCreated() + counted.getRowsUpdated())
                        .resultingIn(digest(tx, file.getId()))
                        .with("added", counted.getRowsCreated())
                        .with("changed", counted.getRowsUpdated())
                        .with("unchanged", counted.getRowsUnchanged())
                        .with("rejected", counted.getRowsRejected()));
        return Progress.finished(counted.getRowsCreated() + " added, " + counted.getRowsUpdated() + " changed, "
                + counted.getRowsUnchanged() + " unchanged, " + counted.getRowsRejected() + " rejected");
    }

    /** Of row number, outcome and person of every row, in order. */
    private static byte[] digest(DSLContext tx, UUID importId) {
        RowDigest digest = new RowDigest();
        Field<UUID> person = coalesce(IMPORT_ROW.PERSON_ID, IMPORT_ROW.NEW_PERSON_ID);
        try (Cursor<? extends Record> rows = tx.select(IMPORT_ROW.ROW_NUMBER, IMPORT_ROW.OUTCOME, person)
                .from(IMPORT_ROW)
                .where(IMPORT_ROW.IMPORT_ID.eq(importId))
                .orderBy(IMPORT_ROW.ROW_NUMBER)
                .fetchSize(5_000)
                .fetchLazy()) {
            rows.forEach(
                    row -> digest.add(row.get(IMPORT_ROW.ROW_NUMBER), row.get(IMPORT_ROW.OUTCOME), row.get(person)));
        }
        return digest.finish();
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }
}
