package org.annona.payments.statement;

import static org.annona.payments.internal.tables.Tables.FUNDING;
import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.STATEMENT;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;
import static org.annona.payments.internal.tables.Tables.STATEMENT_REFUSAL;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectCount;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.money.Money;
import org.annona.foundation.outbox.Outbox;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentKeys;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.PaymentsTopics;
import org.annona.payments.dispatch.RailReference;
import org.annona.payments.internal.tables.tables.records.StatementRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.annona.payments.rail.Rail;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;

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

    private static final SqlFile STORE_DEBITS = SqlFile.beside(Statements.class, "store-debits.sql");
    private static final SqlFile STORE_CREDITS = SqlFile.beside(Statements.class, "store-credits.sql");
    private static final SqlFile POST_SETTLEMENTS = SqlFile.beside(Statements.class, "post-settlements.sql");
    private static final SqlFile POST_BENEFITS = SqlFile.beside(Statements.class, "post-benefits.sql");
    private static final SqlFile MARK_SETTLED = SqlFile.beside(Statements.class, "mark-settled.sql");
    private static final SqlFile POST_RETURNS = SqlFile.beside(Statements.class, "post-returns.sql");
    private static final SqlFile POST_UNBENEFITS = SqlFile.beside(Statements.class, "post-unbenefits.sql");
    private static final SqlFile MARK_RETURNED = SqlFile.beside(Statements.class, "mark-returned.sql");
    private static final SqlFile PAIR_REVERSALS = SqlFile.beside(Statements.class, "pair-reversals.sql");
    private static final SqlFile CLEAR_RETURNS = SqlFile.beside(Statements.class, "clear-returns.sql");
    private static final SqlFile POST_CLEARED_RETURNS = SqlFile.beside(Statements.class, "post-cleared-returns.sql");
    private static final SqlFile MARK_CLEARED_RETURNS = SqlFile.beside(Statements.class, "mark-cleared-returns.sql");
    private static final SqlFile POST_SIMPLE = SqlFile.beside(Statements.class, "post-simple.sql");
    private static final SqlFile ANSWER_BATCHES = SqlFile.beside(Statements.class, "answer-batches.sql");
    private static final SqlFile PROGRAMMES = SqlFile.beside(Statements.class, "programmes-of-lines.sql");

    private final Database database;
    private final Rail rail;
    private final PaymentKeys keys;
    private final PaymentsSettings settings;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("payments");
    private final Outbox outbox = new Outbox("payments");

    public Statements(Database database, Rail rail, PaymentKeys keys, PaymentsSettings settings, Clock clock) {
        this.database = database;
        this.rail = rail;
        this.keys = keys;
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
        for (byte[] file : rail.statementsAfter(newestSequence())) {
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

    private long newestSequence() {
        return database.sql()
                .select(coalesce(max(STATEMENT.SEQUENCE), 0L))
                .from(STATEMENT)
                .where(STATEMENT.BANK_ACCOUNT.eq(settings.bankAccount()))
                .fetchSingle()
                .value1();
    }

    /** Takes a file that a person has; the same file again has no effect. */
    public StatementRow upload(Actor actor, byte[] file) {
        actor.require(PaymentsPermission.STATEMENTS);
        if (!settings.statementsByHand()) {
            throw Problem.of(PaymentsProblem.STATEMENTS_FROM_BANK);
        }
        return show(actor, take(actor.name(), file));
    }

    private UUID take(String takenBy, byte[] file) {
        byte[] hash = RowDigest.ofBytes(file);
        StatementFile statement = only(Camt053.read(file));
        return database.inTransaction(tx -> {
            // One statement at a time, whoever brings it.
            int bank = LedgerAccounts.bank(tx, settings.bankAccount(), statement.currency());
            LedgerAccounts.lock(tx, bank);
            UUID known = tx.select(STATEMENT.ID)
                    .from(STATEMENT)
                    .where(STATEMENT.FILE_HASH.eq(hash))
                    .fetchOne(STATEMENT.ID);
            if (known != null) {
                return known;
            }
            refuseUnfit(tx, statement);
            UUID id = store(tx, takenBy, file, hash, statement);
            book(tx, id, statement, bank);
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
        });
    }

    private static StatementFile only(List<StatementFile> read) {
        if (read.size() != 1) {
            throw Problem.of(PaymentsProblem.STATEMENT_UNREADABLE, "reason", "it holds more than one statement");
        }
        return read.getFirst();
    }

    private static long number(StatementFile statement) {
        Long number = statement.sequence();
        if (number == null) {
            throw Problem.of(PaymentsProblem.STATEMENT_UNREADABLE, "reason", "its electronic number is missing");
        }
        return number;
    }

    private void refuseUnfit(DSLContext tx, StatementFile statement) {
        if (!statement.account().equals(settings.bankAccount())) {
            throw Problem.of(PaymentsProblem.STATEMENT_FOREIGN, "account", statement.account());
        }
        if (statement.openingMinor() + statement.movementMinor() != statement.closingMinor()) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_UNREADABLE,
                    "reason",
                    "its lines do not lead from its opening to its closing balance");
        }
        StatementRecord before = tx.selectFrom(STATEMENT)
                .where(STATEMENT.BANK_ACCOUNT.eq(statement.account()))
                .orderBy(STATEMENT.SEQUENCE.desc())
                .limit(1)
                .fetchOne();
        long closedWith = before == null ? 0 : before.getClosingMinor();
        if (before != null && number(statement) <= before.getSequence()) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_UNREADABLE,
                    "reason",
                    "a statement with this number was taken with another content");
        }
        boolean follows = before == null || number(statement) == before.getSequence() + 1;
        if (!follows || statement.openingMinor() != closedWith) {
            throw Problem.of(
                    PaymentsProblem.STATEMENT_GAP,
                    "opening",
                    Money.of(statement.openingMinor(), statement.currency()),
                    "closing",
                    Money.of(closedWith, statement.currency()));
        }
    }

    private UUID store(DSLContext tx, String takenBy, byte[] file, byte[] hash, StatementFile statement) {
        UUID id = Ids.next();
        tx.insertInto(STATEMENT)
                .set(STATEMENT.ID, id)
                .set(STATEMENT.BANK_ACCOUNT, statement.account())
                .set(STATEMENT.STATEMENT_ID, statement.id())
                .set(STATEMENT.SEQUENCE, number(statement))
                .set(STATEMENT.DAY, statement.day())
                .set(STATEMENT.CURRENCY, statement.currency())
                .set(STATEMENT.OPENING_MINOR, statement.openingMinor())
                .set(STATEMENT.CLOSING_MINOR, statement.closingMinor())
                .set(STATEMENT.LINE_COUNT, statement.lines().size())
                .set(STATEMENT.FILE_HASH, hash)
                .set(STATEMENT.FILE_SEALED, keys.sealStatement(id, file))
                .set(STATEMENT.TAKEN_BY, takenBy)
                .execute();
        return id;
    }

    private record Numbered(int number, StatementFile.Line line) {}

    /** What went out first, then what came in: money may come back on the day on which it went out. */
    private void book(DSLContext tx, UUID id, StatementFile statement, int bank) {
        List<Numbered> debits = new ArrayList<>();
        List<Numbered> credits = new ArrayList<>();
        for (int i = 0; i < statement.lines().size(); i++) {
            StatementFile.Line line = statement.lines().get(i);
            (line.credit() ? credits : debits).add(new Numbered(i + 1, line));
        }
        Map<String, Object> of = Map.of("statement", id, "bank", bank, "currency", statement.currency());
        if (!debits.isEmpty()) {
            STORE_DEBITS.run(tx, values(id, debits));
            makeAccounts(tx, id, statement.currency());
            POST_SETTLEMENTS.run(tx, of);
            POST_BENEFITS.run(tx, of);
            MARK_SETTLED.run(tx, of);
            clearReturns(tx, id);
        }
        if (!credits.isEmpty()) {
            STORE_CREDITS.run(tx, values(id, credits));
            makeAccounts(tx, id, statement.currency());
            POST_RETURNS.run(tx, of);
            POST_UNBENEFITS.run(tx, of);
            MARK_RETURNED.run(tx, of);
            PAIR_REVERSALS.run(tx, of);
        }
        postSimple(tx, id, statement.currency(), bank);
        ANSWER_BATCHES.run(tx, Map.of());
    }

    private void clearReturns(DSLContext tx, UUID statement) {
        List<UUID> cleared =
                CLEAR_RETURNS.list(tx, Map.of("statement", statement), (row, number) -> row.getObject(1, UUID.class));
        if (!cleared.isEmpty()) {
            var clearing = SqlFile.column("uuid", cleared, id -> id);
            POST_CLEARED_RETURNS.run(tx, Map.of("clearing", clearing, "bankAccount", settings.bankAccount()));
            MARK_CLEARED_RETURNS.run(tx, Map.of("clearing", clearing));
        }
    }

    private static Map<String, Object> values(UUID id, List<Numbered> lines) {
        return Map.of(
                "statement", id,
                "number", SqlFile.column("int", lines, Numbered::number),
                "amount", SqlFile.column("bigint", lines, row -> row.line().amountMinor()),
                "reference", SqlFile.column("text", lines, row -> reference(row.line())),
                "bankReference", SqlFile.column("text", lines, row -> row.line().bankReference()),
                "returnReason", SqlFile.column("text", lines, row -> returnReason(row.line())),
                "charge", SqlFile.column("boolean", lines, row -> row.line().charge()),
                "bookedOn",
                        SqlFile.column(
                                "date", lines, row -> row.line().bookedOn().toString()));
    }

    private static String returnReason(StatementFile.Line line) {
        return line.reversal() && line.returnReason().isEmpty() ? "REVERSED" : line.returnReason();
    }

    /** Banks trim references and change their case. */
    private static String reference(StatementFile.Line line) {
        return RailReference.read(line.reference()).orElse(line.reference());
    }

    /** The accounts that the postings of a statement need, a handful. */
    private static void makeAccounts(DSLContext tx, UUID id, String currency) {
        PROGRAMMES.list(tx, Map.of("statement", id), (row, number) -> {
            String programme = row.getString("programme_code");
            String cycle = row.getString("cycle_code");
            LedgerAccounts.benefit(tx, programme, cycle, currency);
            LedgerAccounts.applied(tx, programme, cycle, currency);
            return LedgerAccounts.returns(tx, programme, currency);
        });
    }

    /** Fees, unexplained lines and funds that arrived. */
    private void postSimple(DSLContext tx, UUID id, String currency, int bank) {
        int fees = LedgerAccounts.fees(tx, rail.name(), currency);
        int suspense = LedgerAccounts.suspense(tx, settings.bankAccount(), currency);
        for (var row : tx.select(FUNDING.ID, FUNDING.PROGRAMME_CODE, FUNDING.YEAR)
                .from(STATEMENT_LINE)
                .join(FUNDING)
                .on(FUNDING.REFERENCE.eq(STATEMENT_LINE.REFERENCE))
                .where(STATEMENT_LINE.STATEMENT_ID.eq(id), STATEMENT_LINE.MEANING.eq("funding"))
                .fetch()) {
            LedgerAccounts.fund(tx, row.value2(), row.value3(), currency);
            tx.update(FUNDING)
                    .set(FUNDING.RECEIVED_MINOR, FUNDING.AMOUNT_MINOR)
                    .set(FUNDING.RECEIVED_AT, clock.instant())
                    .where(FUNDING.ID.eq(row.value1()))
                    .execute();
        }
        POST_SIMPLE.run(
                tx, Map.of("statement", id, "bank", bank, "fees", fees, "suspense", suspense, "currency", currency));
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
