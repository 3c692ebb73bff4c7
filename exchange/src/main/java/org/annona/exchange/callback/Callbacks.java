package org.annona.exchange.callback;

import static org.annona.exchange.internal.tables.Tables.CALLBACK;
import static org.annona.exchange.internal.tables.Tables.CALLBACK_TROUBLE;
import static org.annona.exchange.internal.tables.Tables.PARTNER;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.internal.tables.tables.records.CallbackRecord;
import org.annona.exchange.partner.SilentAddress;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.http.Origin;
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
    /** In seconds. An address that is away is tried again as often as that, with one message. */
    private static final long LONGEST_SILENCE = 60;

    private static final Duration TRIED = Duration.ofDays(3);
    /** Of which more are counted than listed on a page. */
    private static final int MOST_TROUBLES = 200;

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int LONGEST_ERROR = 300;
    private static final int LONGEST_REASON = 500;
    private static final SqlFile ADDRESSES_DUE = SqlFile.beside(Callbacks.class, "addresses-due.sql");
    private static final SqlFile TAKE = SqlFile.beside(Callbacks.class, "lease.sql");
    private static final SqlFile NOTE_TROUBLE = SqlFile.beside(Callbacks.class, "note-trouble.sql");
    private static final SqlFile TROUBLED = SqlFile.beside(Callbacks.class, "troubled-addresses.sql");
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
        OffsetDateTime now = now();
        return database.inTransaction(tx -> TAKE.list(
                tx,
                Map.of("partner", partner, "address", address, "now", now, "until", now.plus(LEASE), "most", most),
                (row, number) -> outgoing(row)));
    }

    private Outgoing outgoing(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        return new Outgoing(
                id,
                row.getObject("partner_id", UUID.class),
                row.getString("registry"),
                row.getString("action"),
                row.getString("target"),
                row.getString("address"),
                JsonMapper.shared().readValue(row.getString("header"), Facts.class),
                (ObjectNode) JsonMapper.shared().readTree(sealer.open(MESSAGE, id, row.getBytes("message_sealed"))),
                row.getBoolean("encrypted"),
                row.getInt("attempts"),
                row.getTimestamp("tried_until").toInstant(),
                row.getString("subscription"));
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

    /** @return false where it was tried for so long that it is given up */
    boolean postpone(Outgoing outgoing, String reason, Duration most, Duration least) {
        Instant now = clock.instant();
        if (!now.isBefore(outgoing.triedUntil())) {
            giveUp(outgoing, reason);
            return false;
        }
        long seconds = Math.min(most.toSeconds(), 1L << Math.min(outgoing.attempts(), 10));
        long jitter = Math.floorMod(outgoing.id().getLeastSignificantBits(), 1_000L);
        Instant next = now.plus(longer(Duration.ofSeconds(seconds), least)).plusMillis(jitter);
        database.sql()
                .update(CALLBACK)
                .set(CALLBACK.NEXT_TRY_AT, next)
                .set(CALLBACK.LAST_ERROR, shortened(reason))
                .setNull(CALLBACK.LEASE_UNTIL)
                .where(CALLBACK.ID.eq(outgoing.id()), CALLBACK.STATE.eq("pending"))
                .execute();
        return true;
    }

    /** It could not be reached: the message is tried again as often as its address is. */
    boolean postponeAway(Outgoing outgoing, String reason) {
        return postpone(outgoing, reason, Duration.ofSeconds(LONGEST_SILENCE), Duration.ZERO);
    }

    /** It answered, though not well: the message waits longer and longer. @param least for which it asked */
    boolean postpone(Outgoing outgoing, String reason, Duration least) {
        return postpone(outgoing, reason, LONGEST_PAUSE, least);
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
            condition = condition.and(CALLBACK.STATE.eq(request.filter("state")));
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
                .map(row -> new Row(
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
                    .set(CALLBACK.TRIED_UNTIL, clock.instant().plus(TRIED))
                    .setNull(CALLBACK.ENDED_AT)
                    .where(CALLBACK.ID.eq(id), CALLBACK.STATE.eq("dead"))
                    .execute();
            if (revived == 0) {
                throw Problem.of(ExchangeProblem.CALLBACK_NOT_DEAD);
            }
            audit.append(tx, AuditEvent.of(actor.name(), "exchange.callback.revive", "callback/" + id));
        });
    }

    /** Ends one that was given up for good: the partner is not told it. */
    public void drop(Actor actor, UUID id, String reason) {
        actor.require(ExchangePermission.MANAGE);
        String why = required(reason);
        database.transact(tx -> {
            int dropped = drop(tx, actor, why, CALLBACK.ID.eq(id).and(CALLBACK.STATE.eq("dead")));
            if (dropped == 0) {
                throw Problem.of(ExchangeProblem.CALLBACK_NOT_DEAD);
            }
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.callback.drop", "callback/" + id)
                            .with("reason", why));
        });
    }

    private int drop(DSLContext tx, Actor actor, String reason, Condition which) {
        return tx.update(CALLBACK)
                .set(CALLBACK.STATE, "dropped")
                .set(CALLBACK.DROPPED_BY, actor.name())
                .set(CALLBACK.DROP_REASON, reason)
                .set(CALLBACK.ENDED_AT, clock.instant())
                .where(which)
                .execute();
    }

    private static String required(String reason) {
        String why = reason.strip();
        if (why.isEmpty() || why.length() > LONGEST_REASON) {
            throw Problem.of(ExchangeProblem.REASON_NEEDED, "most", LONGEST_REASON);
        }
        return why;
    }

    /**
     * An address of a partner that does not take what is sent to it, or for which messages were given up.
     *
     * @param since when; null where it takes messages again
     * @param nextTryAt null where nothing waits
     */
    public record Trouble(
            UUID partnerId,
            String partnerName,
            String address,
            @Nullable Instant since,
            int failures,
            @Nullable String lastError,
            long waiting,
            long givenUp,
            @Nullable Instant nextTryAt) {}

    /** The longest first. @param partner null for all */
    public List<Trouble> troubles(Actor actor, @Nullable UUID partner) {
        actor.require(ExchangePermission.VIEW);
        return troubles(partner);
    }

    /** Of one partner, whose page asks whether it may be seen. */
    public List<SilentAddress> silent(UUID partner) {
        List<SilentAddress> silent = new ArrayList<>();
        for (Trouble trouble : troubles(partner)) {
            if (trouble.since() != null) {
                silent.add(new SilentAddress(
                        trouble.address(),
                        trouble.since(),
                        Objects.requireNonNullElse(trouble.lastError(), ""),
                        trouble.waiting()));
            }
        }
        return List.copyOf(silent);
    }

    private List<Trouble> troubles(@Nullable UUID partner) {
        Map<String, Object> values = new HashMap<>();
        values.put("partner", partner);
        values.put("limit", MOST_TROUBLES);
        return TROUBLED.list(
                database.sql(),
                values,
                (row, number) -> new Trouble(
                        row.getObject("partner_id", UUID.class),
                        row.getString("name"),
                        row.getString("address"),
                        instant(row, "since"),
                        row.getInt("failures"),
                        row.getString("last_error"),
                        row.getLong("waiting"),
                        row.getLong("given_up"),
                        row.getLong("waiting") == 0 ? null : instant(row, "next_try_at")));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp moment = row.getTimestamp(column);
        return moment == null ? null : moment.toInstant();
    }

    /** How many addresses do not take what is sent to them. */
    public long troubled() {
        return database.sql().fetchCount(CALLBACK_TROUBLE);
    }

    private static Condition at(UUID partner, String address) {
        return CALLBACK.PARTNER_ID.eq(partner).and(CALLBACK.ADDRESS.eq(address));
    }

    /**
     * Has everything tried now that waits for an address, and everything that was given up there.
     *
     * @return how many messages
     */
    public int sendAgain(Actor actor, UUID partner, String address) {
        actor.require(ExchangePermission.MANAGE);
        Instant now = clock.instant();
        return database.inTransaction(tx -> {
            int messages = tx.update(CALLBACK)
                    .set(
                            CALLBACK.ATTEMPTS,
                            DSL.when(CALLBACK.STATE.eq("dead"), 0).otherwise(CALLBACK.ATTEMPTS))
                    .set(CALLBACK.STATE, "pending")
                    .set(CALLBACK.NEXT_TRY_AT, now)
                    .set(CALLBACK.TRIED_UNTIL, now.plus(TRIED))
                    .setNull(CALLBACK.ENDED_AT)
                    .where(at(partner, address), CALLBACK.STATE.in("pending", "dead"))
                    .execute();
            tx.update(CALLBACK_TROUBLE)
                    .setNull(CALLBACK_TROUBLE.SILENT_UNTIL)
                    .where(CALLBACK_TROUBLE.PARTNER_ID.eq(partner), CALLBACK_TROUBLE.ADDRESS.eq(address))
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.callback.send_again", "partner/" + partner)
                            .with("address", address)
                            .with("messages", messages));
            return messages;
        });
    }

    /**
     * Ends what waits for an address, and what was given up there, for good. What is being sent at this moment is not ended.
     *
     * @param seenAt what came later was not looked at, and stays
     * @return how many messages
     */
    public int drop(Actor actor, UUID partner, String address, Instant seenAt, String reason) {
        actor.require(ExchangePermission.MANAGE);
        String why = required(reason);
        Instant now = clock.instant();
        return database.inTransaction(tx -> {
            int messages = drop(
                    tx,
                    actor,
                    why,
                    at(partner, address)
                            .and(CALLBACK.STATE.in("pending", "dead"))
                            .and(CALLBACK.CREATED_AT.le(seenAt))
                            .and(CALLBACK.LEASE_UNTIL.isNull().or(CALLBACK.LEASE_UNTIL.lt(now))));
            tx.deleteFrom(CALLBACK_TROUBLE)
                    .where(CALLBACK_TROUBLE.PARTNER_ID.eq(partner), CALLBACK_TROUBLE.ADDRESS.eq(address))
                    .andNotExists(
                            DSL.selectOne().from(CALLBACK).where(at(partner, address), CALLBACK.STATE.eq("pending")))
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.callback.drop", "partner/" + partner)
                            .with("address", address)
                            .with("messages", messages)
                            .with("reason", why));
            return messages;
        });
    }

    /** Gives up what was tried for long enough, and forgets what ended long ago. */
    public void forgetOld() {
        Instant now = clock.instant();
        database.sql()
                .update(CALLBACK)
                .set(CALLBACK.STATE, "dead")
                .set(CALLBACK.ENDED_AT, now)
                .where(CALLBACK.STATE.eq("pending"), CALLBACK.TRIED_UNTIL.lt(now))
                .and(CALLBACK.LEASE_UNTIL.isNull().or(CALLBACK.LEASE_UNTIL.lt(now)))
                .execute();
        database.sql()
                .deleteFrom(CALLBACK)
                .where(CALLBACK.STATE.ne("pending"), CALLBACK.ENDED_AT.lt(now.minus(KEPT)))
                .execute();
        database.sql()
                .deleteFrom(CALLBACK_TROUBLE)
                .whereNotExists(DSL.selectOne()
                        .from(CALLBACK)
                        .where(CALLBACK.PARTNER_ID.eq(CALLBACK_TROUBLE.PARTNER_ID))
                        .and(CALLBACK.ADDRESS.eq(CALLBACK_TROUBLE.ADDRESS))
                        .and(CALLBACK.STATE.eq("pending")))
                .execute();
    }
}
