package org.annona.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sessions end by themselves, and the trail knows it. */
class SessionsTest {

    private final AccessWorld world = new AccessWorld();
    private final Sessions sessions = new Sessions(world.database, world.users::scopeOf, world.clock);

    private void session(String id, Instant created, Instant expires, String user) {
        world.database
                .sql()
                .execute(
                        "insert into access.web_session (primary_id, session_id, creation_time, last_access_time,"
                                + " max_inactive_interval, expiry_time, principal_name) values (?, ?, ?, ?, 1800, ?, ?)",
                        id,
                        id,
                        created.toEpochMilli(),
                        created.toEpochMilli(),
                        expires.toEpochMilli(),
                        user);
    }

    @Test
    void an_identifier_from_the_table_of_sessions_is_no_cookie() {
        SessionCookie cookie = new SessionCookie(world.keyring.blindIndex("access.session"));
        SessionCookie ofAnotherKey = new SessionCookie(new AccessWorld().keyring.blindIndex("access.session"));
        String session = UUID.randomUUID().toString();
        String value = cookie.valueOf(session);

        assertThat(cookie.sessionOf(value)).contains(session);
        assertThat(cookie.sessionOf(session)).isEmpty();
        assertThat(cookie.sessionOf(session + ".")).isEmpty();
        assertThat(cookie.sessionOf(UUID.randomUUID() + value.substring(36))).isEmpty();
        assertThat(cookie.sessionOf(ofAnotherKey.valueOf(session))).isEmpty();
    }

    @Test
    void an_idle_session_and_one_that_is_kept_alive_all_day_end_and_are_told() {
        Instant now = world.clock.instant();
        Duration day = Sessions.LONGEST;
        session("idle too", now.minusSeconds(3_000), now.minusSeconds(1), "zoe");
        session("idle", now.minusSeconds(3_000), now.minusSeconds(1), "amina");
        session("kept alive", now.minus(day).minusSeconds(1), now.plusSeconds(60), "bela");
        session("fresh", now.minus(day).plusSeconds(1), now.plusSeconds(60), "cleo");
        session("of nobody", now.minusSeconds(3_000), now.minusSeconds(1), null);

        sessions.endOld();
        sessions.endOld();

        assertThat(world.rows("access.web_session")).isEqualTo(1);
        assertThat(world.trail())
                .containsExactly(
                        "access.session.expired user/amina",
                        "access.session.expired user/zoe",
                        "access.session.expired user/bela");
        Sessions.endOf(world.database, "cleo");
        assertThat(world.rows("access.web_session")).isZero();
    }
}
