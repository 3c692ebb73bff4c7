package org.annona.payments.ledger;

import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.jooq.impl.DSL.defaultValue;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** Names the accounts of the ledger (payments reference, 5.3) and makes them at first use. */
public final class LedgerAccounts {

    private LedgerAccounts() {}

    /** What the bank holds for us; a debit balance that mirrors its statements. */
    public static int bank(DSLContext tx, String account, String currency) {
        return ofInstallation(tx, "BANK:" + account, "BANK", currency);
    }

    /** What a programme may spend in a year. */
    public static int fund(DSLContext tx, String programme, int year, String currency) {
        return account(tx, fundCode(programme, year), "FUND", currency);
    }

    public static String fundCode(String programme, int year) {
        return "FUND:" + programme + ":" + year;
    }

    /** What is reserved for an envelope and not sent. */
    public static int committed(DSLContext tx, UUID envelope, String currency) {
        return account(tx, "COMMITTED:" + envelope, "COMMITTED", currency);
    }

    /** What was sent with one message and is not seen on a statement. */
    public static int inFlight(DSLContext tx, String rail, String messageId, String currency) {
        return account(tx, "IN_FLIGHT:" + rail + ":" + messageId, "IN_FLIGHT", currency);
    }

    /** What came back from beneficiaries. */
    public static int returns(DSLContext tx, String programme, String currency) {
        return account(tx, "RETURNS:" + programme, "RETURNS", currency);
    }

    /**
     * The accounts that payments of a cycle need when a statement shows them, which is booked for all organisations at once.
     *
     * @param organisation whose programme it is
     */
    public static void ofPayments(DSLContext tx, short organisation, String programme, String cycle, String currency) {
        Field<Short> owner = val(organisation);
        account(tx, "BENEFIT:" + programme + ":" + cycle, "BENEFIT", currency, owner);
        account(tx, "APPLIED:" + programme + ":" + cycle, "APPLIED", currency, owner);
        account(tx, "RETURNS:" + programme, "RETURNS", currency, owner);
    }

    /** Money that was announced came; {@code organisation} announced it. */
    public static void fund(DSLContext tx, short organisation, String programme, int year, String currency) {
        account(tx, fundCode(programme, year), "FUND", currency, val(organisation));
    }

    /** Lines of statements that nobody has explained yet. */
    public static int suspense(DSLContext tx, String account, String currency) {
        return ofInstallation(tx, "SUSPENSE:" + account, "SUSPENSE", currency);
    }

    /** With what our account began. */
    public static int opening(DSLContext tx, String account, String currency) {
        return ofInstallation(tx, openingCode(account), "OPENING", currency);
    }

    public static String openingCode(String account) {
        return "OPENING:" + account;
    }

    /** What was paid to beneficiaries in a cycle: the expense. */
    public static int benefit(DSLContext tx, String programme, String cycle, String currency) {
        return account(tx, "BENEFIT:" + programme + ":" + cycle, "BENEFIT", currency);
    }

    /** The part of the appropriation that the expense used; always the contra of the benefit. */
    public static int applied(DSLContext tx, String programme, String cycle, String currency) {
        return account(tx, "APPLIED:" + programme + ":" + cycle, "APPLIED", currency);
    }

    /** What the bank charged. */
    public static int fees(DSLContext tx, String rail, String currency) {
        return ofInstallation(tx, "FEES:" + rail, "FEES", currency);
    }

    /**
     * Lets nobody else act on the balance of an account until this transaction ends. A lock of its own and not of the row,
     * because the block may not touch the rows of accounts.
     */
    public static void lock(DSLContext tx, int account) {
        tx.execute("select pg_advisory_xact_lock(4711, {0})", val(account));
    }

    private static int account(DSLContext tx, String code, String kind, String currency) {
        return account(tx, code, kind, currency, defaultValue(LEDGER_ACCOUNT.ORGANISATION_ID));
    }

    private static int ofInstallation(DSLContext tx, String code, String kind, String currency) {
        return account(tx, code, kind, currency, inline((Short) null, LEDGER_ACCOUNT.ORGANISATION_ID));
    }

    private static int account(DSLContext tx, String code, String kind, String currency, Field<Short> organisation) {
        Integer known = find(tx, code);
        if (known != null) {
            return known;
        }
        tx.insertInto(LEDGER_ACCOUNT)
                .set(LEDGER_ACCOUNT.CODE, code)
                .set(LEDGER_ACCOUNT.KIND, kind)
                .set(LEDGER_ACCOUNT.CURRENCY, currency)
                .set(LEDGER_ACCOUNT.ORGANISATION_ID, organisation)
                .onConflict(LEDGER_ACCOUNT.CODE)
                .doNothing()
                .execute();
        return Objects.requireNonNull(find(tx, code), code);
    }

    private static @Nullable Integer find(DSLContext tx, String code) {
        return tx.select(LEDGER_ACCOUNT.ID)
                .from(LEDGER_ACCOUNT)
                .where(LEDGER_ACCOUNT.CODE.eq(code))
                .fetchOne(LEDGER_ACCOUNT.ID);
    }
}
