package org.annona.tokens.tokenisation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.sealing.Sensitive;
import org.annona.tokens.Subjects;
import org.annona.tokens.Subjects.Candidate;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.connector.Connectors.RunOrder;
import org.annona.tokens.internal.tables.states.ConnectorState;
import org.annona.tokens.seeder.SeederClient;
import org.jspecify.annotations.Nullable;

/**
 * One run of a connector: everybody whom the filter selects enters the queue; then messages are sent and answers collected,
 * until nobody is due and nothing is open. Of a form, windows are asked for instead. It may be stopped at any point, by
 * anything, and goes on where it was.
 */
public final class RunConnector implements Work, AutoCloseable {

    private static final int CANDIDATES = 5_000;
    /** Messages whose people wait; a seeder works through them one by one. */
    private static final int MOST_OPEN = 48;

    /** Windows of a form hold many people each, and a seeder soon forgets what it could not begin. */
    private static final int MOST_OPEN_OF_FORM = 2;

    private static final int AT_ONCE = 6;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final Database database;
    private final Connectors connectors;
    private final Subjects subjects;
    private final Queue queue;
    private final FormWindows windows;
    private final Requests requests;
    private final SeederClients clients;
    private final Duration look;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("tokens");
    private final ExecutorService lines = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("seeder-", 0).factory());

    /** @param look the shortest pause before it looks again at what is open */
    public RunConnector(
            Database database,
            Connectors connectors,
            Subjects subjects,
            Queue queue,
            FormWindows windows,
            Requests requests,
            SeederClients clients,
            Duration look,
            Clock clock) {
        this.database = database;
        this.connectors = connectors;
        this.subjects = subjects;
        this.queue = queue;
        this.windows = windows;
        this.requests = requests;
        this.clients = clients;
        this.look = look;
        this.clock = clock;
    }

    /**
     * @param entered whether all candidates stand in the queue
     * @param after the last of them that does
     * @param answered people with an answer that the progress has counted
     */
    private record Position(boolean entered, @Nullable UUID after, long answered) {
        static final Position START = new Position(false, null, 0);
    }

    @Override
    public String kind() {
        return Connectors.RUN;
    }

    @Override
    public Step step(JobRun run) {
        RunOrder order = run.input(RunOrder.class);
        Optional<Connector> found = connectors.find(order.connectorId());
        if (found.isEmpty() || found.get().run() != order.run()) {
            return run.chunk(database, tx -> Progress.finished("another run took over"));
        }
        Connector connector =
                found.get().under(order.version(), connectors.version(order.connectorId(), order.version()));
        Position position = run.cursor(Position.class, Position.START);
        boolean ofForm = connector.terms().form() != null;
        if (connector.state() == ConnectorState.STARTED && !position.entered()) {
            return ofForm ? plan(run, connector, position) : enter(run, connector, position);
        }
        int made = collect(connector);
        if (connector.state() == ConnectorState.STARTED && !clock.instant().isBefore(connector.quietUntil())) {
            made += ofForm ? readForm(connector) : send(connector);
        }
        return made > 0 ? count(run, connector, position) : pause(run, connector, position);
    }

    private Step enter(JobRun run, Connector connector, Position position) {
        List<Candidate> candidates = subjects.candidates(connector.terms().scope(), position.after(), CANDIDATES);
        boolean last = candidates.size() < CANDIDATES;
        return run.chunk(database, tx -> {
            queue.enter(tx, connector, candidates);
            UUID after = candidates.isEmpty()
                    ? position.after()
                    : candidates.getLast().person();
            return Progress.upTo(new Position(last, after, 0)).in("looking who is selected");
        });
    }

    private Step plan(JobRun run, Connector connector, Position position) {
        return run.chunk(database, tx -> {
            windows.plan(tx, connector, !run.requestedBy().equals(Actor.SYSTEM));
            return Progress.upTo(new Position(true, position.after(), 0)).in("looking what is to be read");
        });
    }

    /** One window at a time: the seeder reads it while we wait. */
    private int readForm(Connector connector) {
        if (requests.countOpen(connector.id()) >= MOST_OPEN_OF_FORM) {
            return 0;
        }
        Optional<Sensitive<String>> password = connectors.formPassword(connector.id(), connector.terms());
        if (password.isEmpty()) {
            database.transact(tx -> connectors.failed(
                    tx, connector.id(), "The account in ODK was changed while the form was read; start again."));
            return 1;
        }
        Optional<FormWindows.Prepared> prepared = windows.prepare(connector, password.get());
        prepared.ifPresent(window -> requests.sentForm(
                connector, window.request(), clients.of(connector).submitForm(window.body())));
        return prepared.isPresent() ? 1 : 0;
    }

    private int collect(Connector connector) {
        List<Requests.Open> due = requests.claimDue(connector, AT_ONCE);
        SeederClient client = clients.of(connector);
        if (connector.terms().form() != null) {
            // Their people overlap, so that one after the other is taken.
            due.forEach(request -> requests.collect(connector, client, request));
            return due.size();
        }
        List<Runnable> work = new ArrayList<>();
        due.forEach(request -> work.add(() -> requests.collect(connector, client, request)));
        inParallel(work);
        return due.size();
    }

    /** Each line writes one message down, sends it, and notes what the seeder said. */
    private int send(Connector connector) {
        int free = Math.min(AT_ONCE, MOST_OPEN - requests.countOpen(connector.id()));
        SeederClient client = clients.of(connector);
        List<Boolean> sent = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Runnable> work = new ArrayList<>();
        for (int i = 0; i < free; i++) {
            work.add(() -> {
                Optional<Queue.Prepared> prepared = queue.prepare(connector);
                prepared.ifPresent(message -> {
                    sent.add(true);
                    byte[] body = message.body();
                    if (body != null) {
                        requests.sent(connector, message.request(), message.people(), client.submit(body));
                    }
                });
            });
        }
        inParallel(work);
        return sent.size();
    }

    private void inParallel(List<Runnable> work) {
        List<Future<?>> open = new ArrayList<>();
        work.forEach(one -> open.add(lines.submit(one)));
        RuntimeException first = null;
        for (Future<?> one : open) {
            try {
                one.get();
            } catch (java.util.concurrent.ExecutionException failed) {
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
    }

    private Step count(JobRun run, Connector connector, Position position) {
        long answered = requests.countAnswered(connector.id(), connector.run());
        return run.chunk(
                database,
                tx -> Progress.upTo(new Position(position.entered(), position.after(), answered))
                        .done(answered - position.answered())
                        .in("asking for tokens"));
    }

    private Step pause(JobRun run, Connector connector, Position position) {
        int open = requests.countOpen(connector.id());
        boolean started = connector.state() == ConnectorState.STARTED;
        Instant now = clock.instant();
        Optional<Instant> next = started ? nextDue(connector) : Optional.empty();
        // Halves of a window come back soon, and belong to this run.
        Duration soon = connector.terms().form() == null
                ? Duration.ZERO
                : connector.terms().backOff();
        boolean later = connector.terms().recurring()
                && next.filter(due -> due.isAfter(now.plus(soon))).isPresent();
        if (open == 0 && (next.isEmpty() || later)) {
            return end(run, connector, position);
        }
        if (open == 0 && now.isBefore(connector.quietUntil())) {
            return Step.waitFor(
                    until(connector.quietUntil()), "the seeder cannot be reached; it is tried again by itself");
        }
        if (open == 0) {
            return Step.waitFor(next.map(this::until).orElse(look), "some people are tried again later");
        }
        return Step.waitFor(look, "answers of the seeder are awaited");
    }

    private Optional<Instant> nextDue(Connector connector) {
        Optional<Instant> people = queue.nextDue(connector.id());
        if (connector.terms().form() == null) {
            return people;
        }
        return Stream.of(people, windows.nextDue(connector))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private Duration until(Instant moment) {
        Duration pause = Duration.between(clock.instant(), moment);
        return pause.compareTo(look) < 0 ? look : pause.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : pause;
    }

    private Step end(JobRun run, Connector connector, Position position) {
        long answered = requests.countAnswered(connector.id(), connector.run());
        return run.chunk(database, tx -> {
            int still = windows.countStandingStill(connector);
            if (still > 0 && connector.state() == ConnectorState.STARTED) {
                connectors.failed(
                        tx,
                        connector.id(),
                        (still == 1 ? "One window" : still + " windows")
                                + " of the form could not be read as a whole. Look at the parts of the form, then start it"
                                + " again.");
            } else {
                connectors.ended(tx, connector);
            }
            audit.append(
                    tx,
                    AuditEvent.of(run.requestedBy(), "tokens.run.end", connector.subject())
                            .because(run.asCause())
                            .touching(answered)
                            .with("run", connector.run())
                            .with("version", connector.version()));
            return Progress.finished(connector.state() == ConnectorState.STARTED ? "nobody is due" : "stopped")
                    .done(answered - position.answered());
        });
    }

    @Override
    public void cancelled(JobRun run) {
        RunOrder order = run.input(RunOrder.class);
        database.transact(tx -> connectors.cancelled(tx, order.connectorId(), order.run()));
    }

    @Override
    public void close() {
        lines.shutdownNow();
    }
}
