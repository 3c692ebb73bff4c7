package org.annona.registry.social;

import static org.annona.registry.internal.tables.Tables.EVENT;
import static org.annona.registry.internal.tables.Tables.EVENT_AUDIENCE;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.exchange.EventPage;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;

/** What happens to people that partners may want to be told of. */
final class RegistryEvents {

    private static final SqlFile EVENTS = SqlFile.beside(RegistryEvents.class, "events.sql");
    private static final String REGISTER = "REGISTER";
    private static final String NEW_MEMBER = "NewHouseHoldMember";
    private static final Duration KEPT = Duration.ofDays(30);
    private static final String FIRST = "0:0";

    private final Database database;
    private final Clock clock;

    RegistryEvents(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** DCI reference, section 14: editions and partners spell them differently. */
    static Optional<String> named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "register", "registration" -> Optional.of(REGISTER);
            case "newhouseholdmember", "new_household_member" -> Optional.of(NEW_MEMBER);
            default -> Optional.empty();
        };
    }

    void listen(String event) {
        database.sql()
                .insertInto(EVENT_AUDIENCE)
                .set(EVENT_AUDIENCE.EVENT, event)
                .onConflictDoNothing()
                .execute();
    }

    void forgetOld() {
        database.sql()
                .deleteFrom(EVENT)
                .where(EVENT.AT.lt(clock.instant().minus(KEPT)))
                .execute();
    }

    EventPage happened(String after, int limit) {
        String[] from = (after.isEmpty() ? FIRST : after).split(":", -1);
        List<EventPage.Positioned> rows = EVENTS.list(
                database.sql(),
                Map.of(
                        "xid",
                        from[0],
                        "number",
                        Long.parseLong(from[1]),
                        "day",
                        LocalDate.now(clock),
                        "limit",
                        limit + 1),
                (row, number) -> {
                    Map<String, UUID> records = new HashMap<>();
                    records.put(SocialRegistry.MEMBER, row.getObject("person_id", UUID.class));
                    records.put(SocialRegistry.PERSON_ALONE, row.getObject("person_id", UUID.class));
                    UUID household = row.getObject("household_id", UUID.class);
                    if (household != null) {
                        records.put(SocialRegistry.GROUP, household);
                    }
                    return new EventPage.Positioned(
                            new EventPage.Event(
                                    row.getString("event"),
                                    "sr-" + row.getLong("number"),
                                    row.getTimestamp("at").toInstant(),
                                    records),
                            row.getString("changed_xid") + ":" + row.getLong("number"));
                });
        return EventPage.of(rows, limit, String.join(":", from));
    }
}
