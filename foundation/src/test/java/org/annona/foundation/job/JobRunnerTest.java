package org.annona.foundation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobRunnerTest {

    private static final JobRunner.Settings FAST =
            new JobRunner.Settings(4, Duration.ofMillis(30), Duration.ofMillis(200));

    private record Limit(int rows) {}

    private record Position(int row) {}

    private final Database database = TestDatabases.fresh();
    private final Jobs jobs = new Jobs(database);
    private final List<JobRunner> runners = new ArrayList<>();

    @AfterEach
    void stop() {
        runners.forEach(JobRunner::close);
        database.close();
    }

    @Test
    void a_job_works_chunk_by_chunk_and_tells_how_far_it_is() {
        UUID id = order("count", 25);
        start(counting(new ArrayList<>(), -1));
        JobView job = awaitState(id, JobState.DONE);
        assertThat(job.rowsDone()).isEqualTo(25);
        assertThat(job.percent()).isEqualTo(100);
        assertThat(job.message()).isEqualTo("all counted");
    }

    @Test
    void ordering_twice_with_one_key_gives_one_job() {
        assertThat(order("same", 5)).isEqualTo(order("same", 5));
    }

    @Test
    void a_job_whose_order_is_rolled_back_never_runs() {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        assertThatThrownBy(() -> database.transact(tx -> {
                    Jobs.order(tx, new JobOrder("test", "count", "k", "Count", "x/1", "amina", new Limit(5)));
                    throw new IllegalStateException("the change fails");
                }))
                .isInstanceOf(IllegalStateException.class);
        start(counting(seen, -1));
        UUID other = order("other", 3);
        awaitState(other, JobState.DONE);
        assertThat(seen).containsExactly(0, 1, 2);
        assertThat(jobs.findByKey("k")).isEmpty();
    }

    @Test
    void after_an_error_the_job_fails_with_a_reference_and_resumes_where_it_was() {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        UUID id = order("broken", 30);
        start(counting(seen, 20));
        JobView failed = awaitState(id, JobState.FAILED);
        assertThat(failed.problemCode()).isEqualTo("foundation.unexpected");
        assertThat(failed.rowsDone()).isEqualTo(20);
        database.transact(tx -> jobs.resume(tx, id));
        assertThat(awaitState(id, JobState.DONE).rowsDone()).isEqualTo(30);
        // What a step did is seen here after its chunk is committed.
        await().untilAsserted(() -> assertThat(seen).hasSize(30));
        assertThat(seen).as("no row is done twice").doesNotHaveDuplicates();
    }

    @Test
    void a_job_whose_memory_ends_is_shown_as_failed_and_does_not_run_for_ever() {
        UUID id = order("large", 1);
        start(work(run -> {
            throw new OutOfMemoryError("of the test");
        }));

        assertThat(awaitState(id, JobState.FAILED).problemCode()).isEqualTo("foundation.unexpected");
    }

    @Test
    void a_problem_that_may_pass_makes_the_job_wait_and_try_again_by_itself() {
        AtomicInteger calls = new AtomicInteger();
        UUID id = order("flaky", 1);
        start(work(run -> {
            if (calls.incrementAndGet() < 3) {
                throw Problem.of(FoundationProblem.DATABASE_UNAVAILABLE);
            }
            return run.chunk(database, tx -> Progress.finished("").done(1));
        }));
        awaitState(id, JobState.DONE);
        assertThat(calls).hasValue(3);
    }

    @Test
    void a_cancelled_job_stops_between_two_chunks_and_keeps_what_it_did() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        UUID id = order("long", 1_000_000);
        start(work(run -> {
            Position position = run.cursor(Position.class, new Position(0));
            if (position.row() >= 3) {
                reached.countDown();
            }
            return run.chunk(
                    database,
                    tx -> Progress.upTo(new Position(position.row() + 1)).done(1));
        }));
        reached.await();
        database.transact(tx -> jobs.cancel(tx, id));
        assertThat(awaitState(id, JobState.CANCELLED).rowsDone()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void a_process_that_lost_the_job_can_commit_nothing_more() throws Exception {
        CountDownLatch inChunk = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Throwable> refusals = Collections.synchronizedList(new ArrayList<>());
        UUID id = order("paused", 1);
        AtomicInteger starts = new AtomicInteger();
        start(work(run -> {
            boolean first = starts.incrementAndGet() == 1;
            if (first) {
                inChunk.countDown();
                awaitQuietly(goOn);
            }
            try {
                return run.chunk(
                        database,
                        tx -> Progress.finished("by " + (first ? "first" : "second"))
                                .done(1));
            } catch (Problem refusal) {
                refusals.add(refusal);
                throw refusal;
            }
        }));
        inChunk.await();
        // As if its heartbeats had stopped: the scheduler believes the first process dead and gives the job away.
        database.sql()
                .execute("update foundation.scheduled_task set picked = false, last_heartbeat = null,"
                        + " version = version + 1 where task_instance = '" + id + "'");
        assertThat(awaitState(id, JobState.DONE).message()).isEqualTo("by second");
        goOn.countDown();
        await().untilAsserted(() -> assertThat(refusals).hasSize(1));
        assertThat(jobs.find(id).orElseThrow().rowsDone()).isEqualTo(1);
    }

    @Test
    void the_failure_of_a_process_that_lost_the_job_changes_nothing() throws Exception {
        CountDownLatch inChunk = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger starts = new AtomicInteger();
        UUID id = order("paused", 1);
        start(work(run -> {
            if (starts.incrementAndGet() == 1) {
                inChunk.countDown();
                awaitQuietly(goOn);
                throw new IllegalStateException("of a process that others believe dead");
            }
            return run.chunk(database, tx -> Progress.finished("by second").done(1));
        }));
        inChunk.await();
        database.sql()
                .execute("update foundation.scheduled_task set picked = false, last_heartbeat = null,"
                        + " version = version + 1 where task_instance = '" + id + "'");
        awaitState(id, JobState.DONE);
        goOn.countDown();

        await().during(Duration.ofMillis(500))
                .until(() -> jobs.find(id).orElseThrow().state() == JobState.DONE);
    }

    @Test
    void row_errors_are_listed_in_order_and_counted() {
        UUID id = order("errors", 2);
        start(work(run -> run.chunk(
                database,
                tx -> Progress.finished("")
                        .done(1)
                        .failed(List.of(
                                new RowError("row 3", "test.bad_date", "no date"),
                                new RowError("row 9", "test.bad_area", "no area"))))));
        assertThat(awaitState(id, JobState.DONE).rowsFailed()).isEqualTo(2);
        assertThat(jobs.rowErrors(id, 0, 10)).extracting(RowError::row).containsExactly("row 3", "row 9");
        assertThat(jobs.rowErrors(id, 1, 10)).extracting(RowError::row).containsExactly("row 9");
    }

    private interface StepOf {
        Step step(JobRun run);
    }

    private static Work work(StepOf step) {
        return new Work() {
            @Override
            public String kind() {
                return "count";
            }

            @Override
            public Step step(JobRun run) {
                return step.step(run);
            }
        };
    }

    /** Counts in chunks of ten; fails once before the chunk that begins at the given row. */
    private Work counting(List<Integer> seen, int failsOnceAt) {
        AtomicInteger failures = new AtomicInteger();
        return work(run -> {
            int limit = run.input(Limit.class).rows();
            int from = run.cursor(Position.class, new Position(0)).row();
            if (from == failsOnceAt && failures.incrementAndGet() == 1) {
                throw new IllegalStateException("boom");
            }
            int to = Math.min(limit, from + 10);
            Step step = run.chunk(database, tx -> {
                Progress progress = to == limit ? Progress.finished("all counted") : Progress.upTo(new Position(to));
                return progress.done(to - from).ofTotal(limit).in("counting");
            });
            for (int row = from; row < to; row++) {
                seen.add(row);
            }
            return step;
        });
    }

    private UUID order(String key, int rows) {
        return database.inTransaction(
                tx -> Jobs.order(tx, new JobOrder("test", "count", key, "Count", "x/1", "amina", new Limit(rows))));
    }

    private void start(Work work) {
        JobRunner runner = new JobRunner(database, List.of(work), List.of(), FAST);
        runners.add(runner);
        runner.start();
    }

    private JobView awaitState(UUID id, JobState state) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> jobs.find(id).orElseThrow().state() == state);
        return jobs.find(id).orElseThrow();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
