package org.annona.exchange.traffic;

import static org.annona.exchange.internal.tables.Tables.PARTNER;
import static org.annona.exchange.internal.tables.Tables.TRAFFIC;

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
import org.annona.exchange.internal.tables.tables.records.TrafficRecord;
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
public final class Traffic {

    private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);
    private static final Keyset ORDER = new Keyset(Map.of("at", TRAFFIC.AT), "at", true, TRAFFIC.ID);
    private static final Duration KEPT = Duration.ofDays(90);
    private static final int LONGEST_DETAIL = 500;
    private static final int MOST_WAITING = 10_000;

    private final Database database;
    private final Clock clock;
    private final BlockingQueue<Noted> waiting = new LinkedBlockingQueue<>(MOST_WAITING);

    public Traffic(Database database, Clock clock) {
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
    public record Passage(
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
    public record Row(Instant at, UUID partnerId, String partnerName, String direction, Passage passage) {}

    private record Noted(Instant at, Passage passage) {}

    /**
     * Written within a second, many at once; nobody has to wait for it, and no message fails for it. What a killed process has
     * not written is lost, and so is what comes while the database is away for so long that no more can be held.
     */
    public void note(Passage passage) {
        if (!waiting.offer(new Noted(clock.instant(), passage))) {
            LOG.warn("traffic is not noted: {} passages wait to be written", MOST_WAITING);
        }
    }

    /** Writes what was noted; where that fails it is kept for the next time. */
    public void write() {
        List<Noted> all = new ArrayList<>();
        waiting.drainTo(all);
        if (all.isEmpty()) {
            return;
        }
        try {
            database.sql().batchInsert(all.stream().map(Traffic::row).toList()).execute();
        } catch (RuntimeException failure) {
            all.forEach(waiting::offer);
            throw failure;
        }
    }

    private static TrafficRecord row(Noted noted) {
        Passage passage = noted.passage();
        String detail = passage.detail();
        TrafficRecord row = new TrafficRecord();
        row.setId(Ids.next());
        row.setAt(noted.at());
        row.setPartnerId(passage.partnerId());
        row.setDirection(passage.direction().code());
        row.setRegistry(passage.registry());
        row.setAction(passage.action());
        row.setItems(passage.items());
        row.setOutcome(passage.outcome());
        row.setDetail(detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL)));
        row.setHttpStatus(passage.httpStatus());
        row.setMillis((int) Math.min(passage.time().toMillis(), Integer.MAX_VALUE));
        return row;
    }

    /** Filters: partner (its id), direction, outcome (good, bad). */
    public Page<Row> page(Actor actor, PageRequest request) {
        actor.require(ExchangePermission.VIEW);
        write();
        Condition condition = DSL.noCondition();
        String partner = request.filter("partner");
        if (!partner.isEmpty()) {
            condition = condition.and(TRAFFIC.PARTNER_ID.cast(String.class).eq(partner));
        }
        if (!request.filter("direction").isEmpty()) {
            condition = condition.and(TRAFFIC.DIRECTION.eq(request.filter("direction")));
        }
        switch (request.filter("outcome")) {
            case "refused" -> condition = condition.and(TRAFFIC.OUTCOME.notIn(GOOD));
            case "good" -> condition = condition.and(TRAFFIC.OUTCOME.in(GOOD));
            default -> {}
        }
        return ORDER.page(
                        database.sql(),
                        List.of(TRAFFIC.asterisk(), PARTNER.NAME),
                        TRAFFIC.join(PARTNER).on(PARTNER.ID.eq(TRAFFIC.PARTNER_ID)),
                        condition,
                        request)
                .map(row -> new Row(
                        row.get(TRAFFIC.AT),
                        row.get(TRAFFIC.PARTNER_ID),
                        row.get(PARTNER.NAME),
                        row.get(TRAFFIC.DIRECTION),
                        new Passage(
                                row.get(TRAFFIC.PARTNER_ID),
                                row.get(TRAFFIC.DIRECTION).equals("in") ? Direction.IN : Direction.OUT,
                                row.get(TRAFFIC.REGISTRY),
                                row.get(TRAFFIC.ACTION),
                                row.get(TRAFFIC.ITEMS),
                                row.get(TRAFFIC.OUTCOME),
                                row.get(TRAFFIC.DETAIL),
                                row.get(TRAFFIC.HTTP_STATUS),
                                Duration.ofMillis(row.get(TRAFFIC.MILLIS)))));
    }

    /** What means that all went well. */
    public static final List<String> GOOD = List.of("answered", "acknowledged", "delivered");

    public void forgetOld() {
        database.sql()
                .deleteFrom(TRAFFIC)
                .where(TRAFFIC.AT.lt(clock.instant().minus(KEPT)))
                .execute();
    }
}
