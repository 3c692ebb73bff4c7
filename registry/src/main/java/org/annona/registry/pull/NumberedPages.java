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
 * <p>A passage ends with an empty page, whatever the source says of a total. Such pages cannot overlap, so a passage is believed
 * when no record came twice, the total never fell, and as many records came as there are; else it begins again from the front,
 * until a passage brings nothing new. What the source counts and never gives is told as missing. A page that cannot be read is
 * asked for record by record.
 */
final class NumberedPages implements FetchStrategy {

    private static final int MOST_PASSAGES = 5;
    private static final int STUMBLES_AT_THE_START = 20;
    private static final long MOST_UNREADABLE = 1_000;
    /** Pages beyond the records that are known, before it is said that there is no end. */
    private static final long MOST_PAGES_BEYOND = 50;

    private final Database database;
    private final FetchedRecords book;
    private final Patience patience;
    private final PullQuestion question;
    private final Clock clock;
    private Position position;

    NumberedPages(
            Database database,
            FetchedRecords book,
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
     * @param size of a page
     * @param capped whether the size is what the source gives at most
     * @param total as the source said last; null where it did not, or lies
     * @param lies whether it once said fewer than it had given
     * @param records that were taken in all passages
     * @param contradictions records that have the number of another one and say something else
     * @param tries failures on end
     * @param began by the clock of the source; null before anything was taken
     */
    record Position(
            int size,
            boolean capped,
            @Nullable Long total,
            boolean lies,
            long records,
            long contradictions,
            int tries,
            @Nullable Instant began,
            Passage passage) {

        static Position start(int size) {
            return new Position(size, false, null, false, 0, 0, 0, null, Passage.begin(1));
        }

        int step() {
            return passage.isApart() ? 1 : size;
        }

        Position failed() {
            return new Position(size, capped, total, lies, records, contradictions, tries + 1, began, passage);
        }

        Position in(Passage next) {
            return new Position(size, capped, total, lies, records, contradictions, 0, began, next);
        }

        /** From the front, in pages as the source gives them. */
        Position cappedAt(int most) {
            return new Position(
                    most, true, total, lies, records, contradictions, 0, began, Passage.begin(passage.number()));
        }

        /** What it says of the records that are there, and nobody has seen. */
        long missing() {
            return total == null ? 0 : Math.max(0, total - records - passage.unreadable() - contradictions);
        }

        boolean isWhole() {
            boolean believed = passage.number() == 1
                    ? total == null || records + passage.unreadable() == total
                    : passage.fresh() == 0;
            return believed && !passage.unsteady();
        }
    }

    /**
     * One way from the first page to an empty one.
     *
     * @param number from 1
     * @param offset of the next page, a multiple of the size
     * @param apartUntil records before it are asked for one by one
     * @param unsteady whether something moved
     * @param ended whether it is at its end
     * @param shortPage how many records the first page had that was not full; null where all were
     * @param first hash of the first record of the page before; null where there is none
     * @param fresh records that no passage had before
     */
    record Passage(
            int number,
            long offset,
            long apartUntil,
            boolean unsteady,
            boolean ended,
            @Nullable Integer shortPage,
            @Nullable String first,
            long fresh,
            long unreadable) {

        static Passage begin(int number) {
            return new Passage(number, 0, 0, false, false, null, null, 0, 0);
        }

        boolean isApart() {
            return offset < apartUntil;
        }

        Passage apart(int size) {
            return new Passage(number, offset, offset + size, unsteady, ended, shortPage, first, fresh, unreadable);
        }

        Passage stumbled() {
            return new Passage(
                    number, offset + 1, apartUntil, unsteady, ended, shortPage, first, fresh, unreadable + 1);
        }

        Passage atItsEnd() {
            return new Passage(number, offset, apartUntil, unsteady, true, shortPage, first, fresh, unreadable);
        }
    }

    @Override
    public Step next(JobRun run, SourceClient client) {
        Passage passage = position.passage();
        if (passage.ended()) {
            return end(run);
        }
        int size = position.step();
        SourceAnswer answer = client.ask(SearchText.page(question, size, passage.offset() / size + 1));
        return switch (answer) {
            case SourceAnswer.Data data -> came(run, size, data);
            case SourceAnswer.Garbled(String reason)
            when position.tries() < TRIES_UNTIL_APART -> wait(run, new SourceAnswer.Passing(reason, null));
            case SourceAnswer.Garbled garbled ->
                size == 1 ? stumble(run) : goOn(run, position.in(passage.apart(position.size())));
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

    private Step came(JobRun run, int size, SourceAnswer.Data data) {
        List<JsonNode> records = new ArrayList<>();
        data.records().forEach(records::add);
        Passage passage = position.passage();
        String first = records.isEmpty() ? null : book.mac(records.getFirst());
        if (first != null && first.equals(passage.first()) && !passage.isApart()) {
            return inACircle(run);
        }
        if (!records.isEmpty() && passage.shortPage() != null && !passage.isApart()) {
            if (!position.capped()) {
                return goOn(run, position.cappedAt(passage.shortPage()));
            }
            if (position.total() == null) {
                throw FetchStrategy.refused(
                        "its pages differ in length, and it does not say how many records there are");
            }
        }
        if (records.size() > size && passage.offset() > 0) {
            throw FetchStrategy.refused("it gives " + records.size() + " records where " + size
                    + " were asked for; ask for as many at once as it gives");
        }
        return keep(run, size, records, first, data);
    }

    /** It does not know pages. That is all right where everything stood on the first one. */
    private Step inACircle(JobRun run) {
        Long total = position.total();
        boolean everything = total == null
                ? position.records() != position.size()
                : position.records() + position.contradictions() >= total;
        if (!everything) {
            throw FetchStrategy.refused("it gives the same records on different pages");
        }
        return goOn(run, position.in(position.passage().atItsEnd()));
    }

    private Step keep(JobRun run, int size, List<JsonNode> records, @Nullable String first, SourceAnswer.Data data) {
        Position before = position;
        Instant began =
                before.began() == null ? Objects.requireNonNullElse(data.date(), clock.instant()) : before.began();
        Position[] after = {before};
        Step step = run.chunk(database, tx -> {
            if (before.began() == null) {
                book.begin(tx);
            }
            FetchedRecords.Taken taken =
                    book.take(tx, FetchedRecords.placed(before.passage().offset(), records));
            boolean isFirst = before.passage().number() == 1;
            long all = before.records() + taken.fresh();
            boolean lies = before.lies() || data.total() != null && data.total() < all;
            after[0] = new Position(
                    before.size(),
                    before.capped(),
                    lies ? null : data.total() == null ? before.total() : data.total(),
                    lies,
                    all,
                    before.contradictions() + (isFirst ? taken.contradictions().size() : 0),
                    0,
                    began,
                    after(before, size, records.size(), first, data.total(), taken.fresh()));
            List<RowError> faults = new ArrayList<>(taken.faults());
            if (isFirst) {
                // Later, a record with other words is one that has changed meanwhile.
                faults.addAll(taken.contradictions());
            }
            return Progress.upTo(after[0]).done(taken.people()).failed(faults).in("fetching");
        });
        position = after[0];
        refuseEndless();
        return step;
    }

    private static Passage after(
            Position before, int size, int came, @Nullable String first, @Nullable Long total, int fresh) {
        Passage passage = before.passage();
        boolean fell = total != null && before.total() != null && total < before.total();
        boolean repeated = passage.number() == 1 && fresh < came;
        boolean apart = passage.isApart();
        Integer shortPage = !apart && came > 0 && came < size && passage.shortPage() == null
                ? Integer.valueOf(came)
                : passage.shortPage();
        return new Passage(
                passage.number(),
                passage.offset() + size,
                passage.apartUntil(),
                passage.unsteady() || fell || repeated,
                came == 0 && !apart,
                shortPage,
                apart ? null : first,
                passage.fresh() + fresh,
                passage.unreadable());
    }

    private void refuseEndless() {
        long known = position.records() + position.passage().unreadable();
        if (position.records() > MOST_RECORDS
                || position.passage().offset()
                        > known + position.contradictions() + MOST_PAGES_BEYOND * position.size()) {
            throw FetchStrategy.refused("it has no end: it was asked for "
                    + position.passage().offset() + " records, and gave " + position.records() + " different ones");
        }
    }

    private Step stumble(JobRun run) {
        Passage before = position.passage();
        long unreadable = before.unreadable() + 1;
        boolean atTheStart = position.records() == 0 && unreadable >= STUMBLES_AT_THE_START;
        if (atTheStart || unreadable > MOST_UNREADABLE) {
            throw FetchStrategy.refused("it stumbles over " + unreadable + " records, and gave " + position.records());
        }
        position = position.in(before.stumbled());
        return run.chunk(database, tx -> {
            book.hold(tx);
            return Progress.upTo(position)
                    .failed(before.number() == 1 ? List.of(FetchedRecords.unreadable(before.offset())) : List.of());
        });
    }

    private Step end(JobRun run) {
        if (!position.isWhole()) {
            return again(run);
        }
        long untold = position.passage().unreadable() + position.contradictions();
        long missing = position.missing();
        Instant began = Objects.requireNonNullElse(position.began(), clock.instant());
        return run.chunk(database, tx -> {
            // What it was asked for is a choice: whoever is missing may only not fit any more.
            book.close(tx, run, began, untold + missing, false);
            return Progress.finished(position.records() + " records were fetched"
                    + (untold == 0 ? "" : ", " + untold + " could not be taken")
                    + (missing == 0 ? "" : ", " + missing + " that the source counts did not come"));
        });
    }

    private Step again(JobRun run) {
        int number = position.passage().number();
        if (number < MOST_PASSAGES) {
            return goOn(run, position.in(Passage.begin(number + 1)));
        }
        // Whoever lets it go on later begins counting anew.
        goOn(run, position.in(Passage.begin(2)));
        throw FetchStrategy.refused("it changes faster than it can be read, or has no lasting order");
    }
}
