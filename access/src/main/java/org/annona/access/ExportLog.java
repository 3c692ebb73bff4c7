package org.annona.access;

import java.util.Collection;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;

/** Tells the audit trail of every list that leaves as a file: before its first row, and how many rows it had in the end. */
public final class ExportLog {

    private final Database database;
    private final AuditTrail audit = new AuditTrail("access");

    ExportLog(Database database) {
        this.database = database;
    }

    /** @param filters names of those that were set; their values may name people */
    public void begun(String user, String path, Collection<String> filters) {
        AuditEvent event = AuditEvent.of(user, "access.export", "list" + path);
        append(filters.isEmpty() ? event : event.with("filters", String.join(",", filters)));
    }

    public void sent(String user, String path, long rows) {
        append(AuditEvent.of(user, "access.export.sent", "list" + path).touching(rows));
    }

    private void append(AuditEvent event) {
        database.transact(tx -> audit.append(tx, event));
    }
}
