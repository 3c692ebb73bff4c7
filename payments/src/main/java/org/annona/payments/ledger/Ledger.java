package org.annona.payments.ledger;

import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.annona.payments.internal.tables.Tables.STATEMENT_LINE;
import static org.annona.payments.internal.tables.Tables.TRANSFER;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.internal.tables.tables.LedgerAccount;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Reads the ledger, and posts what concerns an envelope as a whole; what concerns many payments is posted by their SQL. */
public final class Ledger {

    private static final SqlFile HELD_FOR_FUNDS = SqlFile.beside(Ledger.class, "held-for-funds.sql");
    private static final LedgerAccount DEBIT = LEDGER_ACCOUNT.as("debit");
    private static final LedgerAccount CREDIT = LEDGER_ACCOUNT.as("credit");
    private static final Keyset ORDER = new Keyset(Map.of("posted", TRANSFER.POSTED_AT), "posted", true, TRANSFER.ID);
    private static final Keyset ACCOUNTS =
            new Keyset(Map.of("code", LEDGER_ACCOUNT.CODE), "code", false, LEDGER_ACCOUNT.CODE);

    private final Database database;

    public Ledger(Database database) {
        this.database = database;
    }

    /** @param balanceMinor credits less debits; for BANK, BENEFIT and FEES the other way round, as their nature is */
    public record AccountRow(
            int id, String code, String kind, String currency, long debits, long credits, long balanceMinor) {}

    public record TransferRow(
            UUID id,
            String kind,
            String debitCode,
            String creditCode,
            long amountMinor,
            String currency,
            @Nullable UUID envelopeId,
            @Nullable Integer lineNumber,
            Instant postedAt) {}

    /** All accounts of one kind together. */
    public record KindRow(String kind, String currency, long accounts, long debits, long credits) {}

    /** Moves what an envelope needs from its fund into its reservation. The database refuses what the fund does not hold. */
    public static void reserve(
            DSLContext tx, UUID envelope, String programme, LocalDate day, String currency, long minor) {
        post(
                tx,
                "reserve",
                LedgerAccounts.fund(tx, programme, day.getYear(), currency),
                LedgerAccounts.committed(tx, envelope, currency),
                minor,
                currency,
                envelope);
    }

    /** Gives back to the fund what an envelope did not use. */
    public static void release(DSLContext tx, UUID envelope, String programme, LocalDate day, String currency) {
        int committed = LedgerAccounts.committed(tx, envelope, currency);
        long rest = tx.select(LEDGER_ACCOUNT.CREDITS.minus(LEDGER_ACCOUNT.DEBITS))
                .from(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.ID.eq(committed))
                .fetchSingle()
                .value1();
        if (rest > 0) {
            int fund = LedgerAccounts.fund(tx, programme, day.getYear(), currency);
            post(tx, "release", committed, fund, rest, currency, envelope);
        }
    }

    /** Gives back to the fund what a stopped payment would have used. */
    public static void free(
            DSLContext tx, UUID envelope, String programme, LocalDate day, String currency, long minor) {
        int committed = LedgerAccounts.committed(tx, envelope, currency);
        post(
                tx,
                "stop",
                committed,
                LedgerAccounts.fund(tx, programme, day.getYear(), currency),
                minor,
                currency,
                envelope);
    }

    private static void post(
            DSLContext tx, String kind, int debit, int credit, long minor, String currency, UUID envelope) {
        tx.insertInto(TRANSFER)
                .set(TRANSFER.ID, Ids.next())
                .set(TRANSFER.KIND, kind)
                .set(TRANSFER.DEBIT_ACCOUNT, debit)
                .set(TRANSFER.CREDIT_ACCOUNT, credit)
                .set(TRANSFER.AMOUNT_MINOR, minor)
                .set(TRANSFER.CURRENCY, currency)
                .set(TRANSFER.ENVELOPE_ID, envelope)
                .execute();
    }

    /** What a programme may still commit in a year; never more than the bank has. */
    public long availableMinor(String programme, int year) {
        DSLContext sql = database.sql();
        long fund = balance(sql, LedgerAccounts.fundCode(programme, year));
        return Math.max(0, Math.min(fund, freeCash(sql)));
    }

    /**
     * What the bank holds for all funds together: fees, and debits that nobody has explained, have left the bank and are in no fund.
     * Money that came in unexplained is in no fund either.
     */
    public static long freeCash(DSLContext sql) {
        BigDecimal funds =
                Objects.requireNonNull(HELD_FOR_FUNDS.first(sql, Map.of(), (row, number) -> row.getBigDecimal(1)));
        BigDecimal unexplained = sql.select(coalesce(sum(STATEMENT_LINE.OPEN_MINOR), BigDecimal.ZERO))
                .from(STATEMENT_LINE)
                .where(STATEMENT_LINE.CREDIT.isFalse(), STATEMENT_LINE.OPEN_MINOR.gt(0L))
                .fetchSingle()
                .value1();
        return funds.subtract(unexplained).longValueExact();
    }

    private static long balance(DSLContext sql, String code) {
        return sql.select(coalesce(sum(LEDGER_ACCOUNT.CREDITS.minus(LEDGER_ACCOUNT.DEBITS)), BigDecimal.ZERO))
                .from(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.CODE.eq(code))
                .fetchSingle()
                .value1()
                .longValueExact();
    }

    public List<KindRow> trialBalance(Actor actor) {
        actor.require(PaymentsPermission.VIEW);
        return database.sql()
                .select(
                        LEDGER_ACCOUNT.KIND,
                        LEDGER_ACCOUNT.CURRENCY,
                        org.jooq.impl.DSL.count(),
                        sum(LEDGER_ACCOUNT.DEBITS),
                        sum(LEDGER_ACCOUNT.CREDITS))
                .from(LEDGER_ACCOUNT)
                .groupBy(LEDGER_ACCOUNT.KIND, LEDGER_ACCOUNT.CURRENCY)
                .orderBy(LEDGER_ACCOUNT.KIND, LEDGER_ACCOUNT.CURRENCY)
                .fetch(row -> new KindRow(
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        row.value4().longValueExact(),
                        row.value5().longValueExact()));
    }

    /** Filter: kind. */
    public Page<AccountRow> accounts(Actor actor, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        Condition condition =
                request.filter("kind").isEmpty() ? noCondition() : LEDGER_ACCOUNT.KIND.eq(request.filter("kind"));
        return ACCOUNTS.page(database.sql(), List.of(LEDGER_ACCOUNT.fields()), LEDGER_ACCOUNT, condition, request)
                .map(row -> {
                    long balance = row.get(LEDGER_ACCOUNT.CREDITS) - row.get(LEDGER_ACCOUNT.DEBITS);
                    String kind = row.get(LEDGER_ACCOUNT.KIND);
                    return new AccountRow(
                            row.get(LEDGER_ACCOUNT.ID),
                            row.get(LEDGER_ACCOUNT.CODE),
                            kind,
                            row.get(LEDGER_ACCOUNT.CURRENCY),
                            row.get(LEDGER_ACCOUNT.DEBITS),
                            row.get(LEDGER_ACCOUNT.CREDITS),
                            List.of("BANK", "BENEFIT", "FEES").contains(kind) ? -balance : balance);
                });
    }

    /** Filters: account (code), kind. */
    Page<TransferRow> transfers(Actor actor, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        Condition condition = noCondition();
        if (!request.filter("kind").isEmpty()) {
            condition = condition.and(TRANSFER.KIND.eq(request.filter("kind")));
        }
        if (!request.filter("account").isEmpty()) {
            String code = request.filter("account");
            condition = condition.and(DEBIT.CODE.eq(code).or(CREDIT.CODE.eq(code)));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(
                                TRANSFER.ID,
                                TRANSFER.KIND,
                                DEBIT.CODE,
                                CREDIT.CODE,
                                TRANSFER.AMOUNT_MINOR,
                                TRANSFER.CURRENCY,
                                TRANSFER.ENVELOPE_ID,
                                TRANSFER.LINE_NUMBER,
                                TRANSFER.POSTED_AT),
                        TRANSFER.join(DEBIT)
                                .on(DEBIT.ID.eq(TRANSFER.DEBIT_ACCOUNT))
                                .join(CREDIT)
                                .on(CREDIT.ID.eq(TRANSFER.CREDIT_ACCOUNT)),
                        condition,
                        request)
                .map(row -> new TransferRow(
                        row.get(TRANSFER.ID),
                        row.get(TRANSFER.KIND),
                        row.get(DEBIT.CODE),
                        row.get(CREDIT.CODE),
                        row.get(TRANSFER.AMOUNT_MINOR),
                        row.get(TRANSFER.CURRENCY),
                        row.get(TRANSFER.ENVELOPE_ID),
                        row.get(TRANSFER.LINE_NUMBER),
                        row.get(TRANSFER.POSTED_AT)));
    }
}
