package org.annona.payments.statement;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.database.SqlFile;
import org.jooq.DSLContext;

/** Money that came back before its debit was seen: it is paired when the payment is settled, by a statement or by people. */
final class WaitingReturns {

    private static final SqlFile CLEAR_RETURNS = SqlFile.beside(WaitingReturns.class, "clear-returns.sql");
    private static final SqlFile POST_CLEARED_RETURNS =
            SqlFile.beside(WaitingReturns.class, "post-cleared-returns.sql");
    private static final SqlFile MARK_RETURNED = SqlFile.beside(WaitingReturns.class, "mark-returned.sql");

    private WaitingReturns() {}

    /** @param settledBy statements or clearings */
    static void clear(DSLContext tx, List<UUID> settledBy, String bankAccount) {
        List<UUID> cleared =
                CLEAR_RETURNS.list(tx, Map.of("source", ids(settledBy)), (row, number) -> row.getObject(1, UUID.class));
        if (!cleared.isEmpty()) {
            post(tx, cleared, bankAccount);
        }
    }

    /** Out of suspense, for clearings of the kind return; the payments came back. */
    static void post(DSLContext tx, List<UUID> clearings, String bankAccount) {
        POST_CLEARED_RETURNS.run(tx, Map.of("clearing", ids(clearings), "bankAccount", bankAccount));
        MARK_RETURNED.run(tx, Map.of("source", ids(clearings)));
    }

    private static Object ids(List<UUID> ids) {
        return SqlFile.column("uuid", ids, id -> id);
    }
}
