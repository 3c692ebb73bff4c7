package org.annona.foundation.job;

import static org.annona.foundation.internal.tables.Tables.JOB;
import static org.annona.foundation.internal.tables.Tables.JOB_ROW_ERROR;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.max;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.annona.foundation.database.Database;
import org.annona.foundation.internal.tables.tables.records.JobRecord;
import org.annona.foundation.internal.tables.tables.records.JobRowErrorRecord;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One process' hold on a job. */
public final class JobRun {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JobRecord job;
    private final BooleanSupplier pauseWanted;
    private @Nullable JSONB cursor;

    JobRun(JobRecord job, BooleanSupplier pauseWanted) {
        this.job = job;
        this.pauseWanted = pauseWanted;
        this.cursor = job.getCursor();
    }

    public UUID id() {
        return job.getId();
    }

    String kind() {
        return job.getKind();
    }

    /** The organisation that ordered it. Work of the whole installation sees no row of any organisation. */
    Scope scope() {
        return job.getOrganisationId() == null ? Scope.NOTHING : Scope.of(job.getOrganisationId());
    }

    public String subject() {
        return job.getSubject();
    }

    public String requestedBy() {
        return job.getRequestedBy();
    }

    /** For the cause of audit entries. */
    public String asCause() {
        return "job/" + job.getId();
    }

    public <T> T input(Class<T> type) {
        return JSON.readValue(job.getInput().data(), type);
    }

    /** Where the last committed chunk ended, or the given start. */
    public <C> C cursor(Class<C> type, C start) {
        return cursor == null ? start : JSON.readValue(cursor.data(), type);
    }

    /** Whether a step that does several chunks should return after the current one, because someone waits for that. */
    public boolean shouldPause() {
        return pauseWanted.getAsBoolean();
    }

    /** Does a chunk and records its progress in one transaction, unless another process has taken the job meanwhile. */
    public Step chunk(Database database, Function<DSLContext, Progress> work) {
        Progress progress = database.inTransaction(tx -> {
            Progress made = work.apply(tx);
            record(tx, made);
            return made;
        });
        if (progress.cursor() != null) {
            cursor = asJson(progress.cursor());
        }
        return progress.finished() ? Step.FINISHED : Step.CONTINUE;
    }

    private void record(DSLContext tx, Progress progress) {
        int held = tx.update(JOB)
                .set(JOB.ROWS_DONE, JOB.ROWS_DONE.plus(progress.done()))
                .set(JOB.ROWS_FAILED, JOB.ROWS_FAILED.plus(progress.failed()))
                .set(changes(progress))
                .where(JOB.ID.eq(job.getId()), JOB.FENCE.eq(job.getFence()))
                .execute();
        if (held == 0) {
            throw Problem.of(FoundationProblem.JOB_LEASE_LOST);
        }
        recordErrors(tx, progress);
    }

    private static JobRecord changes(Progress progress) {
        JobRecord changes = new JobRecord();
        changes.setTries(0);
        changes.setProgressedAt(Instant.now());
        if (progress.cursor() != null) {
            changes.setCursor(asJson(progress.cursor()));
        }
        if (progress.total() != null) {
            changes.setRowsTotal(progress.total());
        }
        if (progress.stage() != null) {
            changes.setStage(progress.stage());
        }
        if (progress.message() != null) {
            changes.setMessage(progress.message());
        }
        if (progress.finished()) {
            changes.setState(JobState.DONE.stored());
            changes.setEndedAt(Instant.now());
        }
        return changes;
    }

    private void recordErrors(DSLContext tx, Progress progress) {
        if (progress.errors().isEmpty()) {
            return;
        }
        long number = tx.select(coalesce(max(JOB_ROW_ERROR.NUMBER), 0L))
                .from(JOB_ROW_ERROR)
                .where(JOB_ROW_ERROR.JOB_ID.eq(job.getId()))
                .fetchSingle()
                .value1();
        List<JobRowErrorRecord> rows = new ArrayList<>();
        for (RowError error : progress.errors()) {
            number++;
            rows.add(new JobRowErrorRecord(job.getId(), number, error.row(), error.code(), error.message()));
        }
        tx.batchInsert(rows).execute();
    }

    long fence() {
        return job.getFence();
    }

    int tries() {
        return job.getTries();
    }

    private static JSONB asJson(Object value) {
        return JSONB.valueOf(JSON.writeValueAsString(value));
    }
}
