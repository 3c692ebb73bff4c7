package org.annona.payments.envelope;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.payments.PaymentChange;
import org.annona.payments.PaymentChange.Status;
import org.annona.payments.PaymentChanges;

/**
 * What became of payments since a position. Rows are ordered by the transaction that changed them last and shown once no
 * earlier one is open, so a reader who goes on from its position misses nothing.
 */
public final class PaymentFeed {

    private static final SqlFile CHANGES = SqlFile.beside(PaymentFeed.class, "changes.sql");
    private static final SqlFile SYSTEM = SqlFile.beside(PaymentFeed.class, "system-identifier.sql");
    private static final int LARGEST_PART = 20_000;

    private final Database database;

    public PaymentFeed(Database database) {
        this.database = database;
    }

    private record Row(PaymentChange change, String xid, UUID id) {}

    public PaymentChanges changes(String after, int limit) {
        String[] position = position(after);
        int size = Math.clamp(limit, 1, LARGEST_PART);
        List<Row> rows = CHANGES.list(
                database.sql(),
                Map.of("xid", position[1], "id", position[2], "limit", size + 1),
                (row, number) -> new Row(
                        new PaymentChange(
                                row.getString("key"),
                                row.getString("line_key"),
                                status(row.getString("state")),
                                row.getString("reason"),
                                row.getString("reference"),
                                row.getLong("settled_minor"),
                                row.getLong("returned_minor"),
                                row.getInt("account_version")),
                        row.getString("changed_xid"),
                        row.getObject("id", UUID.class)));
        boolean more = rows.size() > size;
        List<Row> part = more ? rows.subList(0, size) : rows;
        String next = part.isEmpty()
                ? String.join(":", position)
                : position[0] + ":" + part.getLast().xid() + ":"
                        + part.getLast().id();
        return new PaymentChanges(part.stream().map(Row::change).toList(), next, more);
    }

    /** A position in another database server, as before a restore, means nothing; reading starts anew. */
    private String[] position(String after) {
        Long identifier = SYSTEM.first(database.sql(), Map.of(), (row, number) -> row.getLong(1));
        String system = String.valueOf(identifier);
        String[] parts = after.split(":", -1);
        return parts.length == 3 && parts[0].equals(system)
                ? parts
                : new String[] {system, "0", new UUID(0, 0).toString()};
    }

    private static Status status(String state) {
        return switch (state) {
            case "received", "parked", "ready", "in_flight" -> Status.PENDING;
            case "unknown" -> Status.UNKNOWN;
            case "paid" -> Status.PAID;
            case "returned" -> Status.RETURNED;
            case "rejected" -> Status.REJECTED;
            case "cancelled", "stopped" -> Status.CANCELLED;
            default -> throw new IllegalStateException(state);
        };
    }
}
