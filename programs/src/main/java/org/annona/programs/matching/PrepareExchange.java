package org.annona.programs.matching;

import static org.annona.programs.internal.tables.Tables.MATCHING_EXCHANGE;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingAnswer.Entry;
import org.annona.interop.matching.MatchingKey;
import org.annona.interop.matching.Tags;
import org.annona.programs.PersonDirectory;
import org.annona.programs.PersonDirectory.Identifier;
import org.annona.programs.internal.tables.tables.records.MatchingExchangeRecord;
import org.jspecify.annotations.Nullable;

/**
 * Lists marks of everybody who is enrolled, one for each identifier and enrolment, in no order that tells anything. Whoever
 * enrols meanwhile may be missing: a list says how it was when it was made.
 */
public final class PrepareExchange implements Work {

    static final String KIND = "programs.prepare-matching";

    /** Stands for all programmes that are too many to be named. */
    private static final String OTHERS = "others";

    private static final UUID FIRST = new UUID(0, 0);
    private static final SqlFile ENROLLED = SqlFile.beside(PrepareExchange.class, "enrolled-people.sql");
    private static final SqlFile WRITE = SqlFile.beside(PrepareExchange.class, "write-entries.sql");

    private final Database database;
    private final Exchanges exchanges;
    private final PersonDirectory directory;
    private final int peoplePerChunk;
    private final Clock clock;

    public PrepareExchange(
            Database database, Exchanges exchanges, PersonDirectory directory, int peoplePerChunk, Clock clock) {
        this.database = database;
        this.exchanges = exchanges;
        this.directory = directory;
        this.peoplePerChunk = peoplePerChunk;
        this.clock = clock;
    }

    record Order(UUID exchange) {}

    /** @param entries that were listed so far */
    private record Position(UUID after, long entries) {}

    private record Enrolment(UUID person, @Nullable String programme, String status) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        UUID id = run.input(Order.class).exchange();
        Position position = run.cursor(Position.class, new Position(FIRST, 0));
        MatchingExchangeRecord exchange = database.sql()
                .selectFrom(MATCHING_EXCHANGE)
                .where(MATCHING_EXCHANGE.ID.eq(id), MATCHING_EXCHANGE.UNTIL.gt(Instant.now(clock)))
                .fetchOne();
        if (exchange == null) {
            return run.chunk(database, tx -> Progress.finished("the exchange is over"));
        }
        Map<UUID, List<Enrolment>> people = enrolled(position.after());
        MatchingKey key = exchanges.key(id, exchange.getKeySealed());
        Map<String, Integer> programmes = places(exchange.getProgrammes(), people.values());
        List<Entry> entries = new ArrayList<>();
        boolean last = people.isEmpty();
        if (last) {
            entries.add(new Entry(key.control().mark(0), 0));
        } else {
            Map<UUID, List<Identifier>> identifiers = directory.identifiersOf(people.keySet(), true);
            entries.addAll(identifiers.entrySet().parallelStream()
                    .flatMap(person -> person.getValue().stream()
                            .flatMap(
                                    identifier -> entries(
                                            key,
                                            identifier,
                                            people.getOrDefault(person.getKey(), List.of()),
                                            programmes)
                                            .stream()))
                    .toList());
        }
        UUID after = people.keySet().stream().reduce(position.after(), (one, other) -> other);
        return run.chunk(database, tx -> {
            int lasting = tx.update(MATCHING_EXCHANGE)
                    .set(MATCHING_EXCHANGE.PROGRAMMES, programmes.keySet().toArray(String[]::new))
                    .where(MATCHING_EXCHANGE.ID.eq(id), MATCHING_EXCHANGE.UNTIL.gt(clock.instant()))
                    .execute();
            if (lasting == 0) {
                return Progress.finished("the exchange is over");
            }
            long listed = position.entries()
                    + WRITE.run(
                            tx,
                            Map.of(
                                    "exchange", id,
                                    "marks", SqlFile.column("bytea", entries, Entry::mark),
                                    "covereds", SqlFile.column("int4", entries, Entry::covered)));
            tx.update(MATCHING_EXCHANGE)
                    .set(MATCHING_EXCHANGE.ENTRIES, listed)
                    .set(MATCHING_EXCHANGE.READY, last)
                    .where(MATCHING_EXCHANGE.ID.eq(id))
                    .execute();
            return last
                    ? Progress.finished(listed + " marks were listed")
                    : Progress.upTo(new Position(after, listed))
                            .done(people.size())
                            .in("listing");
        });
    }

    /** Places of the codes, in their order. What partners report may be anything; the list has room for so many only. */
    private static Map<String, Integer> places(String[] known, Collection<List<Enrolment>> people) {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (String code : known) {
            places.put(code, places.size());
        }
        people.forEach(enrolments -> enrolments.forEach(enrolment -> {
            boolean room = places.size() < MatchingAnswer.MOST_PROGRAMMES - 1;
            places.putIfAbsent(room ? String.valueOf(enrolment.programme()) : OTHERS, places.size());
        }));
        return places;
    }

    /** In the order of their ids. */
    private Map<UUID, List<Enrolment>> enrolled(UUID after) {
        Map<UUID, List<Enrolment>> people = new LinkedHashMap<>();
        ENROLLED.list(
                        database.sql(),
                        Map.of("after", after, "day", LocalDate.now(clock), "most", peoplePerChunk),
                        (row, number) -> new Enrolment(
                                row.getObject("person_id", UUID.class), row.getString("code"), row.getString("status")))
                .forEach(enrolment -> {
                    List<Enrolment> known = people.computeIfAbsent(enrolment.person(), none -> new ArrayList<>());
                    if (enrolment.programme() != null) {
                        known.add(enrolment);
                    }
                });
        return people;
    }

    private static List<Entry> entries(
            MatchingKey key, Identifier identifier, List<Enrolment> enrolments, Map<String, Integer> programmes) {
        Tags marks = key.marks(identifier.type(), identifier.value());
        List<Entry> entries = new ArrayList<>();
        for (Enrolment enrolment : enrolments) {
            if (entries.size() < Tags.MOST_ENROLMENTS) {
                Integer place = programmes.get(String.valueOf(enrolment.programme()));
                int told = MatchingAnswer.told(
                        place == null ? programmes.getOrDefault(OTHERS, 0) : place,
                        enrolment.status().equals("1"));
                entries.add(new Entry(marks.mark(entries.size()), marks.cover(entries.size(), told)));
            }
        }
        return entries;
    }
}
