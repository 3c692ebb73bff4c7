package org.annona.payments.ledger;

import static org.annona.payments.internal.tables.Tables.LEDGER_ACCOUNT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.annona.payments.LedgerTotals;

/**
 * Checks the invariants of money (payments reference, 5.4) over everything that is stored: the books against themselves, and the
 * books against what the bank wrote.
 */
public final class LedgerCheck {

    private static final SqlFile FAULTS = SqlFile.beside(LedgerCheck.class, "faults.sql");
    private static final SqlFile BANK_LINES = SqlFile.beside(LedgerCheck.class, "bank-lines.sql");

    private final Database database;

    public LedgerCheck(Database database) {
        this.database = database;
    }

    /** From the accounts, whose sums the database keeps; {@link #faults()} compares those with the transfers. */
    public LedgerTotals totals(String currency) {
        return Scope.across(AcrossOrganisations.OPERATION)
                .call(() -> database.sql()
                        .select(
                                coalesce(sum(LEDGER_ACCOUNT.DEBITS), BigDecimal.ZERO),
                                coalesce(sum(LEDGER_ACCOUNT.CREDITS), BigDecimal.ZERO))
                        .from(LEDGER_ACCOUNT)
                        .where(LEDGER_ACCOUNT.CURRENCY.eq(currency))
                        .fetchSingle(row -> new LedgerTotals(
                                row.value1().longValueExact(), row.value2().longValueExact())));
    }

    /** One sentence per broken invariant, with how often; an empty list means that all hold. */
    public List<String> faults() {
        return Scope.across(AcrossOrganisations.OPERATION)
                .call(() -> database.onOneSnapshot(tx -> Stream.of(FAULTS, BANK_LINES)
                        .flatMap(file -> file
                                .list(
                                        tx,
                                        Map.of(),
                                        (row, number) ->
                                                row.getString("invariant") + ": " + row.getLong("cases") + " cases")
                                .stream())
                        .toList()));
    }
}
