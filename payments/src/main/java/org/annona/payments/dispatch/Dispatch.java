package org.annona.payments.dispatch;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.money.Money;
import org.annona.foundation.retry.BackOff;
import org.annona.payments.PaymentKeys;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.internal.tables.tables.records.AttemptRecord;
import org.annona.payments.internal.tables.tables.records.BatchRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.PaymentMessage;
import org.annona.payments.rail.Rail;
import org.annona.payments.restored.Restored;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends payments, each at most once. The order of things is the safety: the attempt and its reference are committed, then
 * that it is being sent together with the money in flight, and only then a byte leaves. Whatever happens afterwards, the
 * database knows that it may have left.
 */
public final class Dispatch {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final SqlFile POST_SEND = SqlFile.beside(Dispatch.class, "post-send.sql");
    private static final SqlFile MARK_SENDING = SqlFile.beside(Dispatch.class, "mark-sending.sql");

    private final Database database;
    private final Rail rail;
    private final Outcomes outcomes;
    private final PaymentKeys keys;
    private final PaymentsSettings settings;
    private final Clock clock;

    public Dispatch(
            Database database, Rail rail, Outcomes outcomes, PaymentKeys keys, PaymentsSettings settings, Clock clock) {
        this.database = database;
        this.rail = rail;
        this.outcomes = outcomes;
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    /** What came of asking for the next message to be sent. */
    public sealed interface Sent {

        record Batch(int items) implements Sent {}

        /** Nothing is left to be sent. */
        record Nothing() implements Sent {}

        /** The bank is away; nothing was lost and nothing is in doubt. */
        record Postponed(Duration pause, String reason) implements Sent {}
    }

    /** Sends one message of the envelope: one that was prepared before, or a new one. */
    public Sent sendNext(UUID envelopeId) {
        if (Restored.waits(database.sql())) {
            return new Sent.Postponed(settings.pauses().funds(), Restored.WAITS);
        }
        BatchRecord batch = prepared(envelopeId);
        if (batch == null) {
            batch = prepare(envelopeId);
        }
        if (batch == null) {
            return new Sent.Nothing();
        }
        BatchRecord sending = claim(batch, "prepared");
        if (sending == null) {
            return new Sent.Batch(0);
        }
        Answer answer = isShown(sending)
                ? new Answer.NoAnswer("a statement shows it already: explain its lines")
                : submit(sending);
        outcomes.record(sending, answer);
        return answer instanceof Answer.NotSent away
                ? new Sent.Postponed(pause(sending), "the bank is away: " + away.reason())
                : new Sent.Batch(sending.getItemCount());
    }

    /** Grows from attempt to attempt, because each is written down in the ledger and taken back again. */
    private Duration pause(BatchRecord batch) {
        return BackOff.doubling(settings.pauses().bankAway(), LONGEST_PAUSE).after(batch.getQueries() + 1);
    }

    private @Nullable BatchRecord prepared(UUID envelopeId) {
        return database.sql()
                .selectFrom(BATCH)
                .where(BATCH.ENVELOPE_ID.eq(envelopeId), BATCH.STATE.eq("prepared"))
                .orderBy(BATCH.CREATED_AT)
                .limit(1)
                .fetchOne();
    }

    /** @param reference the same whenever this attempt is made, also by an installation that a backup has forgotten */
    private record Ready(
            UUID id,
            int number,
            long amountMinor,
            String scheme,
            String provider,
            byte[] sealedAccount,
            String reference) {}

    /** Commits a message with its attempts: reference, amount and bytes are fixed from here on. */
    private @Nullable BatchRecord prepare(UUID envelopeId) {
        return database.<Optional<BatchRecord>>inTransaction(tx -> {
                    // One message of an envelope at a time, so that each sees which payments the one before took.
                    EnvelopeRecord envelope = tx.selectFrom(ENVELOPE)
                            .where(ENVELOPE.ID.eq(envelopeId))
                            .forNoKeyUpdate()
                            .fetchSingle();
                    List<Ready> ready = shownOrFresh(tx, ready(tx, envelope));
                    if (ready.isEmpty()) {
                        return Optional.empty();
                    }
                    UUID batchId = Ids.next();
                    String messageId = "AN" + RailReference.next();
                    List<AttemptRecord> attempts = new ArrayList<>(ready.size());
                    List<PaymentMessage.Item> items = new ArrayList<>(ready.size());
                    long total = 0;
                    for (Ready one : ready) {
                        AttemptRecord attempt = attempt(batchId, one);
                        attempts.add(attempt);
                        items.add(new PaymentMessage.Item(
                                attempt.getReference(),
                                Money.of(one.amountMinor(), envelope.getCurrency()),
                                one.scheme(),
                                one.provider(),
                                keys.openAccount(one.id(), one.sealedAccount())));
                        total = Math.addExact(total, one.amountMinor());
                    }
                    byte[] message = rail.message(new PaymentMessage(
                            messageId,
                            clock.instant(),
                            envelope.getPayOn(),
                            envelope.getCurrency(),
                            items,
                            envelope.getProgrammeName() + " " + envelope.getCycleCode()));
                    BatchRecord batch = tx.newRecord(BATCH);
                    batch.setId(batchId);
                    batch.setEnvelopeId(envelopeId);
                    batch.setMessageId(messageId);
                    batch.setAccount(LedgerAccounts.inFlight(tx, rail.name(), messageId, envelope.getCurrency()));
                    batch.setItemCount(items.size());
                    batch.setTotalMinor(total);
                    batch.setPayloadSealed(keys.sealMessage(batchId, message));
                    batch.setPayloadHash(RowDigest.ofBytes(message));
                    batch.setState("prepared");
                    batch.insert();
                    tx.batchInsert(attempts).execute();
                    return Optional.of(batch);
                })
                .orElse(null);
    }

    private static AttemptRecord attempt(UUID batchId, Ready one) {
        AttemptRecord attempt = new AttemptRecord();
        attempt.setId(Ids.next());
        attempt.setDisbursementId(one.id());
        attempt.setNumber(one.number());
        attempt.setBatchId(batchId);
        attempt.setReference(one.reference());
        attempt.setAmountMinor(one.amountMinor());
        attempt.setState("prepared");
        return attempt;
    }

    /** Locked, so that two processes never prepare the same payment; those that are in a prepared message are left out. */
    private List<Ready> ready(DSLContext tx, EnvelopeRecord envelope) {
        UUID envelopeId = envelope.getId();
        Field<Integer> earlier = field(select(coalesce(max(ATTEMPT.NUMBER), 0))
                .from(ATTEMPT)
                .where(ATTEMPT.DISBURSEMENT_ID.eq(DISBURSEMENT.ID)));
        return tx.select(
                        DISBURSEMENT.ID,
                        earlier,
                        DISBURSEMENT.AMOUNT_MINOR.minus(DISBURSEMENT.SETTLED_MINOR),
                        DISBURSEMENT.FA_SCHEME,
                        DISBURSEMENT.FA_PROVIDER,
                        DISBURSEMENT.FA_SEALED,
                        DISBURSEMENT.LINE_KEY)
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ENVELOPE_ID.eq(envelopeId), DISBURSEMENT.STATE.eq("ready"))
                .andNotExists(tx.selectOne()
                        .from(ATTEMPT)
                        .where(ATTEMPT.DISBURSEMENT_ID.eq(DISBURSEMENT.ID), ATTEMPT.STATE.eq("prepared")))
                .orderBy(DISBURSEMENT.ID)
                .limit(settings.itemsPerMessage())
                .forUpdate()
                .of(DISBURSEMENT)
                .skipLocked()
                .fetch(row -> new Ready(
                        row.value1(),
                        row.value2() + 1,
                        row.value3(),
                        String.valueOf(row.value4()),
                        String.valueOf(row.value5()),
                        row.value6(),
                        RailReference.of(keys.reference(envelope.getKey(), row.value7(), row.value2() + 1))));
    }

    /**
     * A backup forgets what was sent after it, and a statement shows it without a payment of ours. Such payments get a message of their
     * own, which is not sent: they are in doubt until people explain the lines.
     */
    private static List<Ready> shownOrFresh(DSLContext tx, List<Ready> ready) {
        Set<String> shown = tx.select(STATEMENT_LINE.REFERENCE)
                .from(STATEMENT_LINE)
                .where(STATEMENT_LINE.OPEN_MINOR.gt(0L), STATEMENT_LINE.CREDIT.isFalse())
                .and(STATEMENT_LINE.REFERENCE.in(
                        ready.stream().map(Ready::reference).toList()))
                .fetchSet(STATEMENT_LINE.REFERENCE);
        return shown.isEmpty()
                ? ready
                : ready.stream().filter(one -> shown.contains(one.reference())).toList();
    }

    /**
     * Whether the bank knows a payment of the message: a line that nobody has explained stands under its reference or the id of the
     * message. Money that came back counts too, because its debit may follow.
     */
    boolean isShown(BatchRecord batch) {
        return database.sql()
                .fetchExists(
                        STATEMENT_LINE,
                        STATEMENT_LINE
                                .OPEN_MINOR
                                .gt(0L)
                                .and(STATEMENT_LINE
                                        .REFERENCE
                                        .eq(batch.getMessageId())
                                        .or(STATEMENT_LINE.REFERENCE.in(select(ATTEMPT.REFERENCE)
                                                .from(ATTEMPT)
                                                .where(ATTEMPT.BATCH_ID.eq(batch.getId()))))));
    }

    /**
     * Commits that the message is being sent, with the money in flight; only the one process that succeeds may send, and
     * only until its lease ends.
     *
     * @param from the state in which the message has to be
     * @return the message, or null where another process was faster
     */
    @Nullable
    BatchRecord claim(BatchRecord known, String from) {
        UUID batchId = known.getId();
        return database.<Optional<BatchRecord>>inTransaction(tx -> {
                    Instant now = Database.now(tx);
                    BatchRecord batch = tx.update(BATCH)
                            .set(BATCH.STATE, "sending")
                            .set(BATCH.FENCE, BATCH.FENCE.plus(1))
                            .set(BATCH.LEASE_UNTIL, now.plus(lease()))
                            .set(BATCH.SENT_AT, now)
                            .set(BATCH.SUBMISSIONS, BATCH.SUBMISSIONS.plus(1))
                            .set(BATCH.QUERIES, from.equals("unknown") ? val(0) : BATCH.QUERIES)
                            .set(BATCH.NEXT_QUERY_AT, now.plus(lease()))
                            .where(BATCH.ID.eq(batchId), BATCH.STATE.eq(from), BATCH.FENCE.eq(known.getFence()))
                            // Whatever is known of one payment forbids to send the message that holds it.
                            .and(notExists(selectOne()
                                    .from(ATTEMPT)
                                    .where(ATTEMPT.BATCH_ID.eq(batchId), ATTEMPT.STATE.ne(from))))
                            .returning()
                            .fetchOne();
                    if (batch == null) {
                        return Optional.empty();
                    }
                    Map<String, Object> values = Map.of("batch", batchId, "from", from);
                    MARK_SENDING.run(tx, values);
                    if (from.equals("prepared")) {
                        EnvelopeRecord envelope = tx.fetchSingle(ENVELOPE, ENVELOPE.ID.eq(batch.getEnvelopeId()));
                        POST_SEND.run(
                                tx,
                                Map.of(
                                        "batch",
                                        batchId,
                                        "committed",
                                        LedgerAccounts.committed(tx, envelope.getId(), envelope.getCurrency())));
                    }
                    return Optional.of(batch);
                })
                .orElse(null);
    }

    /** Long enough for the slowest answer, and then for the process to record it. */
    private Duration lease() {
        return settings.bankTimeout().multipliedBy(2).plusSeconds(10);
    }

    /** Sends what was claimed, unless this process was paused so long that others may already be asking about it. */
    Answer submit(BatchRecord batch) {
        byte[] message = keys.openMessage(batch.getId(), batch.getPayloadSealed());
        if (!Arrays.equals(RowDigest.ofBytes(message), batch.getPayloadHash())) {
            throw new IllegalStateException(
                    "the bytes of message " + batch.getMessageId() + " are not the prepared ones");
        }
        Instant latest = Objects.requireNonNull(batch.getLeaseUntil()).minus(settings.bankTimeout());
        if (Database.now(database.sql()).isAfter(latest)) {
            LOG.warn("message {} is not sent: this process was paused for too long", batch.getMessageId());
            return new Answer.NoAnswer("not sent in time");
        }
        return rail.submit(batch.getMessageId(), message);
    }
}
