package org.annona.payments.envelope;

import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.feed.Feed;
import org.annona.foundation.feed.FeedPart;
import org.annona.payments.PaymentChange;
import org.annona.payments.PaymentChange.Status;

/** What became of payments. */
public final class PaymentFeed {

    private static final SqlFile CHANGES = SqlFile.beside(PaymentFeed.class, "changes.sql");

    private final Feed feed;

    public PaymentFeed(Database database) {
        this.feed = new Feed(database);
    }

    public FeedPart<PaymentChange> changes(String after, int limit) {
        return feed.part(
                CHANGES,
                after,
                limit,
                (row, number) -> new PaymentChange(
                        row.getString("key"),
                        row.getString("line_key"),
                        status(row.getString("state")),
                        row.getString("reason"),
                        row.getString("reference"),
                        row.getLong("settled_minor"),
                        row.getLong("returned_minor"),
                        row.getInt("account_version")));
    }

    private static Status status(String state) {
        return switch (state) {
            case "received", "unresolved", "ready", "in_flight" -> Status.PENDING;
            case "unknown" -> Status.UNKNOWN;
            case "paid" -> Status.PAID;
            case "returned" -> Status.RETURNED;
            case "rejected" -> Status.REJECTED;
            case "cancelled", "stopped" -> Status.CANCELLED;
            default -> throw new IllegalStateException(state);
        };
    }
}
