package org.annona.registry.importing;

import static org.annona.registry.internal.tables.Tables.IMPORT;
import static org.annona.registry.internal.tables.Tables.IMPORT_ROW;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.outbox.Outbox;
import org.annona.registry.ImportStatus.State;
import org.annona.registry.Registry;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.internal.tables.tables.records.ImportRecord;
import org.annona.registry.internal.tables.tables.records.ImportRowRecord;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/**
 * Writes checked rows into the registry, chunk by chunk. A row that clashes with an entry made in the meantime is found by
 * halving its chunk, and is rejected alone.
 */
public final class ApplyImport implements Work {

    static final String KIND = "registry.apply-import";

    private static final int ROWS_PER_CHUNK = 1_000;
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

    private record Position(long row) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        UUID id = run.input(Imports.ImportJob.class).importId();
        long after = run.cursor(Position.class, new Position(0)).row();
        return run.chunk(database, tx -> {
            ImportRecord file = tx.fetchSingle(IMPORT, IMPORT.ID.eq(id));
            List<ImportRowRecord> rows = tx.selectFrom(IMPORT_ROW)
                    .where(IMPORT_ROW.IMPORT_ID.eq(id), IMPORT_ROW.ROW_NUMBER.gt(after))
                    .and(IMPORT_ROW.OUTCOME.in("create", "update"))
                    .orderBy(IMPORT_ROW.ROW_NUMBER)
                    .limit(ROWS_PER_CHUNK)
                    .fetch();
            if (rows.isEmpty()) {
                return finish(tx, run, file);
            }
            int rejected = apply(tx, file, rows);
            long last = rows.getLast().getRowNumber();
            return Progress.upTo(new Position(last))
                    .done(rows.size() - rejected)
                    .failed(rejected)
                    .ofTotal(file.getRowsCreated() + file.getRowsUpdated())
                    .in("writing");
        });
    }

    private int apply(DSLContext tx, ImportRecord file, List<ImportRowRecord> rows) {
        try {
            tx.transaction(savepoint -> {
                PeopleWriter writer = new PeopleWriter(
                        savepoint.dsl(),
                        keys,
                        file.getSource(),
                        Objects.requireNonNull(file.getConfirmedBy()),
                        today());
                List<PeopleWriter.Entry> entries = new ArrayList<>(rows.size());
                for (ImportRowRecord row : rows) {
                    entries.add(new PeopleWriter.Entry(row, draft(row)));
                }
                writer.write(entries);
            });
            return 0;
        } catch (DataAccessException clash) {
            if (!Sqlstate.isConflict(clash)) {
                throw clash;
            }
            if (rows.size() == 1) {
                reject(tx, rows.getFirst());
                return 1;
            }
            int middle = rows.size() / 2;
            return apply(tx, file, rematched(tx, file, rows.subList(0, middle)))
                    + apply(tx, file, rematched(tx, file, rows.subList(middle, rows.size())));
        }
    }

    /** Looks again who is registered: the clash may be the same person, entered a moment ago. */
    private List<ImportRowRecord> rematched(DSLContext tx, ImportRecord file, List<ImportRowRecord> rows) {
        long from = rows.getFirst().getRowNumber() - 1;
        long to = rows.getLast().getRowNumber();
        CheckImport.MATCH.run(tx, CheckImport.values(file, from, to, clock));
        return tx.selectFrom(IMPORT_ROW)
                .where(IMPORT_ROW.IMPORT_ID.eq(file.getId()), IMPORT_ROW.ROW_NUMBER.between(from + 1, to))
                .and(IMPORT_ROW.OUTCOME.in("create", "update"))
                .orderBy(IMPORT_ROW.ROW_NUMBER)
                .fetch();
    }

    private static void reject(DSLContext tx, ImportRowRecord row) {
        tx.update(IMPORT_ROW)
                .set(IMPORT_ROW.OUTCOME, "rejected")
                .set(
                        IMPORT_ROW.PROBLEMS,
                        JSONB.valueOf(Imports.JSON.writeValueAsString(
                                List.of(new RowProblem(null, RowProblem.Code.TAKEN_MEANWHILE, null)))))
                .where(IMPORT_ROW.IMPORT_ID.eq(row.getImportId()), IMPORT_ROW.ROW_NUMBER.eq(row.getRowNumber()))
                .execute();
    }

    private RowDraft draft(ImportRowRecord row) {
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
        outbox.post(tx, Registry.CHANGED, "import/" + file.getId() + "/applied", Map.of());
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
        try (Cursor<? extends Record> rows = tx.select(IMPORT_ROW.ROW_NUMBER, IMPORT_ROW.OUTCOME, IMPORT_ROW.PERSON_ID)
                .from(IMPORT_ROW)
                .where(IMPORT_ROW.IMPORT_ID.eq(importId))
                .orderBy(IMPORT_ROW.ROW_NUMBER)
                .fetchSize(5_000)
                .fetchLazy()) {
            rows.forEach(row -> digest.add(
                    row.get(IMPORT_ROW.ROW_NUMBER), row.get(IMPORT_ROW.OUTCOME), row.get(IMPORT_ROW.PERSON_ID)));
        }
        return digest.finish();
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }
}
