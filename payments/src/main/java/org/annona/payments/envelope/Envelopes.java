package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;
import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.STATEMENT;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectCount;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Reasons;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.money.Money;
import org.annona.foundation.outbox.Outbox;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.Scope;
import org.annona.payments.EnvelopeProgress;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.PaymentsTopics;
import org.annona.payments.SettledTotals;
import org.annona.payments.decision.Decidable.Sight;
import org.annona.payments.dispatch.RailReference;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.internal.tables.tables.records.DisbursementRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.Ledger;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** Looks at envelopes and their payments, and acts on those that did not go through. */
public final class Envelopes {

    private static final Keyset ORDER =
            new Keyset(Map.of("created", ENVELOPE.CREATED_AT), "created", true, ENVELOPE.ID);
    private static final Keyset DISBURSEMENTS =
            new Keyset(Map.of("key", DISBURSEMENT.LINE_KEY), "key", false, DISBURSEMENT.ID);
    private static final Keyset BY_ID = new Keyset(Map.of("id", DISBURSEMENT.ID), "id", true, DISBURSEMENT.ID);
    private static final Condition UNPAID = DISBURSEMENT
            .STATE
            .eq("returned")
            .or(DISBURSEMENT.STATE.eq("rejected").and(ENVELOPE.STATE.ne(state(State.CLOSED))));
    private static final Outbox OUTBOX = new Outbox("payments");
    private static final SqlFile CLOSEABLE = SqlFile.beside(Envelopes.class, "closeable.sql");

    private final Database database;
    private final PaymentsSettings settings;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("payments");

    public Envelopes(Database database, PaymentsSettings settings, Clock clock) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    /** Payments and amounts per state. */
    public record StateCount(String state, long payments, long amountMinor, long settledMinor, long returnedMinor) {}

    /** A payment in a list. */
    public record DisbursementRow(
            UUID id,
            UUID envelopeId,
            String lineKey,
            UUID beneficiary,
            long amountMinor,
            String currency,
            String state,
            String reason,
            String reference,
            @Nullable String provider,
            long settledMinor,
            long returnedMinor) {}

    /** One attempt to pay, with the message it travelled in. */
    public record AttemptRow(
            int number,
            String reference,
            String state,
            String reason,
            long settledMinor,
            long returnedMinor,
            Instant changedAt,
            String messageId,
            String messageState,
            String messageNote,
            int queries,
            @Nullable Instant nextQueryAt) {}

    public Page<Envelope> page(Actor actor, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        Condition condition =
                request.filter("state").isEmpty() ? noCondition() : ENVELOPE.STATE.eq(request.filter("state"));
        return ORDER.page(database.sql(), List.of(ENVELOPE.fields()), ENVELOPE, condition, request)
                .map(row -> view(row.into(ENVELOPE)));
    }

    public Envelope show(Actor actor, UUID id) {
        actor.require(PaymentsPermission.VIEW);
        return database.sql()
                .selectFrom(ENVELOPE)
                .where(ENVELOPE.ID.eq(id))
                .fetchOptional(Envelopes::view)
                .orElseThrow(() -> Problem.of(PaymentsProblem.ENVELOPE_UNKNOWN));
    }

    public Optional<Envelope> findByKey(String key) {
        return database.sql().selectFrom(ENVELOPE).where(ENVELOPE.KEY.eq(key)).fetchOptional(Envelopes::view);
    }

    public List<StateCount> counts(UUID envelopeId) {
        return database.sql()
                .select(
                        DISBURSEMENT.STATE,
                        count(),
                        sum(DISBURSEMENT.AMOUNT_MINOR),
                        sum(DISBURSEMENT.SETTLED_MINOR),
                        sum(DISBURSEMENT.RETURNED_MINOR))
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ENVELOPE_ID.eq(envelopeId))
                .groupBy(DISBURSEMENT.STATE)
                .orderBy(DISBURSEMENT.STATE)
                .fetch(row -> new StateCount(
                        row.value1(),
                        row.value2(),
                        row.value3().longValueExact(),
                        row.value4().longValueExact(),
                        row.value5().longValueExact()));
    }

    /** Payments that did not go through, per state and reason. */
    Map<String, Long> reasons(UUID envelopeId) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        database.sql()
                .select(DISBURSEMENT.STATE, DISBURSEMENT.REASON, count())
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ENVELOPE_ID.eq(envelopeId), DISBURSEMENT.REASON.ne(""))
                .groupBy(DISBURSEMENT.STATE, DISBURSEMENT.REASON)
                .orderBy(count().desc())
                .limit(50)
                .forEach(row -> reasons.put(
                        EnvelopePages.words(row.value1()) + ": " + Reasons.words(row.value2()),
                        row.value3().longValue()));
        return reasons;
    }

    /** Filters: state; reason; reference. */
    Page<DisbursementRow> disbursements(Actor actor, UUID envelopeId, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        Envelope envelope = show(actor, envelopeId);
        Condition condition = DISBURSEMENT.ENVELOPE_ID.eq(envelopeId);
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(DISBURSEMENT.STATE.eq(request.filter("state")));
        }
        if (!request.filter("reason").isEmpty()) {
            condition = condition.and(DISBURSEMENT.REASON.eq(request.filter("reason")));
        }
        if (!request.filter("reference").isEmpty()) {
            condition = condition.and(
                    DISBURSEMENT.REFERENCE.eq(request.filter("reference").toUpperCase(Locale.ROOT)));
        }
        return DISBURSEMENTS
                .page(database.sql(), List.of(DISBURSEMENT.fields()), DISBURSEMENT, condition, request)
                .map(row -> view(row.into(DISBURSEMENT), envelope.currency()));
    }

    /**
     * Payments of all envelopes that were sent and whose money waits for a decision. What came back waits however long; the money of a
     * rejected payment goes back to the fund when its envelope is closed. Filter: state.
     */
    Page<DisbursementRow> unpaid(Actor actor, PageRequest request) {
        return ofAllEnvelopes(actor, UNPAID, request);
    }

    /** Payments of all envelopes. Filters: state; reference; beneficiary (the identifier of the person). */
    Page<DisbursementRow> payments(Actor actor, PageRequest request) {
        Condition condition = noCondition();
        if (!request.filter("reference").isEmpty()) {
            condition = DISBURSEMENT.REFERENCE.eq(
                    RailReference.read(request.filter("reference")).orElse(request.filter("reference")));
        }
        if (!request.filter("beneficiary").isEmpty()) {
            condition = condition.and(beneficiary(request.filter("beneficiary")));
        }
        return ofAllEnvelopes(actor, condition, request);
    }

    private static Condition beneficiary(String text) {
        try {
            return DISBURSEMENT.BENEFICIARY.eq(UUID.fromString(text.strip()));
        } catch (IllegalArgumentException malformed) {
            return falseCondition();
        }
    }

    private Page<DisbursementRow> ofAllEnvelopes(Actor actor, Condition which, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        Condition condition = which;
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(DISBURSEMENT.STATE.eq(request.filter("state")));
        }
        List<Field<?>> fields = new ArrayList<>(List.of(DISBURSEMENT.fields()));
        fields.add(ENVELOPE.CURRENCY);
        return BY_ID.page(
                        database.sql(),
                        fields,
                        DISBURSEMENT.join(ENVELOPE).on(ENVELOPE.ID.eq(DISBURSEMENT.ENVELOPE_ID)),
                        condition,
                        request)
                .map(row -> view(row.into(DISBURSEMENT), row.get(ENVELOPE.CURRENCY)));
    }

    public SettledTotals settledTotals() {
        return database.sql()
                .select(
                        field(selectCount().from(ENVELOPE)),
                        coalesce(sum(ATTEMPT.SETTLED_MINOR), BigDecimal.ZERO),
                        coalesce(sum(ATTEMPT.RETURNED_MINOR), BigDecimal.ZERO))
                .from(ATTEMPT)
                .fetchSingle(row -> new SettledTotals(
                        row.value1(),
                        row.value2().longValueExact(),
                        row.value3().longValueExact()));
    }

    /** How many payments in that state wait for a decision about their money. */
    public long unpaid(String state) {
        return database.sql()
                .fetchCount(
                        DISBURSEMENT.join(ENVELOPE).on(ENVELOPE.ID.eq(DISBURSEMENT.ENVELOPE_ID)),
                        UNPAID.and(DISBURSEMENT.STATE.eq(state)));
    }

    DisbursementRow disbursement(Actor actor, UUID id) {
        actor.require(PaymentsPermission.VIEW);
        return disbursement(id);
    }

    private DisbursementRow disbursement(UUID id) {
        return database.sql()
                .select(DISBURSEMENT.fields())
                .select(ENVELOPE.CURRENCY)
                .from(DISBURSEMENT)
                .join(ENVELOPE)
                .on(ENVELOPE.ID.eq(DISBURSEMENT.ENVELOPE_ID))
                .where(DISBURSEMENT.ID.eq(id))
                .fetchOptional(row -> view(row.into(DISBURSEMENT), row.get(ENVELOPE.CURRENCY)))
                .orElseThrow(() -> Problem.of(PaymentsProblem.DISBURSEMENT_UNKNOWN));
    }

    List<AttemptRow> attempts(UUID disbursementId) {
        return database.sql()
                .select(ATTEMPT.fields())
                .select(BATCH.MESSAGE_ID, BATCH.STATE, BATCH.NOTE, BATCH.QUERIES, BATCH.NEXT_QUERY_AT)
                .from(ATTEMPT)
                .join(BATCH)
                .on(BATCH.ID.eq(ATTEMPT.BATCH_ID))
                .where(ATTEMPT.DISBURSEMENT_ID.eq(disbursementId))
                .orderBy(ATTEMPT.NUMBER.desc())
                .fetch(row -> new AttemptRow(
                        row.get(ATTEMPT.NUMBER),
                        row.get(ATTEMPT.REFERENCE),
                        row.get(ATTEMPT.STATE),
                        row.get(ATTEMPT.REASON),
                        row.get(ATTEMPT.SETTLED_MINOR),
                        row.get(ATTEMPT.RETURNED_MINOR),
                        row.get(ATTEMPT.CHANGED_AT),
                        row.get(BATCH.MESSAGE_ID),
                        row.get(BATCH.STATE),
                        row.get(BATCH.NOTE),
                        row.get(BATCH.QUERIES),
                        row.get(BATCH.NEXT_QUERY_AT)));
    }

    /**
     * Looks up the accounts of unresolved payments again: whose household left is stopped, who has an account now waits for two people to
     * accept it, see {@link AcceptAccount}.
     */
    public void retryResolution(Actor actor, UUID envelopeId) {
        actor.require(PaymentsPermission.OPERATE);
        database.transact(tx -> {
            EnvelopeRecord envelope = lockedOpen(tx, envelopeId);
            int again = tx.update(DISBURSEMENT)
                    .set(DISBURSEMENT.STATE, "received")
                    .where(DISBURSEMENT.ENVELOPE_ID.eq(envelopeId), DISBURSEMENT.STATE.eq("unresolved"))
                    .execute();
            if (again == 0) {
                throw notPossible("no payment of this envelope waits for an account");
            }
            processAgain(tx, envelope, actor);
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "payments.envelope.look_up_again", "envelope/" + envelopeId)
                            .touching(again));
        });
    }

    /** How many payments wait because their account is another one than the approved list had. */
    long changedAccounts(UUID envelopeId) {
        return database.sql()
                .fetchCount(
                        DISBURSEMENT,
                        DISBURSEMENT
                                .ENVELOPE_ID
                                .eq(envelopeId)
                                .and(DISBURSEMENT.STATE.eq("unresolved"))
                                .and(DISBURSEMENT.REASON.eq(AcceptAccount.CHANGED)));
    }

    /** Gives up unresolved payments; their money goes back to the fund when the envelope is closed. */
    public void cancelUnresolved(Actor actor, UUID envelopeId, String reason) {
        actor.require(PaymentsPermission.OPERATE);
        if (reason.isBlank()) {
            throw Problem.of(PaymentsProblem.REASON_MISSING);
        }
        database.transact(tx -> {
            lockedOpen(tx, envelopeId);
            int given = tx.update(DISBURSEMENT)
                    .set(DISBURSEMENT.STATE, "cancelled")
                    .where(DISBURSEMENT.ENVELOPE_ID.eq(envelopeId), DISBURSEMENT.STATE.eq("unresolved"))
                    .execute();
            if (given == 0) {
                throw notPossible("no payment of this envelope waits for an account");
            }
            changed(tx, "given-up/" + Ids.next());
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "payments.envelope.give_up", "envelope/" + envelopeId)
                            .touching(given)
                            .forReason(reason.strip()));
        });
    }

    /** Who stopped a payment, when and why. */
    public record StopView(String by, Instant at, String note) {}

    Optional<StopView> stop(UUID disbursementId) {
        return database.sql()
                .selectFrom(DISBURSEMENT)
                .where(DISBURSEMENT.ID.eq(disbursementId), DISBURSEMENT.STOPPED_BY.isNotNull())
                .fetchOptional(row -> new StopView(row.getStoppedBy(), row.getStoppedAt(), row.getStopNote()));
    }

    /** In words, the account of the last attempt. */
    String accountBefore(UUID disbursementId, String now) {
        Integer version = database.sql()
                .select(DISBURSEMENT.FA_VERSION)
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ID.eq(disbursementId))
                .andExists(selectOne().from(ATTEMPT).where(ATTEMPT.DISBURSEMENT_ID.eq(DISBURSEMENT.ID)))
                .fetchOptional(DISBURSEMENT.FA_VERSION)
                .orElse(null);
        return version == null
                ? ""
                : now.equals(version.toString())
                        ? ", the same account that the last attempt went to"
                        : "; the last attempt went to version " + version;
    }

    Sight sight(UUID disbursementId, List<String> consequences) {
        return sight(disbursementId, Map.of(), consequences);
    }

    /** What a second person sees of a payment. */
    Sight sight(UUID disbursementId, Map<String, String> more, List<String> consequences) {
        DisbursementRow payment = disbursement(disbursementId);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Amount", Money.of(payment.amountMinor(), payment.currency()).toString());
        facts.put("State", EnvelopePages.words(payment.state()));
        if (payment.returnedMinor() > 0) {
            facts.put(
                    "Came back",
                    Money.of(payment.returnedMinor(), payment.currency()).toString());
        }
        if (!payment.reason().isEmpty()) {
            facts.put("Reason", Reasons.words(payment.reason()));
        }
        facts.put("Reference", payment.reference());
        facts.putAll(more);
        return new Sight("/payments/" + disbursementId, facts, consequences);
    }

    /** Asks the bank now about a payment whose outcome is not known. */
    public void queryStatus(Actor actor, UUID disbursementId) {
        actor.require(PaymentsPermission.OPERATE);
        int asked = database.sql()
                .update(BATCH)
                .set(BATCH.NEXT_QUERY_AT, Database.now(database.sql()))
                .set(BATCH.STATE, "unknown")
                .where(BATCH.STATE.in("unknown", "answered"))
                .and(BATCH.ID.in(database.sql()
                        .select(ATTEMPT.BATCH_ID)
                        .from(ATTEMPT)
                        .where(ATTEMPT.DISBURSEMENT_ID.eq(disbursementId), ATTEMPT.STATE.in("unknown", "accepted"))))
                .execute();
        if (asked == 0) {
            throw notPossible("nothing about this payment is open");
        }
    }

    /** Closes envelopes of which everything is final and nothing may come back any more; gives the rest back to the fund. */
    public void closeFinished() {
        closeable(database.sql())
                .forEach((id, organisation) -> Scope.of(organisation).run(() -> close(id)));
    }

    private void close(UUID id) {
        database.transact(tx -> {
            EnvelopeRecord envelope = locked(tx, id, State.DISPATCHED);
            if (!closeable(tx).containsKey(id)) {
                return;
            }
            Ledger.release(tx, id, envelope.getProgrammeCode(), envelope.getPayOn(), envelope.getCurrency());
            envelope.setState(state(State.CLOSED));
            envelope.setClosedAt(clock.instant());
            envelope.update();
            changed(tx, "closed/" + id);
            audit.append(tx, AuditEvent.of(Actor.SYSTEM, "payments.envelope.close", "envelope/" + id));
        });
    }

    /** With the organisation of each. */
    private Map<UUID, Short> closeable(DSLContext sql) {
        Map<UUID, Short> found = new LinkedHashMap<>();
        CLOSEABLE.list(
                sql,
                Map.of("days", settings.returnWindowDays()),
                (row, number) -> found.put(row.getObject("id", UUID.class), row.getShort("organisation_id")));
        return found;
    }

    public Optional<EnvelopeProgress> progress(String key) {
        return findByKey(key)
                .map(envelope -> new EnvelopeProgress(
                        words(envelope.state()),
                        envelope.note(),
                        envelope.state().compareTo(State.DISPATCHED) >= 0,
                        envelope.state() == State.CLOSED));
    }

    /** How many payments wait for a person: unresolved ones, and those unknown for long. */
    public long waitingPayments(String state) {
        return database.sql()
                .fetchCount(
                        DISBURSEMENT.join(ENVELOPE).on(ENVELOPE.ID.eq(DISBURSEMENT.ENVELOPE_ID)),
                        DISBURSEMENT.STATE.eq(state).and(ENVELOPE.STATE.ne(state(State.CLOSED))));
    }

    public long waitingForFunds() {
        return database.sql().fetchCount(ENVELOPE, ENVELOPE.STATE.eq(state(State.WAITING_FOR_FUNDS)));
    }

    static void processAgain(DSLContext tx, EnvelopeRecord envelope, Actor actor) {
        Jobs.order(
                tx,
                new JobOrder(
                        "payments",
                        ProcessEnvelope.KIND,
                        ProcessEnvelope.KIND + "/" + envelope.getId() + "/" + Ids.next(),
                        "Payments of " + envelope.getProgrammeName() + " " + envelope.getCycleCode() + ", again",
                        "envelope/" + envelope.getId(),
                        actor.name(),
                        new ProcessEnvelope.Order(envelope.getId())));
    }

    static void changed(DSLContext tx, String key) {
        OUTBOX.post(tx, PaymentsTopics.CHANGED, key, Map.of());
    }

    /** What the bank has booked under a reference of the payment, and nobody has explained, may be this payment. */
    static void refuseUnexplained(DSLContext tx, UUID payment) {
        tx.select(STATEMENT.SEQUENCE, STATEMENT_LINE.NUMBER)
                .from(STATEMENT_LINE)
                .join(STATEMENT)
                .on(STATEMENT.ID.eq(STATEMENT_LINE.STATEMENT_ID))
                .join(ATTEMPT)
                .on(ATTEMPT.REFERENCE.eq(STATEMENT_LINE.REFERENCE))
                .where(ATTEMPT.DISBURSEMENT_ID.eq(payment), STATEMENT_LINE.OPEN_MINOR.gt(0L))
                .orderBy(STATEMENT.SEQUENCE, STATEMENT_LINE.NUMBER)
                .limit(1)
                .fetchOptional()
                .ifPresent(line -> {
                    throw notPossible("line " + line.value2() + " of statement " + line.value1()
                            + " stands under its reference and is not explained; explain that line first");
                });
    }

    static Problem notPossible(String reason) {
        return Problem.of(PaymentsProblem.NOT_POSSIBLE, "reason", reason);
    }

    // The key stays free: postings refer to it, and whoever sends would wait for us while we wait for the accounts of
    // the ledger.
    static DisbursementRecord lockedPayment(DSLContext tx, UUID disbursementId) {
        return tx.selectFrom(DISBURSEMENT)
                .where(DISBURSEMENT.ID.eq(disbursementId))
                .forNoKeyUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(PaymentsProblem.DISBURSEMENT_UNKNOWN));
    }

    static EnvelopeRecord lockedOpen(DSLContext tx, UUID id) {
        return locked(tx, id, State.FUNDED, State.DISPATCHED);
    }

    static EnvelopeRecord locked(DSLContext tx, UUID id, State... expected) {
        EnvelopeRecord envelope = tx.selectFrom(ENVELOPE)
                .where(ENVELOPE.ID.eq(id))
                .forNoKeyUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(PaymentsProblem.ENVELOPE_UNKNOWN));
        for (State state : expected) {
            if (envelope.getState().equals(state(state))) {
                return envelope;
            }
        }
        if (expected.length > 0) {
            throw notPossible("the envelope is " + words(state(envelope)));
        }
        return envelope;
    }

    /**
     * @param fundMinor in the fund of the programme and year
     * @param cashMinor what the bank holds for all funds
     */
    record Available(long fundMinor, long cashMinor) {

        long minor() {
            return Math.min(fundMinor, cashMinor);
        }
    }

    /** What can be reserved for an envelope; nobody else changes it until this transaction ends. */
    static Available lockedFunds(DSLContext tx, EnvelopeRecord envelope, String bankAccount) {
        // The bank before the fund, as where a statement is taken: two envelopes do not share the same cash.
        LedgerAccounts.lock(tx, LedgerAccounts.bank(tx, bankAccount, envelope.getCurrency()));
        int fund = fund(tx, envelope);
        LedgerAccounts.lock(tx, fund);
        long balance = tx.select(LEDGER_ACCOUNT.CREDITS.minus(LEDGER_ACCOUNT.DEBITS))
                .from(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.ID.eq(fund))
                .fetchSingle()
                .value1();
        return new Available(balance, Ledger.freeCash(tx));
    }

    static int fund(DSLContext tx, EnvelopeRecord envelope) {
        return LedgerAccounts.fund(
                tx, envelope.getProgrammeCode(), envelope.getPayOn().getYear(), envelope.getCurrency());
    }

    static EnvelopeRecord byKey(DSLContext tx, String key) {
        return tx.selectFrom(ENVELOPE)
                .where(ENVELOPE.KEY.eq(key))
                .fetchOptional()
                .orElseThrow(() -> Problem.of(PaymentsProblem.ENVELOPE_UNKNOWN));
    }

    static String state(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static State state(EnvelopeRecord envelope) {
        return State.valueOf(envelope.getState().toUpperCase(Locale.ROOT));
    }

    /** For people. */
    static String words(State state) {
        return switch (state) {
            case RECEIVING -> "being received";
            case RECEIVED -> "looking up accounts";
            case WAITING_FOR_FUNDS -> "waiting for funds";
            case FUNDED -> "being sent";
            case DISPATCHED -> "with the bank";
            case CLOSED -> "closed";
        };
    }

    private static DisbursementRow view(DisbursementRecord row, String currency) {
        return new DisbursementRow(
                row.getId(),
                row.getEnvelopeId(),
                row.getLineKey(),
                row.getBeneficiary(),
                row.getAmountMinor(),
                currency,
                row.getState(),
                row.getReason(),
                row.getReference(),
                row.getFaProvider(),
                row.getSettledMinor(),
                row.getReturnedMinor());
    }

    private static Envelope view(EnvelopeRecord row) {
        return new Envelope(
                row.getId(),
                row.getKey(),
                row.getProgrammeCode(),
                row.getProgrammeName(),
                row.getCycleCode(),
                row.getCurrency(),
                row.getDeclaredCount(),
                row.getDeclaredMinor(),
                row.getDigest(),
                row.getPayOn(),
                row.getPreparedBy(),
                row.getApprovedBy(),
                row.getReleasedBy(),
                state(row),
                row.getNote(),
                row.getCreatedAt(),
                row.getClosedAt());
    }
}
