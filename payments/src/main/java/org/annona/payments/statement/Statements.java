package org.annona.payments.statement;

import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.PENDING_LINE;
import static org.annona.payments.internal.tables.Tables.STATEMENT;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;
import static org.annona.payments.internal.tables.Tables.STATEMENT_REFUSAL;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectCount;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.CopyWriter;
import org.annona.foundation.database.Database;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.money.Money;
import org.annona.foundation.outbox.Outbox;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.annona.payments.PaymentKeys;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.PaymentsTopics;
import org.annona.payments.internal.tables.tables.records.PendingLineRecord;
import org.annona.payments.internal.tables.tables.records.StatementRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.annona.payments.rail.Rail;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Takes statements in. A statement is booked whole or not at all: its lines must lead from its opening to its closing
 * balance, it must follow the one before it, and afterwards our account in the ledger must show its closing balance. Each
 * line gets exactly one meaning; what cannot be explained goes to suspense, where people look at it.
 */
public final class Statements {

    private static final Keyset ORDER =
            new Keyset(Map.of("sequence", STATEMENT.SEQUENCE), "sequence", true, STATEMENT.ID);
    private static final Keyset LINES =
            new Keyset(Map.of("number", STATEMENT_LINE.NUMBER), "number", false, STATEMENT_LINE.NUMBER);
    private static final Keyset SUSPENSE =
            new Keyset(Map.of("taken", STATEMENT.TAKEN_AT), "taken", false, STATEMENT_LINE.NUMBER);

    private static final int MOST_PENDING = 200;

    private final Database database;
    private final Rail rail;
    private final PaymentKeys keys;
    private final Booking booking;
    private final PaymentsSettings settings;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("payments");
    private final Outbox outbox = new Outbox("payments");

    public Statements(Database database, Rail rail, PaymentKeys keys, PaymentsSettings settings, Clock clock) {
        this.database = database;
        this.rail = rail;
        this.keys = keys;
        this.booking = new Booking(rail, settings, clock);
        this.settings = settings;
        this.clock = clock;
    }

    /** A statement in a list. */
    public record StatementRow(
            UUID id,
            String statementId,
            long sequence,
            LocalDate day,
            String currency,
            long openingMinor,
            long closingMinor,
            int lines,
            int suspense,
            String takenBy,
            Instant takenAt) {}

    /** @param sequence of the statement; @param openMinor what of a line in suspense is not explained */
    record LineRow(
            UUID statementId,
            long sequence,
            int number,
            boolean credit,
            long amountMinor,
            String currency,
            String reference,
            String meaning,
            String returnReason,
            String note,
            LocalDate bookedOn,
            long openMinor) {}

    /** Fetches from the bank every statement that follows the newest one here. */
    public int fetchNew() {
        int taken = 0;
        for (byte[] file : rail.statementsAfter(newestNumber())) {
            try {
                take(Actor.SYSTEM, file);
            } catch (Problem refused) {
                remember(refused);
                throw refused;
            }
            taken++;
        }
        return taken;
    }

    /**
     * Why the next statement of the bank is not taken in. Payments stay in flight until it is, so people have to see it.
     *
     * @param since when it was refused first
     */
    public record Refusal(String code, String sentence, String remedy, Instant since, Instant last) {}

    public Optional<Refusal> refusal(Actor actor) {
        actor.require(PaymentsPermission.VIEW);
        return database.sql()
                .selectFrom(STATEMENT_REFUSAL)
                .where(STATEMENT_REFUSAL.BANK_ACCOUNT.eq(settings.bankAccount()))
                .fetchOptional(row -> new Refusal(
                        row.getCode(), row.getSentence(), row.getRemedy(), row.getFirstAt(), row.getLastAt()));
    }

    private void remember(Problem refused) {
        Instant now = clock.instant();
        database.transact(tx -> {
            boolean known = tx.update(STATEMENT_REFUSAL)
                            .set(STATEMENT_REFUSAL.LAST_AT, now)
                            .where(STATEMENT_REFUSAL.BANK_ACCOUNT.eq(settings.bankAccount()))
                            .and(STATEMENT_REFUSAL.SENTENCE.eq(refused.sentence()))
                            .execute()
                    == 1;
            if (known) {
                return;
            }
            tx.insertInto(STATEMENT_REFUSAL)
                    .set(STATEMENT_REFUSAL.BANK_ACCOUNT, settings.bankAccount())
                    .set(STATEMENT_REFUSAL.CODE, refused.code().code())
                    .set(STATEMENT_REFUSAL.SENTENCE, refused.sentence())
                    .set(STATEMENT_REFUSAL.REMEDY, refused.remedy())
                    .set(STATEMENT_REFUSAL.FIRST_AT, now)
                    .set(STATEMENT_REFUSAL.LAST_AT, now)
                    .onConflict(STATEMENT_REFUSAL.BANK_ACCOUNT)
                    .doUpdate()
                    .setAllToExcluded()
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(Actor.SYSTEM, "payments.statement.refuse", "account/" + settings.bankAccount())
                            .with("code", refused.code().code()));
        });
    }

    /** As the bank numbers them. */
    private long newestNumber() {
        return database.sql()
                .select(coalesce(STATEMENT.BANK_NUMBER, 0L))
                .from(STATEMENT)
                .where(STATEMENT.BANK_ACCOUNT.eq(settings.bankAccount()))
                .orderBy(STATEMENT.SEQUENCE.desc())
                .limit(1)
                .fetchOptional(0, Long.class)
                .orElse(0L);
    }

    /** Takes a file that a person has; the same file again has no effect. */
    public StatementRow upload(Actor actor, byte[] file) {
        actor.require(PaymentsPermission.STATEMENTS);
        if (!settings.statementsByHand()) {
            throw Problem.of(PaymentsProblem.STATEMENTS_FROM_BANK);
        }
        return show(actor, take(actor.name(), file));
    }

    /**
     * Takes every statement of our account that the file holds, in its order; those of other accounts are left out.
     *
     * @return the last one
     */
    private UUID take(String takenBy, byte[] file) {
        List<StatementFile> read = Camt053.read(file);
        List<StatementFile> ours = read.stream()
                .filter(one -> one.account().equals(settings.bankAccount()))
                .toList();
        if (ours.isEmpty()) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_FOREIGN,
                    "account",
                    read.stream().map(StatementFile::account).distinct().collect(Collectors.joining(", ")));
        }
        for (StatementFile one : ours) {
            if (!one.currency().equals(settings.currency().getCurrencyCode())) {
                throw Problem.of(
                        PaymentsProblem.STATEMENT_CURRENCY,
                        "currency",
                        one.currency(),
                        "ours",
                        settings.currency().getCurrencyCode());
            }
        }
        // A bank account serves the payments of all organisations.
        return Scope.across(AcrossOrganisations.STATEMENTS)
                .call(() -> database.inTransaction(tx -> {
                    // One statement at a time.
                    int bank = LedgerAccounts.bank(
                            tx, settings.bankAccount(), settings.currency().getCurrencyCode());
                    LedgerAccounts.lock(tx, bank);
                    UUID last = null;
                    for (StatementFile one : ours) {
                        last = take(tx, takenBy, file, one, bank);
                    }
                    return Objects.requireNonNull(last);
                }));
    }

    private UUID take(DSLContext tx, String takenBy, byte[] file, StatementFile statement, int bank) {
        byte[] hash = contentHash(statement);
        UUID known = tx.select(STATEMENT.ID)
                .from(STATEMENT)
                .where(STATEMENT.CONTENT_HASH.eq(hash))
                .fetchOne(STATEMENT.ID);
        if (known != null) {
            return known;
        }
        StatementRecord before = newest(tx, statement.account());
        refuseUnfit(tx, before, statement);
        UUID id = store(tx, takenBy, file, hash, statement, before);
        booking.book(tx, id, statement, bank);
        refuseOtherBalance(tx, bank, statement);
        tx.deleteFrom(STATEMENT_REFUSAL)
                .where(STATEMENT_REFUSAL.BANK_ACCOUNT.eq(settings.bankAccount()))
                .execute();
        outbox.post(tx, PaymentsTopics.CHANGED, "statement/" + id, Map.of());
        audit.append(
                tx,
                AuditEvent.of(takenBy, "payments.statement.take", "statement/" + id)
                        .touching(statement.lines().size())
                        .resultingIn(hash)
                        .with("statement", statement.id())
                        .with("closingMinor", statement.closingMinor()));
        return id;
    }

    /** Of what the statement says: the same one in other bytes is the same. */
    private static byte[] contentHash(StatementFile statement) {
        RowDigest digest = new RowDigest();
        digest.add(
                statement.account(),
                statement.id(),
                statement.day().toString(),
                statement.currency(),
                Long.toString(statement.openingMinor()),
                Long.toString(statement.closingMinor()));
        for (StatementFile.Line line : statement.lines()) {
            digest.add(
                    Boolean.toString(line.credit()),
                    Long.toString(line.amountMinor()),
                    line.reference(),
                    line.bankReference(),
                    line.bookedOn().toString());
        }
        return digest.finish();
    }

    private static @Nullable StatementRecord newest(DSLContext tx, String account) {
        return tx.selectFrom(STATEMENT)
                .where(STATEMENT.BANK_ACCOUNT.eq(account))
                .orderBy(STATEMENT.SEQUENCE.desc())
                .limit(1)
                .fetchOne();
    }

    private static @Nullable Long number(StatementFile statement) {
        return statement.sequence() == null ? statement.legalSequence() : statement.sequence();
    }

    /** Balances that join prove that nothing is missing between; numbers of banks begin again, have gaps, or are absent. */
    private void refuseUnfit(DSLContext tx, @Nullable StatementRecord before, StatementFile statement) {
        if (statement.openingMinor() + statement.movementMinor() != statement.closingMinor()) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_UNREADABLE,
                    "reason",
                    "its lines do not lead from its opening to its closing balance");
        }
        boolean repeated = tx.fetchExists(
                STATEMENT,
                STATEMENT
                        .BANK_ACCOUNT
                        .eq(statement.account())
                        .and(STATEMENT.STATEMENT_ID.eq(statement.id()))
                        .and(STATEMENT.DAY.between(
                                statement.day().withDayOfYear(1),
                                statement.day().withMonth(12).withDayOfMonth(31))));
        if (repeated) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_REPEATED,
                    "statement",
                    statement.id(),
                    "year",
                    statement.day().getYear());
        }
        if (before == null) {
            long opening = OpeningBalance.minor(tx, statement.account());
            if (statement.openingMinor() != opening) {
                throw Problem.of(
                        PaymentsProblem.STATEMENT_OPENING,
                        "opening",
                        Money.of(statement.openingMinor(), statement.currency()),
                        "ours",
                        Money.of(opening, statement.currency()));
            }
            return;
        }
        if (statement.day().isBefore(before.getDay())) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_UNREADABLE,
                    "reason",
                    "it is of " + statement.day() + ", and a statement of " + before.getDay() + " was taken");
        }
        if (statement.openingMinor() != before.getClosingMinor()) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_GAP,
                    "opening",
                    Money.of(statement.openingMinor(), statement.currency()),
                    "closing",
                    Money.of(before.getClosingMinor(), statement.currency()),
                    "last",
                    before.getStatementId() + " of " + before.getDay());
        }
    }

    private UUID store(
            DSLContext tx,
            String takenBy,
            byte[] file,
            byte[] hash,
            StatementFile statement,
            @Nullable StatementRecord before) {
        UUID id = Ids.next();
        tx.insertInto(STATEMENT)
                .set(STATEMENT.ID, id)
                .set(STATEMENT.BANK_ACCOUNT, statement.account())
                .set(STATEMENT.STATEMENT_ID, statement.id())
                .set(STATEMENT.SEQUENCE, before == null ? 1 : before.getSequence() + 1)
                .set(STATEMENT.BANK_NUMBER, number(statement))
                .set(STATEMENT.DAY, statement.day())
                .set(STATEMENT.CURRENCY, statement.currency())
                .set(STATEMENT.OPENING_MINOR, statement.openingMinor())
                .set(STATEMENT.CLOSING_MINOR, statement.closingMinor())
                .set(STATEMENT.LINE_COUNT, statement.lines().size())
                .set(STATEMENT.CONTENT_HASH, hash)
                .set(STATEMENT.FILE_SEALED, keys.sealStatement(id, file))
                .set(STATEMENT.TAKEN_BY, takenBy)
                .execute();
        List<PendingLineRecord> pending = new ArrayList<>();
        for (StatementFile.Line line : statement.pending()) {
            pending.add(new PendingLineRecord(
                    id, pending.size() + 1, line.credit(), line.amountMinor(), Booking.reference(line)));
        }
        CopyWriter.of(pending).write(tx);
        return id;
    }

    /** The ledger must show what the bank shows (payments reference, invariant 10). */
    private static void refuseOtherBalance(DSLContext tx, int bank, StatementFile statement) {
        long balance = tx.select(LEDGER_ACCOUNT.DEBITS.minus(LEDGER_ACCOUNT.CREDITS))
                .from(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.ID.eq(bank))
                .fetchSingle()
                .value1();
        if (balance != statement.closingMinor()) {
            throw new IllegalStateException("after statement " + statement.id() + " the ledger shows " + balance
                    + " and the bank " + statement.closingMinor());
        }
    }

    /** Whether a statement was taken. */
    boolean hasBegun() {
        return database.sql().fetchExists(STATEMENT);
    }

    /** What the bank announces on a statement and has not booked. */
    record PendingRow(boolean credit, long amountMinor, String reference) {}

    List<PendingRow> pending(UUID statementId) {
        return database.sql()
                .selectFrom(PENDING_LINE)
                .where(PENDING_LINE.STATEMENT_ID.eq(statementId))
                .orderBy(PENDING_LINE.NUMBER)
                .limit(MOST_PENDING)
                .fetch(row -> new PendingRow(row.getCredit(), row.getAmountMinor(), row.getReference()));
    }

    public Page<StatementRow> page(Actor actor, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        return ORDER.page(database.sql(), columns(), STATEMENT, noCondition(), request)
                .map(Statements::row);
    }

    public StatementRow show(Actor actor, UUID id) {
        actor.require(PaymentsPermission.VIEW);
        return database.sql()
                .select(columns())
                .from(STATEMENT)
                .where(STATEMENT.ID.eq(id))
                .fetchOptional(Statements::row)
                .orElseThrow(() ->
                        Problem.of(org.annona.foundation.problem.FoundationProblem.NOT_FOUND, "what", "statement"));
    }

    private static final Field<Integer> SUSPENSE_LINES = field(selectCount()
            .from(STATEMENT_LINE)
            .where(STATEMENT_LINE.STATEMENT_ID.eq(STATEMENT.ID), STATEMENT_LINE.OPEN_MINOR.gt(0L)));

    private static List<Field<?>> columns() {
        return List.of(
                STATEMENT.ID,
                STATEMENT.STATEMENT_ID,
                STATEMENT.SEQUENCE,
                STATEMENT.DAY,
                STATEMENT.CURRENCY,
                STATEMENT.OPENING_MINOR,
                STATEMENT.CLOSING_MINOR,
                STATEMENT.LINE_COUNT,
                SUSPENSE_LINES,
                STATEMENT.TAKEN_BY,
                STATEMENT.TAKEN_AT);
    }

    private static StatementRow row(Record row) {
        return new StatementRow(
                row.get(STATEMENT.ID),
                row.get(STATEMENT.STATEMENT_ID),
                row.get(STATEMENT.SEQUENCE),
                row.get(STATEMENT.DAY),
                row.get(STATEMENT.CURRENCY),
                row.get(STATEMENT.OPENING_MINOR),
                row.get(STATEMENT.CLOSING_MINOR),
                row.get(STATEMENT.LINE_COUNT),
                row.get(SUSPENSE_LINES),
                row.get(STATEMENT.TAKEN_BY),
                row.get(STATEMENT.TAKEN_AT));
    }

    /** Filter: meaning. */
    Page<LineRow> lines(Actor actor, UUID statementId, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        Condition condition = STATEMENT_LINE.STATEMENT_ID.eq(statementId);
        if (!request.filter("meaning").isEmpty()) {
            condition = condition.and(STATEMENT_LINE.MEANING.eq(request.filter("meaning")));
        }
        return lines(LINES, condition, request);
    }

    /** Lines that nobody has explained, of all statements, the oldest first. */
    Page<LineRow> suspense(Actor actor, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        return lines(SUSPENSE, STATEMENT_LINE.OPEN_MINOR.gt(0L), request);
    }

    public long unexplained() {
        return database.sql().fetchCount(STATEMENT_LINE, STATEMENT_LINE.OPEN_MINOR.gt(0L));
    }

    LineRow line(Actor actor, UUID statementId, int number) {
        actor.require(PaymentsPermission.VIEW);
        return lines(
                        LINES,
                        STATEMENT_LINE.STATEMENT_ID.eq(statementId).and(STATEMENT_LINE.NUMBER.eq(number)),
                        PageRequest.first(1))
                .rows()
                .stream()
                .findFirst()
                .orElseThrow(() -> Problem.of(PaymentsProblem.LINE_UNKNOWN));
    }

    private Page<LineRow> lines(Keyset order, Condition condition, PageRequest request) {
        return order.page(
                        database.sql(),
                        List.of(
                                STATEMENT_LINE.STATEMENT_ID,
                                STATEMENT.SEQUENCE,
                                STATEMENT_LINE.OPEN_MINOR,
                                STATEMENT_LINE.NUMBER,
                                STATEMENT_LINE.CREDIT,
                                STATEMENT_LINE.AMOUNT_MINOR,
                                STATEMENT.CURRENCY,
                                STATEMENT.TAKEN_AT,
                                STATEMENT_LINE.REFERENCE,
                                STATEMENT_LINE.MEANING,
                                STATEMENT_LINE.RETURN_REASON,
                                STATEMENT_LINE.NOTE,
                                STATEMENT_LINE.BOOKED_ON),
                        STATEMENT_LINE.join(STATEMENT).on(STATEMENT.ID.eq(STATEMENT_LINE.STATEMENT_ID)),
                        condition,
                        request)
                .map(row -> new LineRow(
                        row.get(STATEMENT_LINE.STATEMENT_ID),
                        row.get(STATEMENT.SEQUENCE),
                        row.get(STATEMENT_LINE.NUMBER),
                        row.get(STATEMENT_LINE.CREDIT),
                        row.get(STATEMENT_LINE.AMOUNT_MINOR),
                        row.get(STATEMENT.CURRENCY),
                        row.get(STATEMENT_LINE.REFERENCE),
                        row.get(STATEMENT_LINE.MEANING),
                        row.get(STATEMENT_LINE.RETURN_REASON),
                        row.get(STATEMENT_LINE.NOTE),
                        row.get(STATEMENT_LINE.BOOKED_ON),
                        row.get(STATEMENT_LINE.OPEN_MINOR)));
    }
}
