package org.annona.exchange.callback;

import static org.annona.exchange.internal.tables.Tables.CALLBACK;
import static org.annona.exchange.internal.tables.Tables.PARTNER;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.internal.tables.tables.records.CallbackRecord;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.message.MessageStatus;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Messages that have to reach partners: committed with what causes them, and kept until each is taken or given up. */
public final class Callbacks {

    private static final String MESSAGE = "exchange.callback.message_sealed";
    private static final Duration LEASE = Duration.ofMinutes(3);
    /** After which no further one of a batch is begun, so that none is sent while another process takes it over. */
    static final Duration SURELY_HELD = Duration.ofMinutes(2);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    /** With these pauses about a day. */
    private static final int MOST_ATTEMPTS = 150;

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int LONGEST_ERROR = 300;
    private static final Keyset ORDER =
            new Keyset(Map.of("created", CALLBACK.CREATED_AT), "created", true, CALLBACK.ID);

    private final Database database;
    private final Sealer sealer;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("exchange");

    public Callbacks(Database database, Keyring keyring, Clock clock) {
        this.database = database;
        this.sealer = keyring.sealer("exchange");
        this.clock = clock;
    }

    /** What the header says beside ids and times. */
    public record Facts(
            MessageStatus status,
            @Nullable String reasonCode,
            @Nullable String reasonMessage,
            int total,
            int completed) {}

    /**
     * What is to be sent.
     *
     * @param target the whole address
     * @param subscription its code, for notifications
     */
    public record Letter(
            UUID partnerId,
            String registry,
            String action,
            String target,
            Facts facts,
            ObjectNode message,
            boolean encrypted,
            @Nullable String subscription) {}

    /** What is on its way. @param id also its {@code message_id}, whenever and however often it is sent */
    public record Outgoing(
            UUID id,
            UUID partnerId,
            String registry,
            String action,
            String target,
            Facts facts,
            ObjectNode message,
            boolean encrypted,
            int attempts,
            @Nullable String subscription) {

        @Override
        public String toString() {
            return "Outgoing[" + action + " " + id + "]";
        }
    }

    public void post(DSLContext tx, Letter letter) {
        postAll(tx, List.of(letter));
    }

    public void postAll(DSLContext tx, List<Letter> letters) {
        Instant now = clock.instant();
        tx.batchInsert(letters.stream()
                        .map(letter -> {
                            UUID id = Ids.next();
                            CallbackRecord row = new CallbackRecord();
                            row.setId(id);
                            row.setPartnerId(letter.partnerId());
                            row.setRegistry(letter.registry());
                            row.setAction(letter.action());
                            row.setTarget(letter.target());
                            row.setHeader(JSONB.valueOf(JsonMapper.shared().writeValueAsString(letter.facts())));
                            row.setMessageSealed(sealer.seal(
                                    MESSAGE, id, letter.message().toString().getBytes(StandardCharsets.UTF_8)));
                            row.setEncrypted(letter.encrypted());
                            row.setSubscription(letter.subscription());
                            row.setNextTryAt(now);
                            row.setCreatedAt(now);
                            return row;
                        })
                        .toList())
                .execute();
    }

    List<UUID> partnersWithSomethingDue() {
        return database.sql()
                .select(PARTNER.ID)
                .from(PARTNER)
                .where(PARTNER.STATE.eq("active"))
                .and(DSL.exists(DSL.selectOne()
                        .from(CALLBACK)
                        .where(CALLBACK.PARTNER_ID.eq(PARTNER.ID), CALLBACK.STATE.eq("pending"))
                        .and(CALLBACK.NEXT_TRY_AT.le(clock.instant()))))
                .fetch(PARTNER.ID);
    }

    /** Takes some that are due for this process; when it dies, another one takes them later. */
    List<Outgoing> lease(UUID partner, int most) {
        Instant now = clock.instant();
        return database.inTransaction(tx -> tx.update(CALLBACK)
                .set(CALLBACK.LEASE_UNTIL, now.plus(LEASE))
                .set(CALLBACK.ATTEMPTS, CALLBACK.ATTEMPTS.plus(1))
                .where(CALLBACK.ID.in(tx.select(CALLBACK.ID)
                        .from(CALLBACK)
                        .where(CALLBACK.PARTNER_ID.eq(partner), CALLBACK.STATE.eq("pending"))
                        .and(CALLBACK.NEXT_TRY_AT.le(now))
                        .and(CALLBACK.LEASE_UNTIL.isNull().or(CALLBACK.LEASE_UNTIL.lt(now)))
                        .orderBy(CALLBACK.NEXT_TRY_AT, CALLBACK.ID)
                        .limit(most)
                        .forUpdate()
                        .skipLocked()))
                .returning()
                .fetch(this::outgoing));
    }

    private Outgoing outgoing(CallbackRecord row) {
        return new Outgoing(
                row.getId(),
                row.getPartnerId(),
                row.getRegistry(),
                row.getAction(),
                row.getTarget(),
                JsonMapper.shared().readValue(row.getHeader().data(), Facts.class),
                (ObjectNode) JsonMapper.shared().readTree(sealer.open(MESSAGE, row.getId(), row.getMessageSealed())),
                row.getEncrypted(),
                row.getAttempts(),
                row.getSubscription());
    }

    void delivered(Outgoing outgoing) {
        end(outgoing, "delivered", null);
    }

    /** It is not sent again by itself; somebody has to look at it. */
    void giveUp(Outgoing outgoing, String reason) {
        end(outgoing, "dead", reason);
    }

    private void end(Outgoing outgoing, String state, @Nullable String error) {
        database.sql()
                .update(CALLBACK)
                .set(CALLBACK.STATE, state)
                .set(CALLBACK.ENDED_AT, clock.instant())
                .set(CALLBACK.LAST_ERROR, shortened(error))
                .setNull(CALLBACK.LEASE_UNTIL)
                .where(CALLBACK.ID.eq(outgoing.id()), CALLBACK.STATE.eq("pending"))
                .execute();
    }

    /** @return false where it was tried so often that it is given up */
    boolean postpone(Outgoing outgoing, String reason, Duration least) {
        if (outgoing.attempts() >= MOST_ATTEMPTS) {
            giveUp(outgoing, reason);
            return false;
        }
        long seconds = Math.min(LONGEST_PAUSE.toSeconds(), 1L << Math.min(outgoing.attempts(), 10));
        long jitter = Math.floorMod(outgoing.id().getLeastSignificantBits(), 1_000L);
        Instant next =
                clock.instant().plus(longer(Duration.ofSeconds(seconds), least)).plusMillis(jitter);
        database.sql()
                .update(CALLBACK)
                .set(CALLBACK.NEXT_TRY_AT, next)
                .set(CALLBACK.LAST_ERROR, shortened(reason))
                .setNull(CALLBACK.LEASE_UNTIL)
                .where(CALLBACK.ID.eq(outgoing.id()), CALLBACK.STATE.eq("pending"))
                .execute();
        return true;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Gives those back that were taken and not tried. */
    void release(List<Outgoing> untried, Duration pause) {
        if (!untried.isEmpty()) {
            database.sql()
                    .update(CALLBACK)
                    .setNull(CALLBACK.LEASE_UNTIL)
                    .set(CALLBACK.ATTEMPTS, CALLBACK.ATTEMPTS.minus(1))
                    .set(CALLBACK.NEXT_TRY_AT, clock.instant().plus(pause))
                    .where(CALLBACK.ID.in(untried.stream().map(Outgoing::id).toList()))
                    .and(CALLBACK.STATE.eq("pending"))
                    .execute();
        }
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null ? null : text.substring(0, Math.min(text.length(), LONGEST_ERROR));
    }

    /** One message as a list shows it, without what it holds. */
    public record Row(
            UUID id,
            UUID partnerId,
            String partnerName,
            String action,
            String target,
            String state,
            int attempts,
            @Nullable String lastError,
            Instant createdAt,
            Instant nextTryAt) {}

    /** Filters: partner (its id), state. */
    public Page<Row> page(Actor actor, PageRequest request) {
        actor.require(ExchangePermission.VIEW);
        Condition condition = DSL.noCondition();
        if (!request.filter("partner").isEmpty()) {
            condition = condition.and(CALLBACK.PARTNER_ID.cast(String.class).eq(request.filter("partner")));
        }
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(CALLBACK.STATE.eq(request.filter("state")));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(CALLBACK.asterisk(), PARTNER.NAME),
                        CALLBACK.join(PARTNER).on(PARTNER.ID.eq(CALLBACK.PARTNER_ID)),
                        condition,
                        request)
                .map(row -> new Row(
                        row.get(CALLBACK.ID),
                        row.get(CALLBACK.PARTNER_ID),
                        row.get(PARTNER.NAME),
                        row.get(CALLBACK.ACTION),
                        row.get(CALLBACK.TARGET),
                        row.get(CALLBACK.STATE),
                        row.get(CALLBACK.ATTEMPTS),
                        row.get(CALLBACK.LAST_ERROR),
                        row.get(CALLBACK.CREATED_AT),
                        row.get(CALLBACK.NEXT_TRY_AT)));
    }

    /** How many were given up and wait for a person. */
    public long dead() {
        return database.sql().fetchCount(CALLBACK, CALLBACK.STATE.eq("dead"));
    }

    /** Lets one that was given up be tried again. */
    public void revive(Actor actor, UUID id) {
        actor.require(ExchangePermission.MANAGE);
        database.transact(tx -> {
            int revived = tx.update(CALLBACK)
                    .set(CALLBACK.STATE, "pending")
                    .set(CALLBACK.ATTEMPTS, 0)
                    .set(CALLBACK.NEXT_TRY_AT, clock.instant())
                    .setNull(CALLBACK.ENDED_AT)
                    .where(CALLBACK.ID.eq(id), CALLBACK.STATE.eq("dead"))
                    .execute();
            if (revived == 0) {
                throw Problem.of(ExchangeProblem.CALLBACK_NOT_DEAD);
            }
            audit.append(tx, AuditEvent.of(actor.name(), "exchange.callback.revive", "callback/" + id));
        });
    }

    public void forgetOld() {
        database.sql()
                .deleteFrom(CALLBACK)
                .where(
                        CALLBACK.STATE.ne("pending"),
                        CALLBACK.ENDED_AT.lt(clock.instant().minus(KEPT)))
                .execute();
    }
}
