package org.annona.registry.pull;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.RowError;
import org.annona.foundation.job.Step;
import org.annona.registry.source.SourceAnswer;
import org.annona.registry.source.SourceClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The way through a source that is asked by an expression or predicate, with numbered pages (reference IM-10; DCI reference,
 * section 8).
 *
 * <p>Such pages cannot overlap. So a passage is believed when no record came twice, the total never fell, and as many records came
 * as there are; else it begins again from the front, until a passage brings nothing new. A page that cannot be read is asked for
 * record by record.
 */
final class NumberedPages implements Way {

    private static final int MOST_PASSAGES = 5;
    private static final int STUMBLES_AT_THE_START = 20;
    private static final long MOST_UNREADABLE = 1_000;

    private final Database database;
    private final RecordBook book;
    private final Patience patience;
    private final PullQuestion question;
    private final Clock clock;
    private Position position;

    NumberedPages(
            Database database,
            RecordBook book,
            Patience patience,
            PullQuestion question,
            Position position,
            Clock clock) {
        this.database = database;
        this.book = book;
        this.patience = patience;
        this.question = question;
        this.position = position;
        this.clock = clock;
    }

    /**
     * Where it stands.
     *
     * @param offset of the next page, a multiple of the size
     * @param size of a page
     * @param capped whether the size is what the source gives at most
     * @param apartUntil records before it are asked for one by one
     * @param passage from 1
     * @param total as the source said last; null where it did not
     * @param unsteady whether something moved during this passage
     * @param ended whether this passage is at its end
     * @param records that were taken in all passages
     * @param fresh those of this passage
     * @param unreadable in this passage
     * @param contradictions records that have the number of another one and say something else
     * @param tries failures on end
     * @param began by the clock of the source; null before anything was taken
     */
    record Position(
            long offset,
            int size,
            boolean capped,
            long apartUntil,
            int passage,
            @Nullable Long total,
            boolean unsteady,
            boolean ended,
            long records,
            long fresh,
            long unreadable,
            long contradictions,
            int tries,
            @Nullable Instant began) {

        static Position start(int size) {
            return new Position(0, size, false, 0, 1, null, false, false, 0, 0, 0, 0, 0, null);
        }

        int step() {
            return offset < apartUntil ? 1 : size;
        }

        Position failed() {
            return new Position(
                    offset,
                    size,
                    capped,
                    apartUntil,
                    passage,
                    total,
                    unsteady,
                    ended,
                    records,
                    fresh,
                    unreadable,
                    contradictions,
                    tries + 1,
                    began);
        }

        Position apart() {
            return new Position(
                    offset,
                    size,
                    capped,
                    offset + size,
                    passage,
                    total,
                    unsteady,
                    ended,
                    records,
                    fresh,
                    unreadable,
                    contradictions,
                    0,
                    began);
        }

        /** From the front, in pages as the source gives them; only what it had is kept. */
        Position cappedAt(int most) {
            return new Position(
                    0, most, true, 0, passage, total, unsteady, false, records, 0, 0, contradictions, 0, began);
        }

        Position again() {
            return new Position(
                    0, size, capped, 0, passage + 1, total, false, false, records, 0, 0, contradictions, 0, began);
        }

        boolean isWhole() {
            return passage == 1
                    ? !unsteady && (total == null || records + unreadable == total)
                    : !unsteady && fresh == 0;
        }
    }

    @Override
    public Step next(JobRun run, SourceClient client) {
        if (position.ended()) {
            return end(run);
        }
        int size = position.step();
        SourceAnswer answer = client.ask(SearchText.page(question, size, position.offset() / size + 1));
        return switch (answer) {
            case SourceAnswer.Data data -> keep(run, size, data);
            case SourceAnswer.Garbled(String reason)
            when position.tries() < TRIES_UNTIL_APART -> wait(run, new SourceAnswer.Passing(reason, null));
            case SourceAnswer.Garbled garbled -> size == 1 ? stumble(run) : goOn(run, position.apart());
            default -> wait(run, answer);
        };
    }

    private Step wait(JobRun run, SourceAnswer answer) {
        SourceAnswer.Passing passing = patience.spend(answer, position.tries() + 1);
        goOn(run, position.failed());
        return patience.pause(passing, position.tries());
    }

    private Step goOn(JobRun run, Position to) {
        position = to;
        return run.chunk(database, tx -> {
            book.hold(tx);
            return Progress.upTo(position);
        });
    }

    private Step keep(JobRun run, int size, SourceAnswer.Data data) {
        List<JsonNode> records = new ArrayList<>();
        data.records().forEach(records::add);
        Long total = data.total() == null ? position.total() : data.total();
        if (total != null && total > MOST_RECORDS) {
            throw Way.refused("it says that it has " + total + " records");
        }
        if (records.size() > size && (position.offset() > 0 || total != null && records.size() < total)) {
            throw Way.refused("it gives " + records.size() + " records where " + size + " were asked for");
        }
        boolean isShort = total != null && !records.isEmpty() && records.size() < size && records.size() < total;
        if (isShort && position.offset() == 0 && !position.capped()) {
            return goOn(run, position.cappedAt(records.size()));
        }
        Position before = position;
        Instant began =
                before.began() == null ? Objects.requireNonNullElse(data.date(), clock.instant()) : before.began();
        Position[] after = {before};
        Step step = run.chunk(database, tx -> {
            if (before.began() == null) {
                book.begin(tx);
            }
            RecordBook.Taken taken = book.take(tx, RecordBook.placed(before.offset(), records));
            after[0] = after(before, size, records.size(), total, taken, began);
            List<RowError> faults = new ArrayList<>(taken.faults());
            if (before.passage() == 1) {
                // Later, a record with other words is one that has changed meanwhile.
                faults.addAll(taken.contradictions());
            }
            return Progress.upTo(after[0]).done(taken.people()).failed(faults).in("fetching");
        });
        position = after[0];
        return step;
    }

    private static Position after(
            Position before, int size, int came, @Nullable Long total, RecordBook.Taken taken, Instant began) {
        boolean fell = total != null && before.total() != null && total < before.total();
        boolean repeated = taken.fresh() < came && taken.fresh() > 0;
        long offset = before.offset() + Math.max(size, came);
        boolean sameAgain = came > 0 && taken.fresh() == 0 && before.passage() == 1 && size > 1;
        if (sameAgain && total != null && offset < total) {
            throw Way.refused("it gives the same records on different pages");
        }
        boolean ended = total == null ? came == 0 || sameAgain : offset >= total;
        boolean first = before.passage() == 1;
        return new Position(
                offset,
                before.size(),
                before.capped(),
                before.apartUntil(),
                before.passage(),
                total,
                before.unsteady() || fell || first && repeated,
                ended,
                before.records() + taken.fresh(),
                before.fresh() + taken.fresh(),
                before.unreadable(),
                before.contradictions() + (first ? taken.contradictions().size() : 0),
                0,
                began);
    }

    private Step stumble(JobRun run) {
        Position before = position;
        long unreadable = before.unreadable() + 1;
        boolean atTheStart = before.records() == 0 && unreadable >= STUMBLES_AT_THE_START;
        if (atTheStart || unreadable > MOST_UNREADABLE) {
            throw Way.refused("it stumbles over " + unreadable + " records, and gave " + before.records());
        }
        long offset = before.offset() + 1;
        position = new Position(
                offset,
                before.size(),
                before.capped(),
                before.apartUntil(),
                before.passage(),
                before.total(),
                before.unsteady(),
                before.total() != null && offset >= before.total(),
                before.records(),
                before.fresh(),
                unreadable,
                before.contradictions(),
                0,
                before.began());
        return run.chunk(database, tx -> {
            book.hold(tx);
            return Progress.upTo(position)
                    .failed(before.passage() == 1 ? List.of(RecordBook.unreadable(before.offset())) : List.of());
        });
    }

    private Step end(JobRun run) {
        if (!position.isWhole()) {
            if (position.passage() == MOST_PASSAGES) {
                throw Way.refused("it changes faster than it can be read, or has no lasting order");
            }
            return goOn(run, position.again());
        }
        long untold = position.unreadable() + position.contradictions();
        Instant began = Objects.requireNonNullElse(position.began(), clock.instant());
        return run.chunk(database, tx -> {
            if (position.began() == null) {
                book.begin(tx);
            }
            // What it was asked for is a choice: whoever is missing may only not fit any more.
            book.close(tx, run, began, untold, false);
            return Progress.finished(position.records() + " records were fetched"
                    + (untold == 0 ? "" : ", " + untold + " could not be taken"));
        });
    }
}
