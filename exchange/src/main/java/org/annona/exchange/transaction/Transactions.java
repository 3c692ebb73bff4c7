package org.annona.exchange.transaction;

import static org.annona.exchange.internal.tables.Tables.RECEIVED_MESSAGE;
import static org.annona.exchange.internal.tables.Tables.SUBSCRIPTION;
import static org.annona.exchange.internal.tables.Tables.TRANSACTION;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.internal.tables.states.TransactionState;
import org.annona.exchange.internal.tables.tables.records.TransactionRecord;
import org.annona.exchange.partner.Partner;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.lease.Leases;
import org.annona.foundation.retry.BackOff;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.status.StatusRequest;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The messages that ask for something: taken once, answered sooner or later, and kept for a while to be asked about. */
public final class Transactions {

    private static final SqlFile TAKE = SqlFile.beside(Transactions.class, "take-message.sql");
    private static final String REQUEST = "exchange.transaction.request_sealed";
    private static final String ANSWER = "exchange.transaction.answer_sealed";
    private static final Leases<TransactionRecord> LEASES = new Leases<>(
            TRANSACTION,
            TRANSACTION.ID,
            TRANSACTION.NEXT_TRY_AT,
            TRANSACTION.ATTEMPTS,
            TRANSACTION.LEASE_UNTIL,
            Duration.ofMinutes(5));
    private static final BackOff BACK_OFF = BackOff.doubling(Duration.ofSeconds(2), Duration.ofMinutes(10));
    /** Longer than any signature lives (DCI reference R12.14). */
    private static final Duration IDS_KEPT = Duration.ofHours(48);

    private static final int MOST_TOLD = 100;

    private final Database database;
    private final Sealer sealer;
    private final Duration keepAnswers;
    private final Clock clock;

    public Transactions(Database database, Keyring keyring, Duration keepAnswers, Clock clock) {
        this.database = database;
        this.sealer = keyring.sealer("exchange");
        this.keepAnswers = keepAnswers;
        this.clock = clock;
    }

    /**
     * A message that came and was verified.
     *
     * @param references of its items
     * @param replyTo where its answer is wanted; null where its status will be asked for
     * @param encrypted whether its answer has to be
     * @param message as it was understood
     */
    public record Arrival(
            Partner partner,
            String registry,
            Operation operation,
            String transactionId,
            String correlationId,
            Collection<String> references,
            @Nullable String replyTo,
            boolean encrypted,
            JsonNode message) {}

    /** A message that waits for its answer, or has it. */
    public record Stored(
            UUID id,
            UUID partnerId,
            String registry,
            String action,
            String transactionId,
            String correlationId,
            @Nullable String replyTo,
            boolean encrypted,
            MessageStatus status,
            int attempts,
            @Nullable JsonNode request,
            @Nullable ObjectNode answer,
            @Nullable Long rulesKey) {

        public Stored with(ObjectNode other) {
            return new Stored(
                    id,
                    partnerId,
                    registry,
                    action,
                    transactionId,
                    correlationId,
                    replyTo,
                    encrypted,
                    status,
                    attempts,
                    request,
                    other,
                    rulesKey);
        }

        @Override
        public String toString() {
            return "Stored[" + action + " " + id + "]";
        }
    }

    /** Whether the partner has not sent a message of that id before; from now on it has (DCI reference R12.14). */
    public boolean isFirst(DSLContext tx, Partner partner, String messageId) {
        return tx.insertInto(RECEIVED_MESSAGE)
                        .set(RECEIVED_MESSAGE.PARTNER_ID, partner.id())
                        .set(RECEIVED_MESSAGE.MESSAGE_HASH, RowDigest.ofText(messageId))
                        .set(RECEIVED_MESSAGE.AT, clock.instant())
                        .onConflictDoNothing()
                        .execute()
                > 0;
    }

    /** Whether it was received before, for what takes effect before its id can be kept. */
    public boolean isKnown(Partner partner, String messageId) {
        return database.sql()
                .fetchExists(
                        RECEIVED_MESSAGE,
                        RECEIVED_MESSAGE.PARTNER_ID.eq(partner.id()),
                        RECEIVED_MESSAGE.MESSAGE_HASH.eq(RowDigest.ofText(messageId)));
    }

    /**
     * Takes a message whose answer follows.
     *
     * @return false where the partner has sent one of that id before; then nothing is taken
     */
    public boolean open(DSLContext tx, String messageId, Arrival arrival) {
        return take(tx, messageId, arrival, null);
    }

    /**
     * Keeps a message together with the answer that it gets at once.
     *
     * @return false where the partner has sent one of that id before; then nothing is kept
     */
    public boolean keep(DSLContext tx, String messageId, Arrival arrival, Answer answer) {
        return take(tx, messageId, arrival, answer);
    }

    private boolean take(DSLContext tx, String messageId, Arrival arrival, @Nullable Answer answer) {
        UUID id = Ids.next();
        MessageStatus status = answer == null ? MessageStatus.RECEIVED : answer.status();
        Map<String, Object> values = new HashMap<>();
        values.put("message_hash", RowDigest.ofText(messageId));
        values.put("now", clock.instant().atOffset(ZoneOffset.UTC));
        values.put("id", id);
        values.put("partner", arrival.partner().id());
        values.put("registry", arrival.registry());
        values.put("action", arrival.operation().action());
        values.put("transaction_id", arrival.transactionId());
        values.put("correlation_id", arrival.correlationId());
        values.put("reference_keys", SqlFile.column("int8", List.of(keys(arrival.references())), key -> key));
        values.put("reply_to", arrival.replyTo());
        values.put("encrypted", arrival.encrypted());
        values.put("request", seal(REQUEST, id, arrival.message()));
        values.put("answer", answer == null ? null : seal(ANSWER, id, answer.message()));
        values.put("rules_key", answer == null ? null : answer.rulesKey());
        values.put("state", status.code());
        return TAKE.run(tx, values) > 0;
    }

    private byte[] seal(String column, UUID id, JsonNode json) {
        return sealer.seal(column, id, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Long[] keys(Collection<String> references) {
        return references.stream().map(Transactions::key).distinct().toArray(Long[]::new);
    }

    /** Reference ids may be of any length and hold anything, so that only a hash is looked up. */
    private static long key(String reference) {
        return ByteBuffer.wrap(RowDigest.ofText(reference)).getLong();
    }

    /**
     * Takes some that are due for this process; when it dies, another one takes them later.
     *
     * @param busy partners whose turn it is not
     */
    public List<Stored> lease(Set<UUID> busy, int most) {
        Condition turn = TRANSACTION.FINISHED_AT.isNull().and(TRANSACTION.PARTNER_ID.notIn(busy));
        Map<Field<TransactionState>, TransactionState> pending = Map.of(TRANSACTION.STATE, TransactionState.PDNG);
        return database.inTransaction(
                tx -> LEASES.take(tx, clock.instant(), turn, most, pending).map(this::stored));
    }

    /** @return false where it was answered meanwhile by another process; then nothing of this answer may take effect */
    public boolean finish(DSLContext tx, Stored stored, Answer answer) {
        return tx.update(TRANSACTION)
                        .set(
                                TRANSACTION.STATE,
                                TransactionState.of(answer.status().code()))
                        .set(TRANSACTION.ANSWER_SEALED, seal(ANSWER, stored.id(), answer.message()))
                        .set(TRANSACTION.RULES_KEY, answer.rulesKey())
                        .set(TRANSACTION.FINISHED_AT, clock.instant())
                        .setNull(TRANSACTION.LEASE_UNTIL)
                        .where(TRANSACTION.ID.eq(stored.id()), TRANSACTION.FINISHED_AT.isNull())
                        .execute()
                > 0;
    }

    /** It cannot be answered now; until it can, its status is pending. */
    public void postpone(Stored stored) {
        database.sql()
                .update(TRANSACTION)
                .set(TRANSACTION.NEXT_TRY_AT, clock.instant().plus(BACK_OFF.after(stored.attempts())))
                .setNull(TRANSACTION.LEASE_UNTIL)
                .where(TRANSACTION.ID.eq(stored.id()), TRANSACTION.FINISHED_AT.isNull())
                .execute();
    }

    /** The partner's own transactions, newest first; what others asked is not there for it (DCI reference R10.16). */
    public List<Stored> find(UUID partner, StatusRequest.By by, List<String> values) {
        Condition wanted = switch (by) {
            case TRANSACTION_ID -> TRANSACTION.TRANSACTION_ID.in(values);
            case CORRELATION_ID -> TRANSACTION.CORRELATION_ID.in(values);
            case REFERENCE_ID_LIST -> DSL.arrayOverlap(TRANSACTION.REFERENCE_KEYS, keys(values));
            case SUBSCRIPTION_CODE_LIST ->
                TRANSACTION
                        .ACTION
                        .eq(Operation.SUBSCRIBE.action())
                        .and(DSL.exists(DSL.selectOne()
                                .from(SUBSCRIPTION)
                                .where(SUBSCRIPTION.PARTNER_ID.eq(partner), SUBSCRIPTION.CODE.in(values))
                                .and(SUBSCRIPTION.CORRELATION_ID.eq(TRANSACTION.CORRELATION_ID))));
        };
        return database.sql()
                .selectFrom(TRANSACTION)
                .where(TRANSACTION.PARTNER_ID.eq(partner), wanted)
                .and(TRANSACTION.ACTION.ne(Operation.TXN_STATUS.action()))
                .orderBy(TRANSACTION.RECEIVED_AT.desc(), TRANSACTION.ID)
                .limit(MOST_TOLD)
                .fetch(this::stored);
    }

    private Stored stored(TransactionRecord row) {
        return new Stored(
                row.getId(),
                row.getPartnerId(),
                row.getRegistry(),
                row.getAction(),
                row.getTransactionId(),
                row.getCorrelationId(),
                row.getReplyTo(),
                row.getEncrypted(),
                MessageStatus.of(row.getState().code()).orElseThrow(),
                row.getAttempts(),
                open(REQUEST, row.getId(), row.getRequestSealed()),
                (ObjectNode) open(ANSWER, row.getId(), row.getAnswerSealed()),
                row.getRulesKey());
    }

    private @Nullable JsonNode open(String column, UUID id, byte @Nullable [] sealed) {
        return sealed == null ? null : JsonMapper.shared().readTree(sealer.open(column, id, sealed));
    }

    /** Forgets what was asked and answered, after the time that was agreed, and old message ids. */
    public void forgetOld() {
        Instant now = clock.instant();
        database.sql()
                .deleteFrom(TRANSACTION)
                .where(TRANSACTION.FINISHED_AT.lt(now.minus(keepAnswers)))
                .execute();
        database.sql()
                .deleteFrom(RECEIVED_MESSAGE)
                .where(RECEIVED_MESSAGE.AT.lt(now.minus(IDS_KEPT)))
                .execute();
    }
}
