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
import org.annona.interop.message.ReasonCode;
import org.annona.registry.pull.FetchedRecords.Placed;
import org.annona.registry.source.SourceAnswer;
import org.annona.registry.source.SourceClient;
import org.annona.registry.source.SourceReply;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The way through a list of identifiers, many in one message (reference IM-10). A source may limit how many: then it asks for half
 * of them. An identifier whose question is rejected or cannot be answered is noted; it is not one that nobody has.
 */
final class ListedIdentifiers implements FetchStrategy {

    /** Of one identifier; more would be a fault of the source. */
    private static final int MOST_RECORDS_OF_ONE = 10;
    /** Where the first ones are all rejected, it is not the identifiers. */
    private static final int UNTOLD_AT_THE_START = 20;

    private final Database database;
    private final FetchedRecords book;
    private final Patience patience;
    private final PullQuestion question;
    private final List<String> identifiers;
    private final Clock clock;
    private Position position;

    ListedIdentifiers(
            Database database,
            FetchedRecords book,
            Patience patience,
            PullQuestion question,
            List<String> identifiers,
            Position position,
            Clock clock) {
        this.database = database;
        this.book = book;
        this.patience = patience;
        this.question = question;
        this.identifiers = identifiers;
        this.position = position;
        this.clock = clock;
    }

    /**
     * Where it stands.
     *
     * @param offset of the next identifier
     * @param size of a message, in identifiers
     * @param apartUntil identifiers before it are asked for one by one
     * @param records that were taken
     * @param unknown identifiers of nobody whom the source knows
     * @param untold identifiers of which nothing is known
     * @param tries failures on end
     * @param began by the clock of the source; null before anything was taken
     */
    record Position(
            int offset,
            int size,
            int apartUntil,
            long records,
            long unknown,
            long untold,
            int tries,
            @Nullable Instant began) {

        static Position start(int size) {
            return new Position(0, size, 0, 0, 0, 0, 0, null);
        }

        int step() {
            return offset < apartUntil ? 1 : size;
        }

        Position failed() {
            return new Position(offset, size, apartUntil, records, unknown, untold, tries + 1, began);
        }

        Position inHalves() {
            return new Position(offset, (size + 1) / 2, apartUntil, records, unknown, untold, 0, began);
        }

        Position apart(int asked) {
            return new Position(offset, size, offset + asked, records, unknown, untold, 0, began);
        }
    }

    @Override
    public Step next(JobRun run, SourceClient client) {
        if (position.offset() >= identifiers.size()) {
            return end(run);
        }
        List<String> asked = identifiers.subList(
                position.offset(), Math.min(identifiers.size(), position.offset() + position.step()));
        return switch (client.ask(SearchText.identifiers(question, asked, MOST_RECORDS_OF_ONE))) {
            case SourceReply.Each(List<SourceAnswer> answers) -> keep(run, answers);
            case SourceReply.None(SourceAnswer why) -> unanswered(run, asked.size(), why);
        };
    }

    private Step unanswered(JobRun run, int asked, SourceAnswer why) {
        boolean tooMany = why instanceof SourceAnswer.Refused(String reason)
                && reason.contains(ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED.code());
        boolean garbled = why instanceof SourceAnswer.Garbled && position.tries() >= TRIES_UNTIL_APART;
        if (tooMany && asked > 1) {
            return goOn(run, position.inHalves());
        }
        if (garbled) {
            return asked > 1 ? goOn(run, position.apart(asked)) : keep(run, List.of(why));
        }
        SourceAnswer.Passing passing = patience.spend(
                why instanceof SourceAnswer.Garbled(String reason) ? new SourceAnswer.Passing(reason, null) : why,
                position.tries() + 1);
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

    private Step keep(JobRun run, List<SourceAnswer> answers) {
        Position before = position;
        List<Placed> found = new ArrayList<>();
        List<RowError> faults = new ArrayList<>();
        int unknown = 0;
        Instant began = before.began();
        for (int i = 0; i < answers.size(); i++) {
            long place = before.offset() + i;
            switch (answers.get(i)) {
                case SourceAnswer.Data data -> {
                    List<JsonNode> records = new ArrayList<>();
                    data.records().forEach(records::add);
                    began = began == null ? data.date() : began;
                    if (records.size() > MOST_RECORDS_OF_ONE || data.total() != null && data.total() > records.size()) {
                        faults.add(untold(place, "the source has more records than it tells"));
                    } else if (records.isEmpty()) {
                        unknown++;
                        faults.add(fault(place, "registry.identifier_of_nobody", "The source knows nobody by it."));
                    } else {
                        records.forEach(record -> found.add(new Placed(before.records() + found.size(), record)));
                    }
                }
                case SourceAnswer.Refused(String reason) -> faults.add(untold(place, reason));
                case SourceAnswer.Passing(String reason, var after) -> faults.add(untold(place, reason));
                case SourceAnswer.Garbled(String reason) -> faults.add(untold(place, reason));
                case SourceAnswer.RowFault(String reason) -> faults.add(untold(place, reason));
            }
        }
        int untold = faults.size() - unknown;
        long allUntold = before.untold() + untold;
        boolean none = before.records() + before.unknown() + found.size() + unknown == 0;
        if (none && allUntold >= Math.min(UNTOLD_AT_THE_START, identifiers.size())) {
            throw FetchStrategy.refused("it answers none of the first " + allUntold + " questions: "
                    + faults.getFirst().message());
        }
        Position read = new Position(
                before.offset() + answers.size(),
                before.size(),
                before.apartUntil(),
                before.records() + found.size(),
                before.unknown() + unknown,
                before.untold() + untold,
                0,
                Objects.requireNonNullElse(began, clock.instant()));
        Position[] after = {read};
        Step step = run.chunk(database, tx -> {
            if (before.began() == null) {
                book.begin(tx);
            }
            FetchedRecords.Taken taken = book.take(tx, found);
            faults.addAll(taken.faults());
            faults.addAll(taken.contradictions());
            after[0] = new Position(
                    read.offset(),
                    read.size(),
                    read.apartUntil(),
                    read.records(),
                    read.unknown(),
                    read.untold() + taken.contradictions().size(),
                    0,
                    read.began());
            return Progress.upTo(after[0]).done(taken.people()).failed(faults).in("fetching");
        });
        position = after[0];
        return step;
    }

    private static RowError untold(long place, String reason) {
        return fault(place, "registry.identifier_untold", "Nothing is known of it: " + reason + ".");
    }

    private static RowError fault(long place, String code, String sentence) {
        return new RowError("identifier " + (place + 1), code, sentence);
    }

    private Step end(JobRun run) {
        Instant began = Objects.requireNonNullElse(position.began(), clock.instant());
        return run.chunk(database, tx -> {
            book.close(tx, run, began, position.untold(), false);
            return Progress.finished("records fetched: " + position.records()
                    + "; identifiers of nobody whom the source knows: " + position.unknown()
                    + (position.untold() == 0 ? "" : "; of whom nothing is known: " + position.untold()));
        });
    }
}
