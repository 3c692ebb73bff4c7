package org.annona.registry.pull;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.RowError;
import org.annona.foundation.job.Step;
import org.annona.registry.pull.FetchedRecords.Placed;
import org.annona.registry.source.SourceAnswer;
import org.annona.registry.source.SourceClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The way through a source that is asked by GraphQL with limit and offset (reference IM-6 to IM-8).
 *
 * <p>A page begins with the last record of the one before: where that is another one, the source has changed meanwhile, and it
 * steps back. A record that comes twice is taken once. A page that fails is halved until the record is found over which the
 * source stumbles; that one is noted, the others are taken.
 */
final class OffsetPages implements FetchStrategy {

    private static final int MOST_STEPS_BACK = 500;
    private static final int STUMBLES_AT_THE_START = 20;
    private static final long MOST_UNREADABLE = 1_000;

    private final Database database;
    private final FetchedRecords book;
    private final Patience patience;
    private final PullQuery query;
    private final boolean households;
    private final Set<String> fields;
    private final int pageSize;
    private final Clock clock;
    private Position position;

    OffsetPages(
            Database database,
            FetchedRecords book,
            Patience patience,
            PullTerms terms,
            int pageSize,
            Position position,
            Clock clock) {
        this.database = database;
        this.book = book;
        this.patience = patience;
        this.query = PullQuery.read(terms.question().text());
        this.households = terms.households();
        this.fields = new RecordMapping(terms).fields();
        this.pageSize = pageSize;
        this.position = position;
        this.clock = clock;
    }

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

        Position withContradictions(long all) {
            return new Position(offset, last, records, unreadable, tries, stepsBack, back, all, began);
        }
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

    @Override
    public Step next(JobRun run, SourceClient client) {
        try {
            boolean overlaps = position.last() != null;
            SourceAnswer answer = ask(client, position.offset() - (overlaps ? 1 : 0), pageSize + (overlaps ? 1 : 0));
            boolean garbled = answer instanceof SourceAnswer.Garbled && position.tries() >= TRIES_UNTIL_APART;
            if (answer instanceof SourceAnswer.RowFault || garbled) {
                return halved(run, client, overlaps);
            }
            List<JsonNode> records = records(answer);
            Instant date = answer instanceof SourceAnswer.Data data ? data.date() : null;
            if (!overlaps) {
                return position.back() > 0 && !hadBefore(records)
                        ? stepBack(run)
                        : keep(run, FetchedRecords.placed(position.offset(), records), date);
            }
            boolean goesOn = !records.isEmpty() && book.mac(records.getFirst()).equals(position.last());
            return goesOn
                    ? keep(run, FetchedRecords.placed(position.offset(), records.subList(1, records.size())), date)
                    : stepBack(run);
        } catch (Unanswered silence) {
            return wait(run, silence.answer);
        }
    }

    private SourceAnswer ask(SourceClient client, long offset, int limit) {
        return client.ask(query.page(households, offset, limit, fields));
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

    /** Whether it stands among what it has had, so that nothing lies in between. */
    private boolean hadBefore(List<JsonNode> records) {
        return position.offset() == 0 || !records.isEmpty() && book.has(records.getFirst());
    }

    /** The page in pieces, from the record on that the one before ended with. */
    private Step halved(JobRun run, SourceClient client, boolean overlaps) throws Unanswered {
        List<Placed> found =
                pieceByPiece(client, position.offset() - (overlaps ? 1 : 0), pageSize + (overlaps ? 1 : 0));
        JsonNode first = found.isEmpty() ? null : found.getFirst().record();
        if (!overlaps) {
            boolean astray = position.back() > 0 && !hadBefore(first == null ? List.of() : List.of(first));
            return astray ? stepBack(run) : keep(run, found, null);
        }
        return first != null && book.mac(first).equals(position.last())
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
        found.addAll(FetchedRecords.placed(offset, records));
        if (records.isEmpty()) {
            return true;
        }
        // It gives fewer at once than it is asked for.
        return records.size() < count && search(client, offset + records.size(), count - records.size(), found);
    }

    private Step keep(JobRun run, List<Placed> page, @Nullable Instant date) {
        Instant began = position.began() == null ? Objects.requireNonNullElse(date, clock.instant()) : position.began();
        if (page.isEmpty()) {
            return end(run, began);
        }
        Position before = position;
        List<Placed> readable =
                page.stream().filter(placed -> placed.record() != null).toList();
        List<RowError> stumbles = page.stream()
                .filter(placed -> placed.record() == null)
                .map(placed -> FetchedRecords.unreadable(placed.place()))
                .toList();
        JsonNode last = page.getLast().record();
        Position read = new Position(
                page.getLast().place() + 1,
                last == null ? null : book.mac(last),
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
                book.begin(tx);
            }
            FetchedRecords.Taken taken = book.take(tx, readable);
            after[0] = read.withContradictions(
                    read.contradictions() + taken.contradictions().size());
            return Progress.upTo(after[0])
                    .done(taken.people())
                    .failed(Stream.of(stumbles, taken.contradictions(), taken.faults())
                            .flatMap(List::stream)
                            .toList())
                    .in("fetching");
        });
        position = after[0];
        return step;
    }

    /** Where every record fails, it is not the records. */
    private void refuseUnreadable(Position after) {
        boolean atTheStart = after.records() == 0 && after.unreadable() >= STUMBLES_AT_THE_START;
        if (after.records() > MOST_RECORDS) {
            throw FetchStrategy.refused("it has no end: it gave " + after.records() + " records");
        }
        if (atTheStart || after.unreadable() > MOST_UNREADABLE) {
            throw FetchStrategy.refused(
                    "it stumbles over " + after.unreadable() + " records, and gave " + after.records());
        }
    }

    private Step stepBack(JobRun run) {
        if (position.stepsBack() >= MOST_STEPS_BACK) {
            throw FetchStrategy.refused("it changes faster than it can be read, or has no lasting order");
        }
        long back = position.back() == 0 ? pageSize + 1L : 2 * position.back();
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
            book.hold(tx);
            return Progress.upTo(position);
        });
    }

    private Step end(JobRun run, Instant began) {
        return run.chunk(database, tx -> {
            if (position.offset() == 0 && position.stepsBack() == 0) {
                book.begin(tx);
            }
            long untold = position.unreadable() + position.contradictions();
            book.close(tx, run, began, untold, query.isUnfiltered());
            return Progress.finished(position.records() + " records were fetched"
                    + (untold == 0 ? "" : ", " + untold + " could not be taken"));
        });
    }

    private Step wait(JobRun run, SourceAnswer answer) {
        int tries = position.tries() + 1;
        SourceAnswer.Passing passing = patience.spend(answer, tries);
        position = position.after(tries);
        run.chunk(database, tx -> {
            book.hold(tx);
            return Progress.upTo(position);
        });
        return patience.pause(passing, tries);
    }
}
