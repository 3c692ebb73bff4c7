package org.annona.programs.duplication;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.retry.BackOff;
import org.annona.foundation.scope.Scope;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.duplication.BlindQuestions.Standing;
import org.annona.programs.duplication.Checks.Asked;
import org.annona.programs.duplication.Sources.Source;
import org.annona.programs.population.PopulationRefresh;
import org.jspecify.annotations.Nullable;

/**
 * Checks all members of the households of a programme with one source: many people in each message, some messages at a time,
 * what is not known again and again for a while. An outage is waited for, for hours.
 */
public final class CheckMembers implements Work, AutoCloseable {

    static final String KIND = "programs.check-members";

    private static final int MEMBERS_PER_CHUNK = 5_000;
    private static final int LINES = 4;
    private static final Duration MOMENT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final int MOST_WAITS = 300;
    /** Of first retries: a quarter of an hour with the usual one. */
    private static final int LONGEST_OUTAGE_PAUSE = 450;

    /** About 13 hours with the usual first retry, so that an outage of a night ends before. */
    private static final int MOST_OUTAGES = 60;

    private static final Duration LEFT_ALONE = Duration.ofDays(1);
    private static final Duration FRESH = Duration.ofHours(1);
    private static final SqlFile ENTER = SqlFile.beside(CheckMembers.class, "enter-members.sql");
    private static final SqlFile DUE_AGAIN = SqlFile.beside(CheckMembers.class, "due-again.sql");

    private final Database database;
    private final Sources sources;
    private final Checks checks;
    private final CheckReports reports;
    private final BlindQuestions blind;
    private final PopulationRefresh population;
    private final Jobs jobs;
    private final Duration firstRetry;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");
    private final ExecutorService lines = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("duplication-", 0).factory());

    /** @param firstRetry before a list that is not ready is asked for again; it grows each time */
    public CheckMembers(
            Database database,
            Sources sources,
            Checks checks,
            CheckReports reports,
            BlindQuestions blind,
            PopulationRefresh population,
            Jobs jobs,
            Duration firstRetry,
            Clock clock) {
        this.jobs = jobs;
        this.firstRetry = firstRetry;
        this.database = database;
        this.sources = sources;
        this.checks = checks;
        this.reports = reports;
        this.blind = blind;
        this.population = population;
        this.clock = clock;
    }

    /** @param programme whose members enter; null where only those that are due are asked for */
    record Order(UUID source, @Nullable UUID programme) {}

    /**
     * @param listed whether the list of an installation that is asked blindly was whole once
     * @param waits how often on end it was waited for
     */
    private record Position(boolean fresh, boolean entered, UUID after, boolean listed, int waits) {
        static final Position START = new Position(false, false, new UUID(0, 0), false, 0);

        Position withList() {
            return new Position(fresh, entered, after, true, 0);
        }

        Position waited(int times) {
            return new Position(fresh, entered, after, listed, times);
        }
    }

    /** Orders the check of a whole programme. */
    public UUID order(Actor actor, UUID source, UUID programme) {
        actor.require(ProgramsPermission.CHECK_DUPLICATES);
        Source known = sources.find(source)
                .filter(one -> one.terms().active())
                .orElseThrow(() -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNKNOWN));
        return database.inTransaction(tx -> {
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.duplication.check_all", "programme/" + programme)
                            .with("source", source)
                            .with("basis", known.terms().basis()));
            return Jobs.order(tx, job(known, programme, actor.name()));
        });
    }

    private static JobOrder job(Source source, @Nullable UUID programme, String actor) {
        return new JobOrder(
                "programs",
                KIND,
                KIND + "/" + Ids.next(),
                "Check for duplicates with " + source.terms().name(),
                subject(source.id()),
                actor,
                new Order(source.id(), programme));
    }

    public static String subject(UUID source) {
        return "duplication-source/" + source;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        Order order = run.input(Order.class);
        Position position = run.cursor(Position.class, Position.START);
        Source source = sources.find(order.source()).orElseThrow();
        if (!source.terms().active()) {
            return run.chunk(database, tx -> Progress.finished("the source was switched off"));
        }
        UUID programme = order.programme();
        if (programme != null && !position.fresh()) {
            boolean more = population.fetch().more();
            return run.chunk(
                    database,
                    tx -> Progress.upTo(new Position(!more, false, position.after(), false, 0))
                            .in("fetching the population"));
        }
        if (programme != null && !position.entered()) {
            return enter(run, source, programme, position);
        }
        boolean needsList = !position.listed() || checks.nextDue(source.id()) != null;
        if (source.terms().manner() == CheckMode.BLIND && needsList) {
            Step fetching = fetchList(run, source, position);
            if (fetching != null) {
                return fetching;
            }
        }
        // A registry that was away is asked one thing, to see whether it is back.
        Asked asked = askInParallel(source, run.requestedBy(), position.waits() > 0 ? 1 : LINES);
        if (asked.claimed() > 0) {
            return asked.done() == 0 && !asked.outage().isEmpty()
                    ? awaitRegistry(run, source, position, asked.outage())
                    : run.chunk(
                            database,
                            tx -> Progress.upTo(position.withList())
                                    .done(asked.done())
                                    .in("asking"));
        }
        Instant next = checks.nextDue(source.id());
        if (next == null) {
            return run.chunk(database, tx -> Progress.finished(summary(source)));
        }
        Duration pause = Duration.between(clock.instant(), next);
        return Step.waitFor(
                pause.compareTo(MOMENT) < 0 ? MOMENT : pause.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : pause,
                "answers are awaited, or tried again");
    }

    /** @return null where the list is whole */
    private @Nullable Step fetchList(JobRun run, Source source, Position position) {
        return switch (blind.advance(source)) {
            case Standing.Ready ready -> position.listed() ? null : reached(run, position.withList(), "asking");
            case Standing.Fetching(long fetched, long expected) ->
                reached(run, position.waited(0), "fetching its list: " + fetched + " of " + expected + " marks");
            case Standing.Awaited(String reason) -> awaitList(run, source, position, reason);
            case Standing.Refused(String reason) -> throw silent(source, reason);
        };
    }

    private Step reached(JobRun run, Position position, String stage) {
        return run.chunk(database, tx -> Progress.upTo(position).in(stage));
    }

    /** Longer and longer, for hours; then the schedule asks again. */
    private Step awaitRegistry(JobRun run, Source source, Position position, String reason) {
        int waits = position.waits() + 1;
        if (waits > MOST_OUTAGES) {
            return run.chunk(database, tx -> {
                int people = checks.giveUpForNow(tx, source.id());
                return Progress.finished("The registry could not be reached for hours (" + reason + "). " + people
                        + " people are asked for again tomorrow, by themselves. " + summary(source));
            });
        }
        run.chunk(database, tx -> Progress.upTo(position.waited(waits)));
        Duration pause = BackOff.doubling(firstRetry, firstRetry.multipliedBy(LONGEST_OUTAGE_PAUSE))
                .after(waits);
        return Step.waitFor(pause, source.terms().name() + " cannot be reached, and is asked again: " + reason);
    }

    /** Longer and longer, for hours: a large installation needs an hour for its list. */
    private Step awaitList(JobRun run, Source source, Position position, String reason) {
        int waits = position.waits() + 1;
        if (waits > MOST_WAITS) {
            throw silent(source, reason);
        }
        run.chunk(database, tx -> Progress.upTo(position.waited(waits)));
        Duration pause = firstRetry.multipliedBy(Math.min(waits, 30));
        return Step.waitFor(pause, source.terms().name() + ": " + reason);
    }

    private static Problem silent(Source source, String reason) {
        return Problem.of(
                ProgramsProblem.DUPLICATION_SOURCE_SILENT,
                "source",
                source.terms().name(),
                "reason",
                reason);
    }

    private String summary(Source source) {
        Map<String, Long> counts = reports.countByResult(source.id());
        return counts.getOrDefault("no_match", 0L) + " without a match, "
                + counts.getOrDefault("possible_match", 0L) + " possible, "
                + counts.getOrDefault("confirmed_match", 0L) + " confirmed, "
                + counts.getOrDefault("inconclusive", 0L) + " inconclusive, "
                + counts.getOrDefault("not_checked", 0L) + " could not be asked for";
    }

    private record Entered(@Nullable UUID last, long lookedAt) {}

    private Step enter(JobRun run, Source source, UUID programme, Position position) {
        return run.chunk(database, tx -> {
            Entered entered = Objects.requireNonNull(ENTER.first(
                    tx,
                    Map.of(
                            "source", source.id(),
                            "programme", programme,
                            "after", position.after(),
                            "most", MEMBERS_PER_CHUNK,
                            "today", LocalDate.now(clock),
                            "older_than", Timestamp.from(clock.instant().minus(FRESH)),
                            "now", Timestamp.from(clock.instant())),
                    (row, number) -> new Entered(row.getObject("last", UUID.class), row.getLong("looked_at"))));
            UUID last = entered.last();
            return last == null
                    ? Progress.upTo(new Position(true, true, position.after(), false, 0))
                    : Progress.upTo(new Position(true, false, last, false, 0)).in("looking who is a member");
        });
    }

    private Asked askInParallel(Source source, String actor, int most) {
        List<Future<Asked>> open = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            open.add(lines.submit(Scope.carried(() -> checks.askNext(source, actor))));
        }
        Asked asked = Asked.NOBODY;
        RuntimeException first = null;
        for (Future<Asked> one : open) {
            try {
                asked = asked.and(one.get());
            } catch (ExecutionException failed) {
                first = failed.getCause() instanceof RuntimeException known
                        ? known
                        : new IllegalStateException(failed.getCause());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            }
        }
        if (first != null) {
            throw first;
        }
        return asked;
    }

    /** Answers that are too old are asked for again, and so is what was inconclusive, unless a user is deciding about it. */
    public void recheckDue() {
        for (Source source : sources.all()) {
            if (source.terms().active()) {
                Scope.of(source.organisation()).run(() -> recheckDue(source));
            }
        }
    }

    private void recheckDue(Source source) {
        Integer days = source.terms().recheckDays();
        boolean leftAlone = isLeftAlone(source.id());
        database.transact(tx -> {
            if (days != null) {
                DUE_AGAIN.run(
                        tx,
                        Map.of(
                                "source", source.id(),
                                "now", Timestamp.from(clock.instant()),
                                "older_than", Timestamp.from(clock.instant().minus(Duration.ofDays(days)))));
            }
            if (!leftAlone && checks.isDue(tx, source.id())) {
                Jobs.order(tx, job(source, null, Actor.SYSTEM));
            }
        });
    }

    /** Somebody is at it, has stopped it, or it has failed; what was stopped or has failed is left alone for a day. */
    private boolean isLeftAlone(UUID source) {
        List<JobView> newest = jobs.ofSubject(subject(source), 20);
        if (newest.stream().anyMatch(job -> !job.state().isEnded())) {
            return true;
        }
        return newest.stream()
                .limit(1)
                .filter(job -> job.state() != JobState.DONE)
                .map(JobView::endedAt)
                .anyMatch(
                        ended -> ended != null && ended.isAfter(clock.instant().minus(LEFT_ALONE)));
    }

    @Override
    public void close() {
        lines.shutdownNow();
    }
}
