package org.annona.registry.feed;

import static org.annona.registry.internal.tables.Tables.FEED_EPOCH;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.sealing.Sensitive;
import org.annona.registry.AccountChange;
import org.annona.registry.Changes;
import org.annona.registry.HouseholdChange;
import org.annona.registry.MembershipChange;
import org.annona.registry.PersonChange;
import org.annona.registry.identifier.RegistryKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/**
 * What changed since a position. Rows are ordered by the transaction that changed them last, and shown once no transaction
 * that began before is still open: so a reader who goes on from its position misses nothing, whatever commits late. A row
 * that changes again appears again.
 */
public final class ChangeFeed {

    private static final SqlFile HOUSEHOLDS = SqlFile.beside(ChangeFeed.class, "households.sql");
    private static final SqlFile PEOPLE = SqlFile.beside(ChangeFeed.class, "people.sql");
    private static final SqlFile MEMBERSHIPS = SqlFile.beside(ChangeFeed.class, "memberships.sql");
    private static final SqlFile ACCOUNTS = SqlFile.beside(ChangeFeed.class, "accounts.sql");
    private static final SqlFile SYSTEM = SqlFile.beside(ChangeFeed.class, "system-identifier.sql");
    private static final int LARGEST_PART = 20_000;

    private final Database database;
    private final RegistryKeys keys;

    public ChangeFeed(Database database, RegistryKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    public Changes<HouseholdChange> households(String after, int limit) {
        return part(
                HOUSEHOLDS,
                after,
                limit,
                (row, number) -> new HouseholdChange(
                        row.getObject("id", UUID.class),
                        row.getString("ref"),
                        row.getBoolean("active"),
                        row.getString("area_path"),
                        (Long) row.getObject("monthly_income_minor")));
    }

    public Changes<PersonChange> people(String after, int limit) {
        return part(
                PEOPLE,
                after,
                limit,
                (row, number) -> new PersonChange(
                        row.getObject("id", UUID.class),
                        row.getBoolean("active"),
                        row.getString("sex"),
                        row.getObject("birth_date", LocalDate.class)));
    }

    public Changes<MembershipChange> memberships(String after, int limit) {
        return part(
                MEMBERSHIPS,
                after,
                limit,
                (row, number) -> new MembershipChange(
                        row.getObject("id", UUID.class),
                        row.getObject("household_id", UUID.class),
                        row.getObject("person_id", UUID.class),
                        row.getString("role"),
                        row.getObject("valid_from", LocalDate.class),
                        row.getObject("valid_to", LocalDate.class)));
    }

    public Changes<AccountChange> accounts(String after, int limit) {
        return part(ACCOUNTS, after, limit, (row, number) -> {
            UUID id = row.getObject("id", UUID.class);
            return new AccountChange(
                    id,
                    row.getObject("person_id", UUID.class),
                    row.getString("scheme"),
                    row.getString("provider"),
                    Sensitive.of(keys.openText(RegistryKeys.ACCOUNT, id, row.getBytes("number_sealed"))),
                    row.getBoolean("active"),
                    row.getTimestamp("created_at").toInstant());
        });
    }

    private record Positioned<T>(T change, String xid, UUID id) {}

    private <T> Changes<T> part(SqlFile statement, String after, int limit, RowMapper<T> mapper) {
        Position position = Position.read(after, epoch());
        int size = Math.clamp(limit, 1, LARGEST_PART);
        Map<String, Object> values = new HashMap<>();
        values.put("xid", position.xid());
        values.put("id", position.id());
        values.put("limit", size + 1);
        List<Positioned<T>> rows =
                statement.list(database.sql(), values, (row, number) -> positioned(row, number, mapper));
        boolean more = rows.size() > size;
        List<Positioned<T>> part = more ? rows.subList(0, size) : rows;
        Position last = part.isEmpty()
                ? position
                : new Position(
                        position.epoch(), part.getLast().xid(), part.getLast().id());
        return new Changes<>(part.stream().map(Positioned::change).toList(), last.text(), more);
    }

    private static <T> Positioned<T> positioned(ResultSet row, int number, RowMapper<T> mapper) throws SQLException {
        T change = Objects.requireNonNull(mapper.mapRow(row, number));
        return new Positioned<>(change, row.getString("changed_xid"), row.getObject("id", UUID.class));
    }

    /** @param epoch of the numbering of transactions; a position of another one means nothing, so reading starts anew */
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

    /** A new one begins when the data is found in another database server than before, as after a restore. */
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
