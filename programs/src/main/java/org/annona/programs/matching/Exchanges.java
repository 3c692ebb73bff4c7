package org.annona.programs.matching;

import static org.annona.programs.internal.tables.Tables.MATCHING_EXCHANGE;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingAnswer.Entry;
import org.annona.interop.matching.MatchingKey;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.matching.UnfitPoint;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.programs.PersonDirectory;
import org.annona.programs.internal.tables.tables.records.MatchingExchangeRecord;
import org.jooq.DSLContext;

/**
 * Exchanges that partners opened: each has a key of its own, a list of marks of the people who are enrolled, and an end. A partner has
 * one at a time, so that a partner that opens one again and again makes us work once.
 */
public final class Exchanges {

    static final Duration LASTS = Duration.ofHours(24);
    /** What is nearly over is not begun with any more. */
    private static final Duration LEAST = Duration.ofHours(2);

    /** Everybody of a large country, once; more would be guessing at numbers. */
    private static final long MOST_RAISED = 20_000_000;

    private static final int FORGOTTEN_AT_ONCE = 50_000;
    private static final String KEY = "programs.matching_exchange.key_sealed";
    private static final SqlFile LIST = SqlFile.beside(Exchanges.class, "list-entries.sql");
    private static final SqlFile FORGET = SqlFile.beside(Exchanges.class, "forget-entries.sql");

    private final Database database;
    private final PersonDirectory directory;
    private final Sealer sealer;
    private final Jobs jobs;
    private final int page;
    private final Clock clock;

    /** @param page marks that are told at once */
    public Exchanges(Database database, PersonDirectory directory, Keyring keyring, int page, Clock clock) {
        this.database = database;
        this.directory = directory;
        this.sealer = keyring.sealer("programs.matching");
        this.jobs = new Jobs(database);
        this.page = page;
        this.clock = clock;
    }

    /** @throws Refusal where the exchange is unknown or over, or too much is asked */
    public MatchingAnswer answer(UUID partner, MatchingRequest.Step step) {
        if (!directory.tellsIdentifiers()) {
            throw Refusal.of(
                    ReasonCode.ACTION_NOT_SUPPORTED,
                    "this installation keeps no identifiers, so nobody can be matched blindly; ask by a search");
        }
        return switch (step) {
            case MatchingRequest.Open open -> opened(partner);
            case MatchingRequest.ListMarks(UUID exchange, byte[] after) -> listed(ready(partner, exchange), after);
            case MatchingRequest.Raise(UUID exchange, List<byte[]> points) -> raised(ready(partner, exchange), points);
        };
    }

    private MatchingAnswer opened(UUID partner) {
        Instant now = clock.instant();
        List<UUID> stuck = stuck(partner);
        MatchingExchangeRecord exchange = database.inTransaction(tx -> {
            tx.update(MATCHING_EXCHANGE)
                    .set(MATCHING_EXCHANGE.CURRENT, false)
                    .where(MATCHING_EXCHANGE.PARTNER_ID.eq(partner), MATCHING_EXCHANGE.CURRENT.isTrue())
                    .and(MATCHING_EXCHANGE.UNTIL.lt(now.plus(LEAST)).or(MATCHING_EXCHANGE.ID.in(stuck)))
                    .execute();
            UUID id = Ids.next();
            int begun = tx.insertInto(MATCHING_EXCHANGE)
                    .set(MATCHING_EXCHANGE.ID, id)
                    .set(MATCHING_EXCHANGE.PARTNER_ID, partner)
                    .set(
                            MATCHING_EXCHANGE.KEY_SEALED,
                            sealer.seal(KEY, id, MatchingKey.fresh().bytes()))
                    .set(MATCHING_EXCHANGE.OPENED_AT, now)
                    .set(MATCHING_EXCHANGE.UNTIL, now.plus(LASTS))
                    .onConflictDoNothing()
                    .execute();
            if (begun == 1) {
                Jobs.order(tx, preparation(id));
            }
            return tx.selectFrom(MATCHING_EXCHANGE)
                    .where(MATCHING_EXCHANGE.PARTNER_ID.eq(partner), MATCHING_EXCHANGE.CURRENT.isTrue())
                    .fetchSingle();
        });
        return new MatchingAnswer.Opened(
                exchange.getId(),
                exchange.getReady(),
                exchange.getEntries(),
                directory.toldTypes(),
                exchange.getReady() ? Arrays.asList(exchange.getProgrammes()) : List.of(),
                exchange.getOpenedAt(),
                exchange.getUntil());
    }

    /** Its list was given up, by a failure or a person; a partner that opens the exchange again begins anew. */
    private List<UUID> stuck(UUID partner) {
        return database
                .sql()
                .select(MATCHING_EXCHANGE.ID)
                .from(MATCHING_EXCHANGE)
                .where(MATCHING_EXCHANGE.PARTNER_ID.eq(partner), MATCHING_EXCHANGE.CURRENT.isTrue())
                .and(MATCHING_EXCHANGE.READY.isFalse())
                .fetch(MATCHING_EXCHANGE.ID)
                .stream()
                .filter(id -> jobs.ofSubject(subject(id), 1).stream()
                        .anyMatch(job -> job.state().isEnded()))
                .toList();
    }

    private static String subject(UUID exchange) {
        return "matching-exchange/" + exchange;
    }

    private static JobOrder preparation(UUID exchange) {
        return new JobOrder(
                "programs",
                PrepareExchange.KIND,
                PrepareExchange.KIND + "/" + exchange,
                "List for blind matching with a partner",
                subject(exchange),
                Actor.SYSTEM,
                new PrepareExchange.Order(exchange));
    }

    private MatchingExchangeRecord ready(UUID partner, UUID exchange) {
        return database.sql()
                .selectFrom(MATCHING_EXCHANGE)
                .where(MATCHING_EXCHANGE.ID.eq(exchange), MATCHING_EXCHANGE.PARTNER_ID.eq(partner))
                .and(MATCHING_EXCHANGE.READY.isTrue())
                .and(MATCHING_EXCHANGE.UNTIL.gt(clock.instant()))
                .fetchOptional()
                .orElseThrow(() -> Refusal.of(
                        ReasonCode.SEARCH_CRITERIA_INVALID,
                        "there is no such exchange, or it is over, or not ready; open one"));
    }

    private MatchingAnswer listed(MatchingExchangeRecord exchange, byte[] after) {
        List<Entry> entries = LIST.list(
                database.sql(),
                Map.of("exchange", exchange.getId(), "after", after, "most", page + 1),
                (row, number) -> new Entry(row.getBytes("mark"), row.getInt("covered")));
        boolean more = entries.size() > page;
        return new MatchingAnswer.Listed(more ? entries.subList(0, page) : entries, more);
    }

    /** What is asked is counted before it is answered. */
    private MatchingAnswer raised(MatchingExchangeRecord exchange, List<byte[]> points) {
        int counted = database.inTransaction(tx -> tx.update(MATCHING_EXCHANGE)
                .set(MATCHING_EXCHANGE.RAISED, MATCHING_EXCHANGE.RAISED.plus(points.size()))
                .where(MATCHING_EXCHANGE.ID.eq(exchange.getId()))
                .and(MATCHING_EXCHANGE.RAISED.le(MOST_RAISED - points.size()))
                .execute());
        if (counted == 0) {
            throw Refusal.of(
                    ReasonCode.TOO_MANY_RECORDS_FOUND,
                    "an exchange answers for at most " + MOST_RAISED + " identifiers");
        }
        MatchingKey key = key(exchange.getId(), exchange.getKeySealed());
        List<byte[]> raised = new ArrayList<>(points.size());
        try {
            for (byte[] point : points) {
                raised.add(key.raise(point));
            }
        } catch (UnfitPoint unfit) {
            throw Refusal.of(ReasonCode.SEARCH_CRITERIA_INVALID, String.valueOf(unfit.getMessage()));
        }
        return new MatchingAnswer.Raised(raised);
    }

    MatchingKey key(UUID exchange, byte[] sealed) {
        return MatchingKey.of(sealer.open(KEY, exchange, sealed));
    }

    /** Keys and lists of exchanges that are over are destroyed. */
    public void forgetOver() {
        List<UUID> over = database.sql()
                .select(MATCHING_EXCHANGE.ID)
                .from(MATCHING_EXCHANGE)
                .where(MATCHING_EXCHANGE.UNTIL.lt(clock.instant()))
                .limit(100)
                .fetch(MATCHING_EXCHANGE.ID);
        for (UUID exchange : over) {
            // The key goes first: without it the list means nothing to anybody.
            database.transact(tx -> tx.update(MATCHING_EXCHANGE)
                    .set(MATCHING_EXCHANGE.CURRENT, false)
                    .set(MATCHING_EXCHANGE.READY, false)
                    .set(MATCHING_EXCHANGE.KEY_SEALED, new byte[0])
                    .where(MATCHING_EXCHANGE.ID.eq(exchange))
                    .execute());
            while (database.inTransaction(tx -> forget(tx, exchange)) > 0) {
                // part by part, so that nobody waits for it
            }
            database.transact(tx -> tx.deleteFrom(MATCHING_EXCHANGE)
                    .where(MATCHING_EXCHANGE.ID.eq(exchange))
                    .execute());
        }
    }

    private static int forget(DSLContext tx, UUID exchange) {
        return FORGET.run(tx, Map.of("exchange", exchange, "most", FORGOTTEN_AT_ONCE));
    }
}
