package org.annona.payments.dispatch;

import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;

import java.time.Instant;
import java.util.Map;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.payments.internal.tables.tables.records.BatchRecord;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.LedgerAccounts;
import org.jooq.DSLContext;

/**
 * What was prepared when a backup was taken may have been sent afterwards. So after the restore it counts as sent without an answer: the
 * bank is asked about it, a statement settles it, and only what neither knows is sent, under the same references.
 */
public final class AfterRestore {

    private static final SqlFile MARK_SENDING = SqlFile.beside(AfterRestore.class, "mark-sending.sql");
    private static final SqlFile POST_SEND = SqlFile.beside(AfterRestore.class, "post-send.sql");
    private static final SqlFile REST_UNKNOWN = SqlFile.beside(AfterRestore.class, "mark-rest-unknown.sql");

    private AfterRestore() {}

    public static void doubtWhatWasPrepared(DSLContext tx) {
        Instant now = Database.now(tx);
        for (BatchRecord batch : tx.fetch(BATCH, BATCH.STATE.eq("prepared"))) {
            MARK_SENDING.run(tx, Map.of("batch", batch.getId(), "from", "prepared"));
            EnvelopeRecord envelope = tx.fetchSingle(ENVELOPE, ENVELOPE.ID.eq(batch.getEnvelopeId()));
            POST_SEND.run(
                    tx,
                    Map.of(
                            "batch",
                            batch.getId(),
                            "committed",
                            LedgerAccounts.committed(tx, envelope.getId(), envelope.getCurrency())));
            REST_UNKNOWN.run(tx, Map.of("batch", batch.getId(), "reason", "NO_ANSWER"));
            batch.setState("unknown");
            batch.setFence(batch.getFence() + 1);
            batch.setSentAt(now);
            batch.setSubmissions(batch.getSubmissions() + 1);
            batch.setNextQueryAt(now);
            batch.setLeaseUntil(null);
            batch.setNote("it may have been sent after the backup that was restored");
            batch.update();
        }
    }
}
