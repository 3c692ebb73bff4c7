package org.annona.foundation.job;

import static org.annona.foundation.internal.tables.Tables.JOB;
import static org.annona.foundation.internal.tables.Tables.JOB_ROW_ERROR;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.internal.tables.tables.records.JobRecord;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Orders jobs and tells how they stand. Who may do so is decided by the block whose work it is. */
public final class Jobs {

    static final String TASK = "annona-job";
    static final String TABLE = "foundation.scheduled_task";

    /** Names the task towards the scheduler's table; {@link JobRunner} has the one that is executed. */
    private static final CustomTask<Void> NAME_ONLY = Tasks.custom(TASK, Void.class)
            .execute((instance, context) -> {
                throw new IllegalStateException("only ordered here");
            });

    private final Database database;

    public Jobs(Database database) {
        this.database = database;
    }

    /** Orders the job within the caller's transaction; the same key gives the job that was ordered first. */
    public static UUID order(DSLContext tx, JobOrder order) {
        UUID id = Ids.next();
        int inserted = tx.insertInto(JOB)
                .set(JOB.ID, id)
                .set(JOB.BLOCK, order.block())
                .set(JOB.KIND, order.kind())
                .set(JOB.KEY, order.key())
                .set(JOB.TITLE, order.title())
                .set(JOB.SUBJECT, order.subject())
                .set(JOB.STATE, JobState.QUEUED.stored())
                .set(JOB.INPUT, JSONB.valueOf(order.inputAsJson()))
                .set(JOB.REQUESTED_BY, order.requestedBy())
                .onConflict(JOB.KEY)
                .doNothing()
                .execute();
        if (inserted == 0) {
            return tx.select(JOB.ID)
                    .from(JOB)
                    .where(JOB.KEY.eq(order.key()))
                    .fetchSingle()
                    .value1();
        }
        schedule(tx, id);
        return id;
    }

    public Optional<JobView> find(UUID id) {
        return database.sql().selectFrom(JOB).where(JOB.ID.eq(id)).fetchOptional(Jobs::view);
    }

    public Optional<JobView> findByKey(String key) {
        return database.sql().selectFrom(JOB).where(JOB.KEY.eq(key)).fetchOptional(Jobs::view);
    }

    /** Jobs on one subject, newest first. */
    public List<JobView> ofSubject(String subject, int limit) {
        return database.sql()
                .selectFrom(JOB)
                .where(JOB.SUBJECT.eq(subject))
                .orderBy(JOB.REQUESTED_AT.desc(), JOB.ID)
                .limit(limit)
                .fetch(Jobs::view);
    }

    /** Asks the job to stop after its current chunk; what it has done so far stays. */
    public void cancel(DSLContext tx, UUID id) {
        tx.update(JOB)
                .set(JOB.CANCEL_REQUESTED, true)
                .where(JOB.ID.eq(id))
                .and(JOB.STATE.in(JobState.QUEUED.stored(), JobState.RUNNING.stored(), JobState.WAITING.stored()))
                .execute();
    }

    /** Lets a failed or cancelled job go on from its last committed chunk. */
    public void resume(DSLContext tx, UUID id) {
        int resumed = tx.update(JOB)
                .set(JOB.STATE, JobState.QUEUED.stored())
                .set(JOB.CANCEL_REQUESTED, false)
                .set(JOB.TRIES, 0)
                .setNull(JOB.ENDED_AT)
                .setNull(JOB.PROBLEM_CODE)
                .set(JOB.MESSAGE, "")
                .where(JOB.ID.eq(id))
                .and(JOB.STATE.in(JobState.FAILED.stored(), JobState.CANCELLED.stored()))
                .execute();
        if (resumed == 0) {
            String state = find(id).map(job -> job.state().code()).orElse("unknown");
            throw Problem.of(FoundationProblem.JOB_NOT_RESUMABLE, "state", state);
        }
        schedule(tx, id);
    }

    /** The first row errors of a job, in the order in which they were met. */
    public List<RowError> rowErrors(UUID id, long afterNumber, int limit) {
        return database.sql()
                .selectFrom(JOB_ROW_ERROR)
                .where(JOB_ROW_ERROR.JOB_ID.eq(id), JOB_ROW_ERROR.NUMBER.gt(afterNumber))
                .orderBy(JOB_ROW_ERROR.NUMBER)
                .limit(limit)
                .fetch(row -> new RowError(row.getRowRef(), row.getCode(), row.getMessage()));
    }

    private static void schedule(DSLContext tx, UUID id) {
        tx.connection(connection -> SchedulerClient.Builder.create(
                        new SingleConnectionDataSource(connection, true), NAME_ONLY)
                .tableName(TABLE)
                .build()
                .scheduleIfNotExists(NAME_ONLY.instance(id.toString()), Instant.now()));
    }

    static JobView view(JobRecord job) {
        return new JobView(
                job.getId(),
                job.getBlock(),
                job.getKind(),
                job.getTitle(),
                job.getSubject(),
                JobState.of(job.getState()),
                job.getStage(),
                job.getRowsTotal(),
                job.getRowsDone(),
                job.getRowsFailed(),
                job.getProblemCode(),
                job.getMessage(),
                job.getRequestedBy(),
                job.getRequestedAt(),
                job.getStartedAt(),
                job.getEndedAt(),
                job.getCancelRequested());
    }
}
