package org.annona.registry.feed;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.feed.Feed;
import org.annona.foundation.feed.FeedPart;
import org.annona.foundation.sealing.Sensitive;
import org.annona.registry.AccountChange;
import org.annona.registry.HouseholdChange;
import org.annona.registry.MembershipChange;
import org.annona.registry.PersonChange;
import org.annona.registry.identifier.RegistryKeys;

/** What changed among people, households, their memberships and accounts. */
public final class ChangeFeed {

    private static final SqlFile HOUSEHOLDS = SqlFile.beside(ChangeFeed.class, "households.sql");
    private static final SqlFile PEOPLE = SqlFile.beside(ChangeFeed.class, "people.sql");
    private static final SqlFile MEMBERSHIPS = SqlFile.beside(ChangeFeed.class, "memberships.sql");
    private static final SqlFile ACCOUNTS = SqlFile.beside(ChangeFeed.class, "accounts.sql");

    private final Feed feed;
    private final RegistryKeys keys;

    public ChangeFeed(Database database, RegistryKeys keys) {
        this.feed = new Feed(database);
        this.keys = keys;
    }

    public FeedPart<HouseholdChange> households(String after, int limit) {
        return feed.part(
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

    public FeedPart<PersonChange> people(String after, int limit) {
        return feed.part(
                PEOPLE,
                after,
                limit,
                (row, number) -> new PersonChange(
                        row.getObject("id", UUID.class),
                        row.getString("ref"),
                        row.getBoolean("active"),
                        row.getString("sex"),
                        row.getObject("birth_date", LocalDate.class)));
    }

    public FeedPart<MembershipChange> memberships(String after, int limit) {
        return feed.part(
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

    public FeedPart<AccountChange> accounts(String after, int limit) {
        return feed.part(ACCOUNTS, after, limit, (row, number) -> {
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
}
