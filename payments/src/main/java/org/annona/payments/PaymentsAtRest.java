package org.annona.payments;

import static org.annona.payments.internal.tables.Tables.RESTORATION;

import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import org.annona.foundation.database.Database;
import org.annona.payments.dispatch.AfterRestore;
import org.annona.payments.ledger.LedgerCheck;
import org.annona.payments.restored.Restored;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/** What can be said about payments while nothing of them runs: no job, no bank. */
public final class PaymentsAtRest {

    private PaymentsAtRest() {}

    /** One sentence per broken invariant of money; an empty list means that all hold. */
    public static List<String> faults(Database database) {
        return new LedgerCheck(database).faults();
    }

    /** Whether the installation was restored from a backup and finance has not said yet that payments may go on. */
    public static boolean waitAfterRestore(Database database) {
        return Restored.waits(database.sql());
    }

    /** Writes down, in the transaction that restores the rows, that nothing may be sent until finance has confirmed. */
    public static void markRestored(Connection owner, Instant backupTakenAt) {
        DSLContext tx = DSL.using(
                owner,
                SQLDialect.POSTGRES,
                new Settings().withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED));
        tx.execute("set local search_path = payments, public");
        tx.insertInto(RESTORATION)
                .set(RESTORATION.BACKUP_TAKEN_AT, backupTakenAt)
                .execute();
        AfterRestore.doubtWhatWasPrepared(tx);
    }
}
