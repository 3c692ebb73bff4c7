package org.annona.exchange.callback;

import static org.annona.exchange.internal.tables.Tables.CALLBACK;
import static org.annona.exchange.internal.tables.Tables.CALLBACK_TROUBLE;
import static org.annona.exchange.internal.tables.Tables.PARTNER;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.internal.tables.states.CallbackState;
import org.annona.exchange.internal.tables.tables.records.CallbackRecord;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.lease.Leases;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.retry.BackOff;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.http.Origin;
import org.annona.interop.message.MessageStatus;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Messages that have to reach partners: committed with what causes them, and kept until each is taken or given up. */
public final class Callbacks {

    private static final String MESSAGE = "exchange.callback.message_sealed";
    private static final Leases<CallbackRecord> LEASES = new Leases<>(
            CALLBACK,
            CALLBACK.ID,
            CALLBACK.NEXT_TRY_AT,
            CALLBACK.ATTEMPTS,
            CALLBACK.LEASE_UNTIL,
            Duration.ofMinutes(3));
    /** After which no further one of a batch is begun, so that none is sent while another process takes it over. */
    static final Duration SURELY_HELD = Duration.ofMinutes(2);

    private static final BackOff BACK_OFF = BackOff.doubling(Duration.ofSeconds(2), Duration.ofMinutes(10));
    /** In seconds. An address that is away is tried again as often as that, with one message. */
    private static final long LONGEST_SILENCE = 60;

    private static final BackOff AWAY = BackOff.doubling(Duration.ofSeconds(2), Duration.ofSeconds(LONGEST_SILENCE));

    /** For how long a message is tried. */
    static final Duration TRIED = Duration.ofDays(3);

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int LONGEST_ERROR = 300;
    private static final SqlFile ADDRESSES_DUE = SqlFile.beside(Callbacks.class, "addresses-due.sql");
    private static final SqlFile NOTE_TROUBLE = SqlFile.beside(Callbacks.class, "note-trouble.sql");
    private static final Keyset ORDER =
            new Keyset(Map.of("created", CALLBACK.CREATED_AT), "created", true, CALLBACK.ID);

    private final Database database;
    private final Sealer sealer;
    private final Clock clock;

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
            String address,
            Facts facts,
            ObjectNode message,
            boolean encrypted,
            int attempts,
            Instant triedUntil,
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
                            row.setAddress(address(letter.target()));
                            row.setHeader(JSONB.valueOf(JsonMapper.shared().writeValueAsString(letter.facts())));
                            row.setMessageSealed(sealer.seal(
                                    MESSAGE, id, letter.message().toString().getBytes(StandardCharsets.UTF_8)));
                            row.setEncrypted(letter.encrypted());
                            row.setSubscription(letter.subscription());
                            row.setNextTryAt(now);
                            row.setTriedUntil(now.plus(TRIED));
                            row.setCreatedAt(now);
                            return row;
                        })
                        .toList())
                .execute();
    }

    /** Host and port, by which trouble is known. What is no address is one by itself, and refused when it is called. */
    static String address(String target) {
        try {
            Origin origin = Origin.of(target);
            return origin.host() + ":" + origin.port();
        } catch (IllegalArgumentException | NullPointerException malformed) {
            return target;
        }
    }

    /** An address of a partner, at which something is due. @param troubled whether the last try there failed */
    record Due(UUID partnerId, String address, boolean troubled) {}

    /** Those that are not silent; first those that take what is sent. */
    List<Due> addressesWithSomethingDue() {
        return ADDRESSES_DUE.list(
                database.sql(),
                Map.of("now", now()),
                (row, number) -> new Due(
                        row.getObject("partner_id", UUID.class), row.getString("address"), row.getBoolean("troubled")));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    /** Takes some that are due at an address for this process; when it dies, another one takes them later. */
    List<Outgoing> lease(UUID partner, String address, int most) {
        Condition there = CALLBACK.STATE
                .eq(CallbackState.PENDING)
                .and(CALLBACK.PARTNER_ID.eq(partner))
                .and(CALLBACK.ADDRESS.eq(address));
        return database.inTransaction(
                tx -> LEASES.take(tx, clock.instant(), there, most).map(this::outgoing));
    }

    private Outgoing outgoing(CallbackRecord row) {
        return new Outgoing(
                row.getId(),
                row.getPartnerId(),
                row.getRegistry(),
                row.getAction(),
                row.getTarget(),
                row.getAddress(),
                JsonMapper.shared().readValue(row.getHeader().data(), Facts.class),
                (ObjectNode) JsonMapper.shared().readTree(sealer.open(MESSAGE, row.getId(), row.getMessageSealed())),
                row.getEncrypted(),
                row.getAttempts(),
                row.getTriedUntil(),
                row.getSubscription());
    }

    /**
     * The address did not take a message.
     *
     * @param away whether it could not be reached, so that it is left alone for a while
     * @param rest how long it asked to be left alone
     * @return until when nothing is sent there; null where it is not silent
     */
    @Nullable
    Instant noteTrouble(Outgoing outgoing, String error, boolean away, Duration rest) {
        OffsetDateTime now = now();
        Map<String, Object> values = new HashMap<>();
        values.put("partner", outgoing.partnerId());
        values.put("address", outgoing.address());
        values.put("now", now);
        values.put("error", Objects.requireNonNull(shortened(error)));
        values.put("away", away);
        values.put("until", rest.isPositive() ? now.plus(rest) : null);
        values.put("longest", LONGEST_SILENCE);
        Timestamp until = NOTE_TROUBLE.first(database.sql(), values, (row, number) -> row.getTimestamp("silent_until"));
        return until == null ? null : until.toInstant();
    }

    void delivered(Outgoing outgoing) {
        end(outgoing, CallbackState.DELIVERED, null);
    }

    /** It is not sent again by itself; an administrator has to look at it. */
    void giveUp(Outgoing outgoing, String reason) {
        end(outgoing, CallbackState.DEAD, reason);
    }

    private void end(Outgoing outgoing, CallbackState state, @Nullable String error) {
        database.sql()
                .update(CALLBACK)
                .set(CALLBACK.STATE, state)
                .set(CALLBACK.ENDED_AT, clock.instant())
                .set(CALLBACK.LAST_ERROR, shortened(error))
                .setNull(CALLBACK.LEASE_UNTIL)
                .where(CALLBACK.ID.eq(outgoing.id()), CALLBACK.STATE.eq(CallbackState.PENDING))
                .execute();
    }

    /** @return false where it was tried for so long that it is given up */
    boolean postpone(Outgoing outgoing, String reason, BackOff pauses, Duration least) {
        Instant now = clock.instant();
        if (!now.isBefore(outgoing.triedUntil())) {
            giveUp(outgoing, reason);
            return false;
        }
        long jitter = Math.floorMod(outgoing.id().getLeastSignificantBits(), 1_000L);
        Instant next =
                now.plus(longer(pauses.after(outgoing.attempts()), least)).plusMillis(jitter);
        database.sql()
                .update(CALLBACK)
                .set(CALLBACK.NEXT_TRY_AT, next)
                .set(CALLBACK.LAST_ERROR, shortened(reason))
                .setNull(CALLBACK.LEASE_UNTIL)
                .where(CALLBACK.ID.eq(outgoing.id()), CALLBACK.STATE.eq(CallbackState.PENDING))
                .execute();
        return true;
    }

    /** It could not be reached: the message is tried again as often as its address is. */
    boolean postponeAway(Outgoing outgoing, String reason) {
        return postpone(outgoing, reason, AWAY, Duration.ZERO);
    }

    /** It answered, though not well: the message waits longer and longer. @param least for which it asked */
    boolean postpone(Outgoing outgoing, String reason, Duration least) {
        return postpone(outgoing, reason, BACK_OFF, least);
    }

    /** The address took or refused a message: it is there. */
    void cameThrough(Outgoing outgoing) {
        database.sql()
                .deleteFrom(CALLBACK_TROUBLE)
                .where(CALLBACK_TROUBLE.PARTNER_ID.eq(outgoing.partnerId()))
                .and(CALLBACK_TROUBLE.ADDRESS.eq(outgoing.address()))
                .execute();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Gives those back that were taken and not tried; they keep their place. */
    void release(List<Outgoing> untried) {
        if (!untried.isEmpty()) {
            database.sql()
                    .update(CALLBACK)
                    .setNull(CALLBACK.LEASE_UNTIL)
                    .set(CALLBACK.ATTEMPTS, CALLBACK.ATTEMPTS.minus(1))
                    .where(CALLBACK.ID.in(untried.stream().map(Outgoing::id).toList()))
                    .and(CALLBACK.STATE.eq(CallbackState.PENDING))
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
            CallbackState state,
            int attempts,
            @Nullable String lastError,
            @Nullable String dropReason,
            Instant createdAt,
            Instant nextTryAt) {}

    /** Filters: partner (its id), state, address (host and port). */
    public Page<Row> page(Actor actor, PageRequest request) {
        actor.require(ExchangePermission.VIEW);
        Condition condition = DSL.noCondition();
        if (!request.filter("partner").isEmpty()) {
            condition = condition.and(CALLBACK.PARTNER_ID.cast(String.class).eq(request.filter("partner")));
        }
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(CALLBACK.STATE.coerce(String.class).eq(request.filter("state")));
        }
        if (!request.filter("address").isEmpty()) {
            condition =
                    condition.and(CALLBACK.ADDRESS.eq(request.filter("address").toLowerCase(Locale.ROOT)));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(CALLBACK.asterisk(), PARTNER.NAME),
                        CALLBACK.join(PARTNER).on(PARTNER.ID.eq(CALLBACK.PARTNER_ID)),
                        condition,
                        request)
                .map(Callbacks::row);
    }

    /** @throws Problem where there is none of that id */
    Row show(Actor actor, UUID id) {
        actor.require(ExchangePermission.VIEW);
        return database.sql()
                .select(CALLBACK.asterisk(), PARTNER.NAME)
                .from(CALLBACK.join(PARTNER).on(PARTNER.ID.eq(CALLBACK.PARTNER_ID)))
                .where(CALLBACK.ID.eq(id))
                .fetchOptional(Callbacks::row)
                .orElseThrow(() -> Problem.of(ExchangeProblem.CALLBACK_UNKNOWN));
    }

    private static Row row(Record row) {
        return new Row(
                row.get(CALLBACK.ID),
                row.get(CALLBACK.PARTNER_ID),
                row.get(PARTNER.NAME),
                row.get(CALLBACK.ACTION),
                row.get(CALLBACK.TARGET),
                row.get(CALLBACK.STATE),
                row.get(CALLBACK.ATTEMPTS),
                row.get(CALLBACK.LAST_ERROR),
                row.get(CALLBACK.DROP_REASON),
                row.get(CALLBACK.CREATED_AT),
                row.get(CALLBACK.NEXT_TRY_AT));
    }

    /** Gives up what was tried for long enough, and forgets what ended long ago. */
    public void forgetOld() {
        Instant now = clock.instant();
        database.sql()
                .update(CALLBACK)
                .set(CALLBACK.STATE, CallbackState.DEAD)
                .set(CALLBACK.ENDED_AT, now)
                .where(CALLBACK.STATE.eq(CallbackState.PENDING), CALLBACK.TRIED_UNTIL.lt(now))
                .and(CALLBACK.LEASE_UNTIL.isNull().or(CALLBACK.LEASE_UNTIL.lt(now)))
                .execute();
        database.sql()
                .deleteFrom(CALLBACK)
                .where(CALLBACK.STATE.ne(CallbackState.PENDING), CALLBACK.ENDED_AT.lt(now.minus(KEPT)))
                .execute();
        database.sql()
                .deleteFrom(CALLBACK_TROUBLE)
                .whereNotExists(DSL.selectOne()
                        .from(CALLBACK)
                        .where(CALLBACK.PARTNER_ID.eq(CALLBACK_TROUBLE.PARTNER_ID))
                        .and(CALLBACK.ADDRESS.eq(CALLBACK_TROUBLE.ADDRESS))
                        .and(CALLBACK.STATE.eq(CallbackState.PENDING)))
                .execute();
    }
}
