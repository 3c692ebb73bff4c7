package org.annona.programs.duplication;

import static org.annona.programs.internal.tables.Tables.DUPLICATION_SOURCE;
import static org.annona.programs.internal.tables.Tables.MATCHING_LIST;
import static org.annona.programs.internal.tables.Tables.MATCHING_MARK;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.interop.matching.MatchingAnswer.Entry;
import org.annona.interop.matching.MatchingAnswer.Listed;
import org.annona.interop.matching.MatchingAnswer.Opened;
import org.annona.programs.duplication.Sources.Source;
import org.annona.programs.internal.tables.tables.records.MatchingListRecord;

/**
 * Lists of marks that were fetched from other installations, one that is current for each source. A list that is given up is out of use
 * in one step; its marks are destroyed afterwards, so that nobody looks into half of one.
 */
public final class PartnerTagLists {

    /** What ends sooner is not begun with. */
    private static final Duration LEAST = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofHours(24);
    /** Several enrolments for everybody of a large country; more would fill our disk. */
    private static final long MOST_MARKS = 500_000_000;

    private static final int FORGOTTEN_AT_ONCE = 50_000;
    private static final SqlFile KEEP = SqlFile.beside(PartnerTagLists.class, "keep-marks.sql");
    private static final SqlFile KNOWN = SqlFile.beside(PartnerTagLists.class, "known-marks.sql");
    private static final SqlFile FORGET = SqlFile.beside(PartnerTagLists.class, "forget-marks.sql");

    private final Database database;
    private final Clock clock;

    public PartnerTagLists(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A list, as far as it is here.
     *
     * @param lastMark that was fetched; empty for none
     * @param begun it tells how it was then, by the clock of the other installation
     * @param until when it is of no use any more
     */
    public record TheirList(
            UUID id,
            UUID exchange,
            Set<String> types,
            List<String> programmes,
            long fetched,
            long expected,
            byte[] lastMark,
            boolean whole,
            Instant begun,
            Instant until) {}

    /** The current one of the installation that the source asks, where it lasts for a while. */
    Optional<TheirList> of(Source source) {
        return database.sql()
                .selectFrom(MATCHING_LIST)
                .where(MATCHING_LIST.SOURCE_ID.eq(source.id()), MATCHING_LIST.CURRENT.isTrue())
                .and(MATCHING_LIST.SENDER_ID.eq(source.terms().senderId()))
                .and(MATCHING_LIST.UNTIL.gt(clock.instant().plus(LEAST)))
                .fetchOptional(PartnerTagLists::view);
    }

    private static TheirList view(MatchingListRecord row) {
        return new TheirList(
                row.getId(),
                row.getExchange(),
                Set.of(row.getTypes()),
                Arrays.asList(row.getProgrammes()),
                row.getFetched(),
                row.getExpected(),
                row.getLastMark(),
                row.getWhole(),
                row.getBegun(),
                row.getUntil());
    }

    /** @return false where it would be of no use: nearly over, or longer than any country needs */
    boolean begin(Source source, Opened opened) {
        Instant now = clock.instant();
        Instant until = opened.until().isBefore(now.plus(LONGEST)) ? opened.until() : now.plus(LONGEST);
        if (until.isBefore(now.plus(LEAST)) || opened.entries() > MOST_MARKS) {
            return false;
        }
        database.transact(tx -> {
            tx.update(MATCHING_LIST)
                    .set(MATCHING_LIST.CURRENT, false)
                    .where(MATCHING_LIST.SOURCE_ID.eq(source.id()), MATCHING_LIST.CURRENT.isTrue())
                    .and(MATCHING_LIST
                            .UNTIL
                            .le(now.plus(LEAST))
                            .or(MATCHING_LIST.SENDER_ID.ne(source.terms().senderId())))
                    .execute();
            // Another check with the same source may have begun one.
            tx.insertInto(MATCHING_LIST)
                    .set(MATCHING_LIST.ID, Ids.next())
                    .set(MATCHING_LIST.SOURCE_ID, source.id())
                    .set(MATCHING_LIST.SENDER_ID, source.terms().senderId())
                    .set(MATCHING_LIST.EXCHANGE, opened.exchange())
                    .set(MATCHING_LIST.TYPES, opened.types().stream().distinct().toArray(String[]::new))
                    .set(MATCHING_LIST.PROGRAMMES, opened.programmes().toArray(String[]::new))
                    .set(MATCHING_LIST.EXPECTED, opened.entries())
                    .set(MATCHING_LIST.BEGUN, opened.begun())
                    .set(MATCHING_LIST.UNTIL, until)
                    .onConflictDoNothing()
                    .execute();
        });
        return true;
    }

    /**
     * Keeps the next part of a list.
     *
     * @return false where the list is not what it was said to be; then it is given up
     */
    boolean keep(TheirList list, Listed part) {
        long fetched = list.fetched() + part.entries().size();
        boolean fits = isAfter(list.lastMark(), part.entries())
                && (part.more() ? !part.entries().isEmpty() && fetched < list.expected() : fetched == list.expected());
        if (!fits) {
            giveUp(list);
            return false;
        }
        byte[] last = part.entries().isEmpty()
                ? list.lastMark()
                : part.entries().getLast().mark();
        database.transact(tx -> {
            int next = tx.update(MATCHING_LIST)
                    .set(MATCHING_LIST.FETCHED, fetched)
                    .set(MATCHING_LIST.LAST_MARK, last)
                    .set(MATCHING_LIST.WHOLE, !part.more())
                    .where(MATCHING_LIST.ID.eq(list.id()), MATCHING_LIST.CURRENT.isTrue())
                    .and(MATCHING_LIST.FETCHED.eq(list.fetched()))
                    .execute();
            // Another check with the same source may have fetched this very part.
            if (next == 1) {
                KEEP.run(
                        tx,
                        Map.of(
                                "list", list.id(),
                                "marks", SqlFile.column("bytea", part.entries(), Entry::mark),
                                "covereds", SqlFile.column("int4", part.entries(), Entry::covered)));
            }
        });
        return true;
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

    void giveUp(TheirList list) {
        database.transact(tx -> tx.update(MATCHING_LIST)
                .set(MATCHING_LIST.CURRENT, false)
                .where(MATCHING_LIST.ID.eq(list.id()))
                .execute());
    }

    /** Those of the marks that are in the list, with what is told of them; none where it is not whole and current now. */
    Map<ByteBuffer, Integer> known(TheirList list, Collection<byte[]> marks) {
        Map<ByteBuffer, Integer> known = new HashMap<>();
        KNOWN.list(
                database.sql(),
                Map.of("list", list.id(), "marks", SqlFile.column("bytea", List.copyOf(marks), mark -> mark)),
                (row, number) -> known.put(ByteBuffer.wrap(row.getBytes("mark")), row.getInt("covered")));
        return known;
    }

    /** Destroys what is over, given up, or of a source that does not ask blindly any more. */
    public void forgetUseless() {
        database.transact(tx -> tx.update(MATCHING_LIST)
                .set(MATCHING_LIST.CURRENT, false)
                .where(MATCHING_LIST.CURRENT.isTrue())
                .and(MATCHING_LIST
                        .UNTIL
                        .lt(clock.instant())
                        .or(notExists(selectOne()
                                .from(DUPLICATION_SOURCE)
                                .where(DUPLICATION_SOURCE.ID.eq(MATCHING_LIST.SOURCE_ID))
                                .and(DUPLICATION_SOURCE.ACTIVE.isTrue())
                                .and(DUPLICATION_SOURCE.MANNER.eq(CheckMode.BLIND.code())))))
                .execute());
        List<UUID> useless = database.sql()
                .select(MATCHING_LIST.ID)
                .from(MATCHING_LIST)
                .where(MATCHING_LIST.CURRENT.isFalse())
                .limit(100)
                .fetch(MATCHING_LIST.ID);
        for (UUID list : useless) {
            while (database.inTransaction(tx -> FORGET.run(tx, Map.of("list", list, "most", FORGOTTEN_AT_ONCE))) > 0) {
                // part by part, so that nobody waits for it
            }
            database.transact(tx -> tx.deleteFrom(MATCHING_LIST)
                    .where(MATCHING_LIST.ID.eq(list))
                    .and(notExists(selectOne().from(MATCHING_MARK).where(MATCHING_MARK.LIST_ID.eq(list))))
                    .execute());
        }
    }
}
