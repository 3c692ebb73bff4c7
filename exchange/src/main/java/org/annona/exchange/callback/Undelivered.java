package org.annona.exchange.callback;

import static org.annona.exchange.internal.tables.Tables.CALLBACK;
import static org.annona.exchange.internal.tables.Tables.CALLBACK_TROUBLE;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.internal.tables.states.CallbackState;
import org.annona.exchange.partner.SilentAddress;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.problem.Problem;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Messages that partners have not taken, address by address, and what people do about them. */
public final class Undelivered {

    /** Of which more are counted than listed on a page. */
    private static final int MOST_TROUBLES = 200;

    private static final int LONGEST_REASON = 500;
    private static final SqlFile TROUBLED = SqlFile.beside(Undelivered.class, "troubled-addresses.sql");

    private final Database database;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("exchange");

    public Undelivered(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** How many were given up and wait for a person. */
    public long dead() {
        return database.sql().fetchCount(CALLBACK, CALLBACK.STATE.eq(CallbackState.DEAD));
    }

    /** Lets one that was given up be tried again. */
    public void revive(Actor actor, UUID id) {
        actor.require(ExchangePermission.MANAGE);
        database.transact(tx -> {
            int revived = tx.update(CALLBACK)
                    .set(CALLBACK.STATE, CallbackState.PENDING)
                    .set(CALLBACK.ATTEMPTS, 0)
                    .set(CALLBACK.NEXT_TRY_AT, clock.instant())
                    .set(CALLBACK.TRIED_UNTIL, clock.instant().plus(Callbacks.TRIED))
                    .setNull(CALLBACK.ENDED_AT)
                    .where(CALLBACK.ID.eq(id), CALLBACK.STATE.eq(CallbackState.DEAD))
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
            int dropped = drop(tx, actor, why, CALLBACK.ID.eq(id).and(CALLBACK.STATE.eq(CallbackState.DEAD)));
            if (dropped == 0) {
                throw Problem.of(ExchangeProblem.CALLBACK_NOT_DEAD);
            }
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.callback.drop", "callback/" + id)
                            .forReason(why));
        });
    }

    private int drop(DSLContext tx, Actor actor, String reason, Condition which) {
        return tx.update(CALLBACK)
                .set(CALLBACK.STATE, CallbackState.DROPPED)
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
                            DSL.when(CALLBACK.STATE.eq(CallbackState.DEAD), 0).otherwise(CALLBACK.ATTEMPTS))
                    .set(CALLBACK.STATE, CallbackState.PENDING)
                    .set(CALLBACK.NEXT_TRY_AT, now)
                    .set(CALLBACK.TRIED_UNTIL, now.plus(Callbacks.TRIED))
                    .setNull(CALLBACK.ENDED_AT)
                    .where(at(partner, address), CALLBACK.STATE.in(CallbackState.PENDING, CallbackState.DEAD))
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
                            .and(CALLBACK.STATE.in(CallbackState.PENDING, CallbackState.DEAD))
                            .and(CALLBACK.CREATED_AT.le(seenAt))
                            .and(CALLBACK.LEASE_UNTIL.isNull().or(CALLBACK.LEASE_UNTIL.lt(now))));
            tx.deleteFrom(CALLBACK_TROUBLE)
                    .where(CALLBACK_TROUBLE.PARTNER_ID.eq(partner), CALLBACK_TROUBLE.ADDRESS.eq(address))
                    .andNotExists(DSL.selectOne()
                            .from(CALLBACK)
                            .where(at(partner, address), CALLBACK.STATE.eq(CallbackState.PENDING)))
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "exchange.callback.drop", "partner/" + partner)
                            .with("address", address)
                            .with("messages", messages)
                            .forReason(why));
            return messages;
        });
    }
}
