package org.annona.exchange.subscription;

import static org.annona.exchange.internal.tables.Tables.COLLECTED_EVENT;
import static org.annona.exchange.internal.tables.Tables.EVENT_POSITION;
import static org.annona.exchange.internal.tables.Tables.PARTNER;
import static org.annona.exchange.internal.tables.Tables.SUBSCRIPTION;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.internal.tables.states.SubscriptionState;
import org.annona.exchange.internal.tables.tables.records.SubscriptionRecord;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.sealing.BlindIndex;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Which partner wants to be told of what. Filters may name people, and are sealed. */
public final class Subscriptions {

    private static final String FILTER = "exchange.subscription.filter_sealed";
    private static final Keyset ORDER =
            new Keyset(Map.of("created", SUBSCRIPTION.CREATED_AT), "created", true, SUBSCRIPTION.CODE);
    /** Failed tries in a row after which a subscription waits for a person. */
    private static final int MOST_FAILURES = 50;

    private final Database database;
    private final Sealer sealer;
    private final BlindIndex index;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("exchange");

    public Subscriptions(Database database, Keyring keyring, Clock clock) {
        this.database = database;
        this.sealer = keyring.sealer("exchange");
        this.index = keyring.blindIndex("exchange");
        this.clock = clock;
    }

    /** @return false where the partner has the same one already */
    boolean add(DSLContext tx, Subscription wanted, String correlationId) {
        String filter = wanted.filter().toString();
        return tx.insertInto(SUBSCRIPTION)
                        .set(SUBSCRIPTION.CODE, wanted.code())
                        .set(SUBSCRIPTION.PARTNER_ID, wanted.partnerId())
                        .set(SUBSCRIPTION.REGISTRY, wanted.registry())
                        .set(SUBSCRIPTION.EVENT, wanted.event())
                        .set(SUBSCRIPTION.RECORD_TYPE, wanted.recordType())
                        .set(SUBSCRIPTION.FILTER_TYPE, wanted.filterType())
                        .set(SUBSCRIPTION.FILTER_SEALED, sealer.seal(FILTER, wanted.code(), filter))
                        .set(SUBSCRIPTION.LIKENESS, index.of("subscription", likeness(wanted, filter)))
                        .set(SUBSCRIPTION.PURPOSE, wanted.purpose())
                        .set(SUBSCRIPTION.TARGET, wanted.target())
                        .set(SUBSCRIPTION.ENCRYPTED, wanted.encrypted())
                        .set(SUBSCRIPTION.STARTS_AT, wanted.from())
                        .set(SUBSCRIPTION.ENDS_AT, wanted.until())
                        .set(SUBSCRIPTION.CRON, wanted.cron())
                        .set(SUBSCRIPTION.NEXT_TOLD_AT, wanted.nextTold())
                        .set(SUBSCRIPTION.CORRELATION_ID, correlationId)
                        .set(SUBSCRIPTION.CREATED_AT, wanted.createdAt())
                        .onConflictDoNothing()
                        .execute()
                > 0;
    }

    private static String likeness(Subscription wanted, String filter) {
        return String.join("\n", wanted.recordType(), wanted.filterType(), filter, wanted.target());
    }

    int countLive(DSLContext tx, UUID partner) {
        return tx.fetchCount(
                SUBSCRIPTION, SUBSCRIPTION.PARTNER_ID.eq(partner), SUBSCRIPTION.STATE.ne(SubscriptionState.ENDED));
    }

    /** Locked, so that it is ended once. */
    Optional<Subscription> lock(DSLContext tx, String code) {
        return tx.selectFrom(SUBSCRIPTION)
                .where(SUBSCRIPTION.CODE.eq(code))
                .forUpdate()
                .fetchOptional(this::subscription);
    }

    void end(DSLContext tx, String code) {
        tx.update(SUBSCRIPTION)
                .set(SUBSCRIPTION.STATE, SubscriptionState.ENDED)
                .set(SUBSCRIPTION.ENDED_AT, clock.instant())
                .where(SUBSCRIPTION.CODE.eq(code))
                .execute();
        tx.deleteFrom(COLLECTED_EVENT)
                .where(COLLECTED_EVENT.SUBSCRIPTION.eq(code))
                .execute();
    }

    /** Those for which something was collected and whose time has come; a schedule moves on also where nothing was. */
    List<Subscription> due(String registry) {
        Instant now = clock.instant();
        return database.sql()
                .selectFrom(SUBSCRIPTION)
                .where(SUBSCRIPTION.REGISTRY.eq(registry), SUBSCRIPTION.STATE.eq(SubscriptionState.ACTIVE))
                .and(SUBSCRIPTION.NEXT_TOLD_AT.isNull().or(SUBSCRIPTION.NEXT_TOLD_AT.le(now)))
                .and(SUBSCRIPTION
                        .NEXT_TOLD_AT
                        .isNotNull()
                        .or(DSL.exists(DSL.selectOne()
                                .from(COLLECTED_EVENT)
                                .where(COLLECTED_EVENT.SUBSCRIPTION.eq(SUBSCRIPTION.CODE)))))
                .fetch(this::subscription);
    }

    List<Subscription> live(String registry) {
        return database.sql()
                .selectFrom(SUBSCRIPTION)
                .where(SUBSCRIPTION.REGISTRY.eq(registry), SUBSCRIPTION.STATE.ne(SubscriptionState.ENDED))
                .fetch(this::subscription);
    }

    @Nullable
    String position(DSLContext tx, String registry) {
        return tx.select(EVENT_POSITION.POSITION)
                .from(EVENT_POSITION)
                .where(EVENT_POSITION.REGISTRY.eq(registry))
                .fetchOne(EVENT_POSITION.POSITION);
    }

    /** From where events are told, once a partner wants to hear of them. */
    void begin(DSLContext tx, String registry, String position) {
        tx.insertInto(EVENT_POSITION)
                .set(EVENT_POSITION.REGISTRY, registry)
                .set(EVENT_POSITION.POSITION, position)
                .onConflictDoNothing()
                .execute();
    }

    /** @return false where another process has gone on meanwhile */
    boolean move(DSLContext tx, String registry, String from, String to) {
        return tx.update(EVENT_POSITION)
                        .set(EVENT_POSITION.POSITION, to)
                        .where(EVENT_POSITION.REGISTRY.eq(registry), EVENT_POSITION.POSITION.eq(from))
                        .execute()
                > 0;
    }

    /** What waits to be told: a record once, however often something happens to it. */
    record Collected(UUID recordKey, String reference, Instant at) {}

    void collect(DSLContext tx, String code, List<Collected> events) {
        tx.batch(events.stream()
                        .map(event -> tx.insertInto(COLLECTED_EVENT)
                                .set(COLLECTED_EVENT.SUBSCRIPTION, code)
                                .set(COLLECTED_EVENT.RECORD_KEY, event.recordKey())
                                .set(COLLECTED_EVENT.REFERENCE, event.reference())
                                .set(COLLECTED_EVENT.AT, event.at())
                                .onConflict(COLLECTED_EVENT.SUBSCRIPTION, COLLECTED_EVENT.RECORD_KEY)
                                .doUpdate()
                                .set(COLLECTED_EVENT.REFERENCE, event.reference())
                                .set(COLLECTED_EVENT.AT, event.at()))
                        .toList())
                .execute();
    }

    /** Takes some of what was collected away, to be told in the same transaction. */
    List<Collected> takeCollected(DSLContext tx, String code, int most) {
        return tx.deleteFrom(COLLECTED_EVENT)
                .where(COLLECTED_EVENT.SUBSCRIPTION.eq(code))
                .and(COLLECTED_EVENT.RECORD_KEY.in(tx.select(COLLECTED_EVENT.RECORD_KEY)
                        .from(COLLECTED_EVENT)
                        .where(COLLECTED_EVENT.SUBSCRIPTION.eq(code))
                        .orderBy(COLLECTED_EVENT.AT, COLLECTED_EVENT.RECORD_KEY)
                        .limit(most)))
                .returning()
                .fetch(row -> new Collected(row.getRecordKey(), row.getReference(), row.getAt()));
    }

    void nextTold(DSLContext tx, String code, @Nullable Instant next) {
        tx.update(SUBSCRIPTION)
                .set(SUBSCRIPTION.NEXT_TOLD_AT, next)
                .where(SUBSCRIPTION.CODE.eq(code))
                .execute();
    }

    /** A notification arrived: whatever failed before counts no more. */
    public void succeeded(String code) {
        database.sql()
                .update(SUBSCRIPTION)
                .set(SUBSCRIPTION.FAILURES, 0)
                .where(SUBSCRIPTION.CODE.eq(code), SUBSCRIPTION.FAILURES.gt(0))
                .execute();
    }

    /** A notification did not arrive; after many of them in a row a person has to look at it. */
    public void failed(String code) {
        database.sql()
                .update(SUBSCRIPTION)
                .set(SUBSCRIPTION.FAILURES, SUBSCRIPTION.FAILURES.plus(1))
                .set(
                        SUBSCRIPTION.STATE,
                        DSL.when(SUBSCRIPTION.FAILURES.ge(MOST_FAILURES - 1), SubscriptionState.SUSPENDED)
                                .otherwise(SUBSCRIPTION.STATE))
                .where(SUBSCRIPTION.CODE.eq(code), SUBSCRIPTION.STATE.eq(SubscriptionState.ACTIVE))
                .execute();
    }

    /** Filters: partner (its id), state. */
    public Page<Row> page(Actor actor, PageRequest request) {
        actor.require(ExchangePermission.VIEW);
        Condition condition = DSL.noCondition();
        if (!request.filter("partner").isEmpty()) {
            condition = condition.and(SUBSCRIPTION.PARTNER_ID.cast(String.class).eq(request.filter("partner")));
        }
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(SUBSCRIPTION.STATE.coerce(String.class).eq(request.filter("state")));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(SUBSCRIPTION.asterisk(), PARTNER.NAME),
                        SUBSCRIPTION.join(PARTNER).on(PARTNER.ID.eq(SUBSCRIPTION.PARTNER_ID)),
                        condition,
                        request)
                .map(row -> listed(row.into(SUBSCRIPTION), row.get(PARTNER.NAME)));
    }

    /**
     * One of the list, without its filter, which may name people.
     *
     * @param cron null for at once
     */
    public record Row(
            String code,
            UUID partnerId,
            String partnerName,
            String registry,
            String event,
            String target,
            @Nullable String cron,
            SubscriptionState state,
            int failures,
            Instant createdAt) {}

    private static Row listed(SubscriptionRecord row, String partnerName) {
        return new Row(
                row.getCode(),
                row.getPartnerId(),
                partnerName,
                row.getRegistry(),
                row.getEvent(),
                row.getTarget(),
                row.getCron(),
                row.getState(),
                row.getFailures(),
                row.getCreatedAt());
    }

    public long suspended() {
        return database.sql().fetchCount(SUBSCRIPTION, SUBSCRIPTION.STATE.eq(SubscriptionState.SUSPENDED));
    }

    /** Lets a suspended one go on: what was collected meanwhile is told. */
    public void resume(Actor actor, String code) {
        actor.require(ExchangePermission.MANAGE);
        database.transact(tx -> {
            tx.update(SUBSCRIPTION)
                    .set(SUBSCRIPTION.STATE, SubscriptionState.ACTIVE)
                    .set(SUBSCRIPTION.FAILURES, 0)
                    .where(SUBSCRIPTION.CODE.eq(code), SUBSCRIPTION.STATE.eq(SubscriptionState.SUSPENDED))
                    .execute();
            audit.append(tx, AuditEvent.of(actor.name(), "exchange.subscription.resume", "subscription/" + code));
        });
    }

    private Subscription subscription(SubscriptionRecord row) {
        return new Subscription(
                row.getCode(),
                row.getPartnerId(),
                row.getRegistry(),
                row.getEvent(),
                row.getRecordType(),
                row.getFilterType(),
                JsonMapper.shared()
                        .readTree(new String(
                                sealer.open(FILTER, row.getCode(), row.getFilterSealed()), StandardCharsets.UTF_8)),
                row.getPurpose(),
                row.getTarget(),
                row.getEncrypted(),
                row.getStartsAt(),
                row.getEndsAt(),
                row.getCron(),
                row.getNextToldAt(),
                row.getState(),
                row.getFailures(),
                row.getCreatedAt());
    }
}
