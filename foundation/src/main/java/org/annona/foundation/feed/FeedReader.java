package org.annona.foundation.feed;

import static org.annona.foundation.internal.tables.Tables.FEED_POSITION;
import static org.jooq.impl.DSL.max;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.jooq.DSLContext;

/**
 * Reads feeds of another block or installation. A part is stored together with its position, and only if no other process
 * stored it meanwhile: any number of processes may read at once.
 */
public final class FeedReader {

    private final Database database;
    private final Clock clock;

    public FeedReader(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param more whether more is there at once */
    public record Read(int rows, boolean more) {}

    /**
     * Reads one part.
     *
     * @param stream name of the feed, one per reading block
     * @param store is not called for a part without rows
     */
    public <T> Read read(
            String stream,
            BiFunction<String, Integer, FeedPart<T>> feed,
            int limit,
            BiConsumer<DSLContext, List<T>> store) {
        String position = position(stream);
        FeedPart<T> part = feed.apply(position, limit);
        boolean stored = Scope.across(AcrossOrganisations.FEEDS)
                .call(() -> database.inTransaction(tx -> {
                    if (!advance(tx, stream, position, part.position())) {
                        return false;
                    }
                    if (!part.rows().isEmpty()) {
                        store.accept(tx, part.rows());
                    }
                    return true;
                }));
        return stored ? new Read(part.rows().size(), part.more()) : new Read(0, true);
    }

    /** When the last part of any of these streams was stored. */
    public Optional<Instant> lastRead(Collection<String> streams) {
        return database.sql()
                .select(max(FEED_POSITION.READ_AT))
                .from(FEED_POSITION)
                .where(FEED_POSITION.BLOCK.eq(database.schema()), FEED_POSITION.STREAM.in(streams))
                .fetchOptional()
                .map(row -> row.value1());
    }

    private String position(String stream) {
        return database.sql()
                .select(FEED_POSITION.POSITION)
                .from(FEED_POSITION)
                .where(FEED_POSITION.BLOCK.eq(database.schema()), FEED_POSITION.STREAM.eq(stream))
                .fetchOptional(FEED_POSITION.POSITION)
                .orElse("");
    }

    private boolean advance(DSLContext tx, String stream, String from, String to) {
        int moved = from.isEmpty()
                ? tx.insertInto(FEED_POSITION)
                        .values(database.schema(), stream, to, clock.instant())
                        .onConflictDoNothing()
                        .execute()
                : tx.update(FEED_POSITION)
                        .set(FEED_POSITION.POSITION, to)
                        .set(FEED_POSITION.READ_AT, clock.instant())
                        .where(FEED_POSITION.BLOCK.eq(database.schema()), FEED_POSITION.STREAM.eq(stream))
                        .and(FEED_POSITION.POSITION.eq(from))
                        .execute();
        return moved == 1;
    }
}
