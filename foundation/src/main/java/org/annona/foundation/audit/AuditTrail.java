package org.annona.foundation.audit;

import static org.annona.foundation.internal.tables.Tables.AUDIT_CHAIN;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.jooq.DSLContext;

/**
 * Appends to one block's chain of the audit trail, for the organisation of the current scope. The entry commits with the change it tells of; the chain's head is
 * locked from then on, so an append comes last in its transaction.
 */
public final class AuditTrail {

    private static final SqlFile APPEND = SqlFile.beside(AuditTrail.class, "append.sql");
    private static final SqlFile SEAL = SqlFile.beside(AuditTrail.class, "seal.sql");
    /** Under which the connection settings of a database carry the key. */
    private static final String KEY = AuditSeal.class.getName();

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
        values.put("reason", event.reason());
        values.put("rows", event.rows());
        values.put("before", event.before());
        values.put("after", event.after());
        values.put("detail", event.detailAsJson());
        Appended appended = Objects.requireNonNull(
                APPEND.first(tx, values, (row, number) -> new Appended(row.getLong("seq"), row.getBytes("hash"))));
        if (tx.configuration().data(KEY) instanceof AuditSeal seal) {
            SEAL.first(
                    tx,
                    Map.of(
                            "chain", chain,
                            "seq", appended.seq(),
                            "seal", seal.of(chain, appended.seq(), appended.hash())),
                    (row, number) -> chain);
        }
    }

    private record Appended(long seq, byte[] hash) {}

    /** From now on every entry that is written over this database is sealed. Without it an entry has no seal, which the verification tells. */
    public static void seal(Database database, AuditSeal seal) {
        database.sql().configuration().data(KEY, seal);
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
