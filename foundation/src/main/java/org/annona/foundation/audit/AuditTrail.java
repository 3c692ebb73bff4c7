package org.annona.foundation.audit;

import static org.annona.foundation.internal.tables.Tables.AUDIT_CHAIN;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.jooq.DSLContext;

/**
 * Appends to one block's chain of the audit trail. The entry commits with the change it tells of; the chain's head is
 * locked from then on, so an append comes last in its transaction.
 */
public final class AuditTrail {

    private static final SqlFile APPEND = SqlFile.beside(AuditTrail.class, "append.sql");

    private final String chain;

    public AuditTrail(String chain) {
        this.chain = chain;
    }

    public void append(DSLContext tx, AuditEvent event) {
        Map<String, Object> values = new HashMap<>();
        values.put("chain", chain);
        values.put("actor", event.actor());
        values.put("action", event.action());
        values.put("subject", event.subject());
        values.put("cause", event.cause());
        values.put("rows", event.rows());
        values.put("before", event.before());
        values.put("after", event.after());
        values.put("detail", event.detailAsJson());
        APPEND.first(tx, values, (row, number) -> row.getLong(1));
    }

    /** The names of all chains in this database. */
    public static List<String> chains(Database database) {
        return database.sql()
                .select(AUDIT_CHAIN.CHAIN)
                .from(AUDIT_CHAIN)
                .orderBy(AUDIT_CHAIN.CHAIN)
                .fetch(AUDIT_CHAIN.CHAIN);
    }
}
