package org.annona.foundation.feed;

import static org.annona.foundation.internal.tables.Tables.FEED_EPOCH;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/**
 * Rows of a table that changed since a position. Rows are ordered by the transaction that changed them last, and shown once
 * no transaction that began before is still open: a reader that continues from its position misses nothing, whatever commits
 * late. A row that changes again appears again. The feed tells of all organisations; its reader gives each row to its own.
 */
public final class Feed {

    private static final SqlFile SYSTEM = SqlFile.beside(Feed.class, "system-identifier.sql");
    private static final int LARGEST_PART = 20_000;

    private final Database database;

    public Feed(Database database) {
        this.database = database;
    }

    private record Positioned<T>(T row, String xid, UUID id) {}

    /**
     * @param statement selects rows with {@code (changed_xid, id)} behind {@code (:xid, :id)} and {@code changed_xid} below the
     *     oldest open transaction, in this order, at most {@code :limit}; {@code id} and {@code changed_xid::text} are columns
     * @param after an empty text for the beginning, then the position of the part before; anything else starts anew
     */
    public <T> FeedPart<T> part(SqlFile statement, String after, int limit, RowMapper<T> mapper) {
        Position position = Position.read(after, epoch());
        int size = Math.clamp(limit, 1, LARGEST_PART);
        List<Positioned<T>> rows = Scope.across(AcrossOrganisations.FEEDS)
                .call(() -> statement.list(
                        database.sql(),
                        Map.of("xid", position.xid(), "id", position.id(), "limit", size + 1),
                        (row, number) -> positioned(row, number, mapper)));
        boolean more = rows.size() > size;
        List<Positioned<T>> part = more ? rows.subList(0, size) : rows;
        Position last = part.isEmpty()
                ? position
                : new Position(
                        position.epoch(), part.getLast().xid(), part.getLast().id());
        return new FeedPart<>(part.stream().map(Positioned::row).toList(), last.text(), more);
    }

    private static <T> Positioned<T> positioned(ResultSet row, int number, RowMapper<T> mapper) throws SQLException {
        T mapped = Objects.requireNonNull(mapper.mapRow(row, number));
        return new Positioned<>(mapped, row.getString("changed_xid"), row.getObject("id", UUID.class));
    }

    /** @param epoch of the numbering of transactions; a position of another epoch means nothing, so reading starts anew */
    private record Position(int epoch, String xid, UUID id) {

        private static final UUID FIRST = new UUID(0, 0);

        static Position read(String text, int currentEpoch) {
            String[] parts = text.split(":", -1);
            if (parts.length != 3 || !parts[0].equals(Integer.toString(currentEpoch))) {
                return new Position(currentEpoch, "0", FIRST);
            }
            return new Position(currentEpoch, parts[1], UUID.fromString(parts[2]));
        }

        String text() {
            return epoch + ":" + xid + ":" + id;
        }
    }

    /** A new epoch begins when the data is found in another database server than before, as after a restore. */
    private int epoch() {
        Long system = Objects.requireNonNull(SYSTEM.first(database.sql(), Map.of(), (row, number) -> row.getLong(1)));
        @Nullable
        Integer current = database.sql()
                .select(FEED_EPOCH.NUMBER)
                .from(FEED_EPOCH)
                .where(FEED_EPOCH.SYSTEM_IDENTIFIER.eq(system))
                .orderBy(FEED_EPOCH.NUMBER.desc())
                .limit(1)
                .fetchOne(FEED_EPOCH.NUMBER);
        if (current != null && isNewest(current)) {
            return current;
        }
        return database.sql()
                .insertInto(FEED_EPOCH)
                .set(FEED_EPOCH.SYSTEM_IDENTIFIER, system)
                .returning(FEED_EPOCH.NUMBER)
                .fetchSingle()
                .getNumber();
    }

    private boolean isNewest(int epoch) {
        return !database.sql().fetchExists(FEED_EPOCH, FEED_EPOCH.NUMBER.gt(epoch));
    }
}
