package org.annona.programs.duplication;

import static org.annona.programs.internal.tables.Tables.MATCHING_LIST;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.interop.matching.Blinding;
import org.annona.interop.matching.Marks;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingAnswer.Entry;
import org.annona.interop.matching.MatchingAnswer.Listed;
import org.annona.interop.matching.MatchingAnswer.Opened;
import org.annona.interop.matching.MatchingAnswer.Raised;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.matching.UnfitPoint;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.BeneficiaryRegistries.Said;
import org.annona.programs.BeneficiaryRegistries.Status;
import org.annona.programs.PersonDirectory;
import org.annona.programs.PersonDirectory.Identifier;
import org.annona.programs.duplication.Sources.Source;
import org.annona.programs.internal.tables.tables.records.MatchingListRecord;
import org.jspecify.annotations.Nullable;

/**
 * Asks another house without telling it about whom (docs/decisions/0016): first its list of marks is fetched, once for an
 * exchange; then people are asked for by points that mean nothing to it, and what it makes of them is looked up in the list.
 */
public final class BlindQuestions {

    private static final SecureRandom RANDOM = new SecureRandom();
    /** What ends sooner is not begun with. */
    private static final Duration LEAST = Duration.ofMinutes(5);

    private static final int FORGOTTEN_AT_ONCE = 50_000;
    private static final SqlFile KEEP = SqlFile.beside(BlindQuestions.class, "keep-marks.sql");
    private static final SqlFile KNOWN = SqlFile.beside(BlindQuestions.class, "known-marks.sql");
    private static final SqlFile FORGET = SqlFile.beside(BlindQuestions.class, "forget-marks.sql");

    private final Database database;
    private final BeneficiaryRegistries registries;
    private final PersonDirectory directory;
    private final Clock clock;

    public BlindQuestions(Database database, BeneficiaryRegistries registries, PersonDirectory directory, Clock clock) {
        this.database = database;
        this.registries = registries;
        this.directory = directory;
        this.clock = clock;
    }

    /** How far the list of a source is. */
    sealed interface Standing {

        record Ready() implements Standing {}

        /** A part more is here. */
        record Fetching(long fetched, long expected) implements Standing {}

        record Awaited(String reason) implements Standing {}

        record Refused(String reason) implements Standing {}
    }

    boolean isReady(Source source) {
        MatchingListRecord list = list(source);
        return list != null && list.getWhole();
    }

    /** @return null where there is none of that house that lasts */
    private @Nullable MatchingListRecord list(Source source) {
        return database.sql()
                .selectFrom(MATCHING_LIST)
                .where(MATCHING_LIST.SOURCE_ID.eq(source.id()))
                .and(MATCHING_LIST.SENDER_ID.eq(source.terms().senderId()))
                .and(MATCHING_LIST.UNTIL.gt(clock.instant().plus(LEAST)))
                .fetchOne();
    }

    /** Takes the next step until the list is whole. */
    Standing advance(Source source) {
        MatchingListRecord list = list(source);
        if (list == null) {
            return begin(source);
        }
        return list.getWhole() ? new Standing.Ready() : fetch(source, list);
    }

    private Said match(Source source, MatchingRequest.Step step) {
        return registries.match(source.terms().senderId(), step);
    }

    private static Standing silence(Said said) {
        return said instanceof Said.Silence(String reason, boolean passing)
                ? passing ? new Standing.Awaited(reason) : new Standing.Refused(reason)
                : new Standing.Refused("its answer belongs to another question");
    }

    private Standing begin(Source source) {
        Said said = match(source, new MatchingRequest.Open());
        if (!(said instanceof Said.Answer(Opened opened))) {
            return silence(said);
        }
        if (!opened.ready()) {
            return new Standing.Awaited("it makes its list, " + opened.entries() + " marks so far");
        }
        if (opened.until().isBefore(clock.instant().plus(LEAST))) {
            return new Standing.Awaited("its exchange is nearly over");
        }
        discard(source);
        database.transact(tx -> tx.insertInto(MATCHING_LIST)
                .set(MATCHING_LIST.SOURCE_ID, source.id())
                .set(MATCHING_LIST.SENDER_ID, source.terms().senderId())
                .set(MATCHING_LIST.EXCHANGE, opened.exchange())
                .set(MATCHING_LIST.PROGRAMMES, opened.programmes().toArray(String[]::new))
                .set(MATCHING_LIST.EXPECTED, opened.entries())
                .set(MATCHING_LIST.UNTIL, opened.until())
                .onConflictDoNothing()
                .execute());
        return new Standing.Fetching(0, opened.entries());
    }

    private void discard(Source source) {
        while (database.inTransaction(tx -> FORGET.run(tx, Map.of("source", source.id(), "most", FORGOTTEN_AT_ONCE)))
                > 0) {
            // part by part
        }
        database.transact(tx -> tx.deleteFrom(MATCHING_LIST)
                .where(MATCHING_LIST.SOURCE_ID.eq(source.id()))
                .execute());
    }

    private Standing fetch(Source source, MatchingListRecord list) {
        Said said = match(source, new MatchingRequest.ListMarks(list.getExchange(), list.getLastMark()));
        if (!(said instanceof Said.Answer(Listed listed))) {
            Standing silence = silence(said);
            if (silence instanceof Standing.Refused) {
                // It may have forgotten the exchange; the next time one is opened anew.
                discard(source);
            }
            return silence;
        }
        long fetched = list.getFetched() + listed.entries().size();
        boolean goesOn = isAfter(list.getLastMark(), listed.entries());
        if (!goesOn || !listed.more() && fetched != list.getExpected() || fetched > list.getExpected()) {
            discard(source);
            return new Standing.Awaited("its list was not whole, and is fetched again");
        }
        byte[] last = listed.entries().isEmpty()
                ? list.getLastMark()
                : listed.entries().getLast().mark();
        database.transact(tx -> {
            int next = tx.update(MATCHING_LIST)
                    .set(MATCHING_LIST.FETCHED, fetched)
                    .set(MATCHING_LIST.LAST_MARK, last)
                    .set(MATCHING_LIST.WHOLE, !listed.more())
                    .where(MATCHING_LIST.SOURCE_ID.eq(source.id()), MATCHING_LIST.EXCHANGE.eq(list.getExchange()))
                    .and(MATCHING_LIST.FETCHED.eq(list.getFetched()))
                    .execute();
            // Another check with the same source may have fetched this very part.
            if (next == 1) {
                KEEP.run(
                        tx,
                        Map.of(
                                "source", source.id(),
                                "marks", SqlFile.column("bytea", listed.entries(), Entry::mark),
                                "covereds", SqlFile.column("int4", listed.entries(), Entry::covered)));
            }
        });
        return new Standing.Fetching(fetched, list.getExpected());
    }

    /** A list that does not ascend would be fetched for ever. */
    private static boolean isAfter(byte[] before, List<Entry> entries) {
        byte[] last = before;
        for (Entry entry : entries) {
            if (Arrays.compareUnsigned(last, entry.mark()) >= 0) {
                return false;
            }
            last = entry.mark();
        }
        return true;
    }

    private record Asked(UUID person, Identifier identifier) {}

    /** As {@link BeneficiaryRegistries#ask}. */
    Map<UUID, List<Evidence>> ask(Source source, List<UUID> people) {
        List<Asked> asked = new ArrayList<>();
        directory
                .identifiersOf(people)
                .forEach((person, all) -> all.forEach(identifier -> asked.add(new Asked(person, identifier))));
        if (asked.isEmpty()) {
            return Map.of();
        }
        MatchingListRecord list = list(source);
        if (list == null || !list.getWhole()) {
            return all(asked, nothing -> new Finding.NotKnown("the list of the other house is not here"));
        }
        Blinding blinding = Blinding.fresh();
        List<byte[]> points = new ArrayList<>();
        asked.forEach(one -> points.add(
                blinding.blind(one.identifier().type(), one.identifier().value())));
        int control = RANDOM.nextInt(points.size() + 1);
        points.add(control, blinding.blindControl());
        Said said = match(source, new MatchingRequest.Raise(list.getExchange(), points));
        if (!(said instanceof Said.Answer(Raised raised)) || raised.points().size() != points.size()) {
            String reason = said instanceof Said.Silence silence ? silence.reason() : "its answer is of another length";
            return all(asked, nothing -> new Finding.NotKnown(reason));
        }
        List<Marks> marks = new ArrayList<>();
        try {
            for (byte[] point : raised.points()) {
                marks.add(blinding.marks(point));
            }
        } catch (UnfitPoint unfit) {
            return all(asked, nothing -> new Finding.NotKnown("its answer is none"));
        }
        Marks ofNobody = marks.remove(control);
        if (known(source, List.of(ofNobody.mark(0))).isEmpty()) {
            return all(asked, nothing -> new Finding.NotKnown("its answer does not belong to its list"));
        }
        Map<Asked, List<Match>> matches = matches(source, list.getProgrammes(), asked, marks);
        return all(asked, one -> {
            List<Match> found = matches.getOrDefault(one, List.of());
            return found.isEmpty() ? new Finding.Nothing() : new Finding.Found(found);
        });
    }

    private static Map<UUID, List<Evidence>> all(List<Asked> asked, Function<Asked, Finding> finding) {
        Map<UUID, List<Evidence>> evidence = new HashMap<>();
        asked.forEach(one -> evidence.computeIfAbsent(one.person(), none -> new ArrayList<>())
                .add(new Evidence(one.identifier().type(), finding.apply(one))));
        return evidence;
    }

    /** The first enrolment of all is looked up at once, then the second of those who have one, and so on. */
    private Map<Asked, List<Match>> matches(Source source, String[] programmes, List<Asked> asked, List<Marks> marks) {
        Map<Asked, List<Match>> matches = new HashMap<>();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            open.add(i);
        }
        for (int number = 0; !open.isEmpty(); number++) {
            int enrolment = number;
            Map<ByteBuffer, Integer> known = known(
                    source,
                    open.stream().map(place -> marks.get(place).mark(enrolment)).toList());
            open.removeIf(
                    place -> !known.containsKey(ByteBuffer.wrap(marks.get(place).mark(enrolment))));
            for (int place : open) {
                Marks own = marks.get(place);
                int told = own.cover(enrolment, known.getOrDefault(ByteBuffer.wrap(own.mark(enrolment)), 0));
                String programme = programmes[MatchingAnswer.programmeOf(told)];
                matches.computeIfAbsent(asked.get(place), none -> new ArrayList<>())
                        .add(new Match(
                                programme,
                                programme,
                                MatchingAnswer.isActive(told) ? Status.ACTIVE : Status.SUSPENDED,
                                true));
            }
        }
        return matches;
    }

    private Map<ByteBuffer, Integer> known(Source source, Collection<byte[]> marks) {
        Map<ByteBuffer, Integer> known = new HashMap<>();
        KNOWN.list(
                database.sql(),
                Map.of("source", source.id(), "marks", SqlFile.column("bytea", List.copyOf(marks), mark -> mark)),
                (row, number) -> known.put(ByteBuffer.wrap(row.getBytes("mark")), row.getInt("covered")));
        return known;
    }
}
