package org.annona.exchange.log;

import static org.annona.exchange.internal.tables.Tables.MESSAGE_LOG;
import static org.annona.exchange.internal.tables.Tables.PARTNER;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.internal.tables.tables.records.MessageLogRecord;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which messages came and left, and what became of them. */
public final class MessageLog {

    private static final Logger LOG = LoggerFactory.getLogger(MessageLog.class);
    private static final Keyset ORDER = new Keyset(Map.of("at", MESSAGE_LOG.AT), "at", true, MESSAGE_LOG.ID);
    private static final Duration KEPT = Duration.ofDays(90);
    private static final int LONGEST_DETAIL = 500;
    private static final int MOST_WAITING = 10_000;

    private final Database database;
    private final Clock clock;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(MOST_WAITING);

    public MessageLog(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Who began it. */
    public enum Direction {
        IN,
        OUT;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One message.
     *
     * @param outcome {@code answered}, {@code acknowledged}, {@code delivered}, or a code of the standard
     * @param detail the sentence that was told, or why it was not taken
     */
    public record Entry(
            UUID partnerId,
            Direction direction,
            String registry,
            String action,
            int items,
            String outcome,
            String detail,
            int httpStatus,
            Duration time) {}

    /** @param partnerName as it is called now */
    public record Row(Instant at, UUID partnerId, String partnerName, String direction, Entry entry) {}

    private record Waiting(Instant at, Entry entry) {}

    /**
     * Written within a second, many at once; nobody has to wait for it, and no message fails for it. What a killed process has
     * not written is lost, and so is what comes while the database is away for so long that no more can be held.
     */
    public void add(Entry entry) {
        if (!waiting.offer(new Waiting(clock.instant(), entry))) {
            LOG.warn("a message is not logged: {} entries wait to be written", MOST_WAITING);
        }
    }

    /** Writes what was added; where that fails it is kept for the next time. */
    public void write() {
        List<Waiting> all = new ArrayList<>();
        waiting.drainTo(all);
        if (all.isEmpty()) {
            return;
        }
        try {
            database.sql()
                    .batchInsert(all.stream().map(MessageLog::row).toList())
                    .execute();
        } catch (RuntimeException failure) {
            all.forEach(waiting::offer);
            throw failure;
        }
    }

    private static MessageLogRecord row(Waiting logged) {
        Entry entry = logged.entry();
        String detail = entry.detail();
        MessageLogRecord row = new MessageLogRecord();
        row.setId(Ids.next());
        row.setAt(logged.at());
        row.setPartnerId(entry.partnerId());
        row.setDirection(entry.direction().code());
        row.setRegistry(entry.registry());
        row.setAction(entry.action());
        row.setItems(entry.items());
        row.setOutcome(entry.outcome());
        row.setDetail(detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL)));
        row.setHttpStatus(entry.httpStatus());
        row.setMillis((int) Math.min(entry.time().toMillis(), Integer.MAX_VALUE));
        return row;
    }

    /** Filters: partner (its id), direction, outcome (good, bad). */
    public Page<Row> page(Actor actor, PageRequest request) {
        actor.require(ExchangePermission.VIEW);
        write();
        Condition condition = DSL.noCondition();
        String partner = request.filter("partner");
        if (!partner.isEmpty()) {
            condition = condition.and(MESSAGE_LOG.PARTNER_ID.cast(String.class).eq(partner));
        }
        if (!request.filter("direction").isEmpty()) {
            condition = condition.and(MESSAGE_LOG.DIRECTION.eq(request.filter("direction")));
        }
        switch (request.filter("outcome")) {
            case "refused" -> condition = condition.and(MESSAGE_LOG.OUTCOME.notIn(GOOD));
            case "good" -> condition = condition.and(MESSAGE_LOG.OUTCOME.in(GOOD));
            default -> {}
        }
        return ORDER.page(
                        database.sql(),
                        List.of(MESSAGE_LOG.asterisk(), PARTNER.NAME),
                        MESSAGE_LOG.join(PARTNER).on(PARTNER.ID.eq(MESSAGE_LOG.PARTNER_ID)),
                        condition,
                        request)
                .map(row -> new Row(
                        row.get(MESSAGE_LOG.AT),
                        row.get(MESSAGE_LOG.PARTNER_ID),
                        row.get(PARTNER.NAME),
                        row.get(MESSAGE_LOG.DIRECTION),
                        new Entry(
                                row.get(MESSAGE_LOG.PARTNER_ID),
                                row.get(MESSAGE_LOG.DIRECTION).equals("in") ? Direction.IN : Direction.OUT,
                                row.get(MESSAGE_LOG.REGISTRY),
                                row.get(MESSAGE_LOG.ACTION),
                                row.get(MESSAGE_LOG.ITEMS),
                                row.get(MESSAGE_LOG.OUTCOME),
                                row.get(MESSAGE_LOG.DETAIL),
                                row.get(MESSAGE_LOG.HTTP_STATUS),
                                Duration.ofMillis(row.get(MESSAGE_LOG.MILLIS)))));
    }

    /** What means that all went well. */
    public static final List<String> GOOD = List.of("answered", "acknowledged", "delivered");

    public void forgetOld() {
        database.sql()
                .deleteFrom(MESSAGE_LOG)
                .where(MESSAGE_LOG.AT.lt(clock.instant().minus(KEPT)))
                .execute();
    }
}
