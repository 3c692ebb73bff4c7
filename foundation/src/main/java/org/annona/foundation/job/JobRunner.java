package org.annona.foundation.job;

import static org.annona.foundation.internal.tables.Tables.JOB;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.val;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.internal.tables.tables.records.JobRecord;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.retry.BackOff;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the jobs. Any number of processes may run one on the same database: db-scheduler gives each job to one of them, and
 * gives it to another when the first falls silent.
 */
public final class JobRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    /** A long job steps back to the end of the queue after this time, so that short ones are not kept waiting. */
    private static final Duration FAIR_SHARE = Duration.ofSeconds(20);

    private static final BackOff BACK_OFF = BackOff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(60));
    private static final int MOST_TRIES = 200;

    private final Database database;
    private final Map<String, Work> works;
    private final Scheduler scheduler;

    /**
     * @param threads jobs that this process does at the same time
     * @param heartbeat how often it says that it is alive; after four missed ones its jobs are given to others
     */
    public record Settings(int threads, Duration polling, Duration heartbeat) {

        public static final Settings DEFAULT = new Settings(6, Duration.ofMillis(250), Duration.ofSeconds(5));
    }

    public JobRunner(Database database, List<Work> works, List<Recurring> recurring, Settings settings) {
        this.database = database;
        this.works = works.stream().collect(Collectors.toMap(Work::kind, Function.identity()));
        CustomTask<Void> task = Tasks.custom(Jobs.TASK, Void.class)
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, Instant.now().plusSeconds(5)))
                .onDeadExecution((complete, operations) -> operations.reschedule(complete, Instant.now()))
                .execute(this::execute);
        List<RecurringTask<Void>> repeated =
                recurring.stream().map(JobRunner::recurringTask).toList();
        this.scheduler = Scheduler.create(database.dataSource(), task)
                .startTasks(repeated)
                .tableName(Jobs.TABLE)
                .schedulerName(new SchedulerName.Fixed("annona-" + UUID.randomUUID()))
                .threads(settings.threads())
                .pollingInterval(settings.polling())
                .heartbeatInterval(settings.heartbeat())
                .missedHeartbeatsLimit(4)
                .pollUsingLockAndFetch(0.5, 1.0)
                .shutdownMaxWait(Duration.ofSeconds(15))
                .build();
    }

    private static RecurringTask<Void> recurringTask(Recurring recurring) {
        AtomicReference<String> told = new AtomicReference<>("");
        return Tasks.recurring("annona-recurring-" + recurring.name(), FixedDelay.of(recurring.pause()))
                .execute((instance, context) -> {
                    try {
                        Scope.across(AcrossOrganisations.SCHEDULES).run(recurring.work());
                        told.set("");
                    } catch (RuntimeException failure) {
                        // What fails every second for an hour is told once.
                        String reason = briefly(failure);
                        if (!told.getAndSet(reason).equals(reason)) {
                            LOG.warn("{} is tried again until it works: {}", recurring.name(), reason);
                        }
                    }
                });
    }

    public void start() {
        scheduler.start();
    }

    /** Lets running chunks end, hands the jobs back and returns. */
    @Override
    public void close() {
        scheduler.stop();
    }

    private CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
        UUID id = UUID.fromString(instance.getId());
        Instant limit = Instant.now().plus(FAIR_SHARE);
        BooleanSupplier pause = () ->
                context.getSchedulerState().isShuttingDown() || Instant.now().isAfter(limit) || cancelRequested(id);
        JobRun run = Scope.across(AcrossOrganisations.JOBS).call(() -> take(id, pause));
        if (run == null) {
            return (complete, operations) -> operations.remove();
        }
        return run.scope().call(() -> execute(run, context, limit));
    }

    private CompletionHandler<Void> execute(JobRun run, ExecutionContext context, Instant limit) {
        UUID id = run.id();
        Work work = works.get(run.kind());
        if (work == null) {
            // A process that runs other blocks will have it.
            return again(run, JobState.QUEUED, "no process here can do it", Duration.ofSeconds(5));
        }
        try {
            while (true) {
                if (cancelRequested(id)) {
                    end(run, JobState.CANCELLED, null, "stopped on request");
                    work.cancelled(run);
                    return (complete, operations) -> operations.remove();
                }
                if (context.getSchedulerState().isShuttingDown()
                        || Instant.now().isAfter(limit)) {
                    return again(run, JobState.QUEUED, null, Duration.ZERO);
                }
                switch (work.step(run)) {
                    case Step.Continue go -> {}
                    case Step.Finished finished -> {
                        return (complete, operations) -> operations.remove();
                    }
                    case Step.Wait wait -> {
                        return again(run, JobState.WAITING, wait.reason(), wait.time());
                    }
                }
            }
        } catch (RuntimeException | Error failure) {
            if (context.getSchedulerState().isShuttingDown() && Thread.interrupted()) {
                // Stopped in the middle, which says nothing about the work; it goes on after the next start.
                return again(run, JobState.QUEUED, null, Duration.ZERO);
            }
            return afterFailure(run, failure);
        }
    }

    /** Takes the job over from whoever had it before: from now on only this fence can commit chunks. */
    private @Nullable JobRun take(UUID id, BooleanSupplier pause) {
        JobRecord job = database.sql()
                .update(JOB)
                .set(JOB.STATE, JobState.RUNNING.stored())
                .set(JOB.FENCE, JOB.FENCE.plus(1))
                .set(JOB.STARTED_AT, coalesce(JOB.STARTED_AT, now(JOB.STARTED_AT)))
                .where(JOB.ID.eq(id))
                .and(JOB.STATE.in(JobState.QUEUED.stored(), JobState.RUNNING.stored(), JobState.WAITING.stored()))
                .returning()
                .fetchOne();
        return job == null ? null : new JobRun(job, pause);
    }

    private CompletionHandler<Void> afterFailure(JobRun run, Throwable failure) {
        Problem problem = failure instanceof Problem known ? known : Sqlstate.problemOf(failure);
        if (problem != null && problem.code() == FoundationProblem.JOB_LEASE_LOST) {
            return (complete, operations) -> operations.remove();
        }
        int tries = run.tries() + 1;
        if (problem != null && problem.code().retryable() && tries < MOST_TRIES) {
            LOG.info("job {} waits: {}", run.id(), problem.sentence());
            database.sql()
                    .update(JOB)
                    .set(JOB.TRIES, tries)
                    .set(JOB.PROBLEM_CODE, problem.code().code())
                    .where(held(run))
                    .execute();
            return again(run, JobState.WAITING, problem.sentence() + " " + problem.remedy(), BACK_OFF.spread(tries));
        }
        if (problem == null) {
            problem = Problem.of(FoundationProblem.UNEXPECTED, "reference", run.id());
            LOG.error("job {} failed", run.id(), failure);
        }
        end(run, JobState.FAILED, problem.code().code(), problem.sentence() + " " + problem.remedy());
        return (complete, operations) -> operations.remove();
    }

    private CompletionHandler<Void> again(JobRun run, JobState state, @Nullable String reason, Duration pause) {
        database.sql()
                .update(JOB)
                .set(JOB.STATE, state.stored())
                .set(JOB.MESSAGE, reason == null ? JOB.MESSAGE : val(reason))
                .where(held(run))
                .execute();
        Instant next = Instant.now().plus(pause);
        return (complete, operations) -> operations.reschedule(complete, next);
    }

    private void end(JobRun run, JobState state, @Nullable String problemCode, String message) {
        database.sql()
                .update(JOB)
                .set(JOB.STATE, state.stored())
                .set(JOB.PROBLEM_CODE, problemCode)
                .set(JOB.MESSAGE, message)
                .set(JOB.ENDED_AT, now(JOB.ENDED_AT))
                .where(held(run))
                .execute();
    }

    private static Condition held(JobRun run) {
        return JOB.ID.eq(run.id()).and(JOB.FENCE.eq(run.fence()));
    }

    private boolean cancelRequested(UUID id) {
        return Boolean.TRUE.equals(database.sql()
                .select(JOB.CANCEL_REQUESTED)
                .from(JOB)
                .where(JOB.ID.eq(id))
                .fetchOne(JOB.CANCEL_REQUESTED));
    }

    private static Field<Instant> now(Field<Instant> column) {
        return currentOffsetDateTime().cast(column.getDataType());
    }

    private static String briefly(RuntimeException failure) {
        return failure instanceof Problem problem
                ? problem.sentence()
                : failure.getClass().getSimpleName() + " " + Sqlstate.of(failure);
    }
}
