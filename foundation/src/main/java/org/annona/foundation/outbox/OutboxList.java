package org.annona.foundation.outbox;

import static org.annona.foundation.internal.tables.Tables.OUTBOX;
import static org.jooq.impl.DSL.noCondition;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.internal.tables.states.OutboxState;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.jspecify.annotations.Nullable;

/** Lists messages. Filter: state. */
public final class OutboxList {

    private static final Keyset ORDER = new Keyset(Map.of("created", OUTBOX.CREATED_AT), "created", true, OUTBOX.ID);

    private final Database database;

    public OutboxList(Database database) {
        this.database = database;
    }

    public record Row(
            UUID id,
            String topic,
            String key,
            String state,
            int attempts,
            Instant createdAt,
            Instant nextTryAt,
            @Nullable String lastError) {}

    public Page<Row> page(PageRequest request) {
        return ORDER.page(
                        database.sql(),
                        List.of(OUTBOX.fields()),
                        OUTBOX,
                        request.filter("state").isEmpty()
                                ? noCondition()
                                : OUTBOX.STATE.coerce(String.class).eq(request.filter("state")),
                        request)
                .map(row -> new Row(
                        row.get(OUTBOX.ID),
                        row.get(OUTBOX.TOPIC),
                        row.get(OUTBOX.KEY),
                        row.get(OUTBOX.STATE).code(),
                        row.get(OUTBOX.ATTEMPTS),
                        row.get(OUTBOX.CREATED_AT),
                        row.get(OUTBOX.NEXT_TRY_AT),
                        row.get(OUTBOX.LAST_ERROR)));
    }

    /** How many messages were given up and wait for a person. */
    public long dead() {
        return database.sql().fetchCount(OUTBOX, OUTBOX.STATE.eq(OutboxState.DEAD));
    }
}
