package org.annona.access;

import static org.annona.access.internal.tables.Tables.LOGIN_FAILURE;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;

/**
 * Slows down guessing: after {@value #PER_NAME} failures for one name or {@value #PER_ADDRESS} from one address each
 * further one doubles the wait, from half a minute to a quarter of an hour. Counted in the database, so that all processes
 * count together.
 */
final class LoginThrottle {

    static final int PER_NAME = 5;
    static final int PER_ADDRESS = 30;

    private static final Duration FORGET_AFTER = Duration.ofMinutes(15);
    private static final SqlFile NOTE_FAILURE = SqlFile.beside(LoginThrottle.class, "note-failure.sql");

    private final Database database;
    private final Clock clock;

    LoginThrottle(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Until when logins with this name or from this address are not even looked at. */
    Optional<Instant> blockedUntil(String name, String address) {
        return database.sql()
                .select(org.jooq.impl.DSL.max(LOGIN_FAILURE.BLOCKED_UNTIL))
                .from(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.SOURCE.in(sourceOfName(name), sourceOfAddress(address)))
                .and(LOGIN_FAILURE.BLOCKED_UNTIL.gt(clock.instant()))
                .fetchOptional()
                .map(row -> row.value1());
    }

    void noteFailure(String name, String address) {
        note(sourceOfName(name), PER_NAME);
        note(sourceOfAddress(address), PER_ADDRESS);
    }

    void noteSuccess(String name) {
        database.sql()
                .deleteFrom(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.SOURCE.eq(sourceOfName(name)))
                .execute();
    }

    /** Removes what no longer counts. */
    void forget() {
        database.sql()
                .deleteFrom(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.LAST_AT.lt(clock.instant().minus(FORGET_AFTER.multipliedBy(2))))
                .execute();
    }

    private void note(String source, int limit) {
        Instant now = clock.instant();
        NOTE_FAILURE.run(
                database.sql(),
                Map.of(
                        "source",
                        source,
                        "now",
                        Timestamp.from(now),
                        "forgottenBefore",
                        Timestamp.from(now.minus(FORGET_AFTER)),
                        "limit",
                        limit));
    }

    private static String sourceOfName(String name) {
        String key = Users.normalised(name);
        return "name:" + key.substring(0, Math.min(60, key.length()));
    }

    private static String sourceOfAddress(String address) {
        return "address:" + address;
    }
}
