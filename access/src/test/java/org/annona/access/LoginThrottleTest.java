package org.annona.access;

import static org.annona.access.AccessWorld.GOOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guessing is slowed down, and nobody can lock another out by it. */
class LoginThrottleTest {

    private static final SignInPlace DESK = SignInPlace.of("10.0.0.1");
    private static final SignInPlace ATTACKER = SignInPlace.of("192.0.2.66");

    private final AccessWorld world = new AccessWorld();
    private Actor admin;

    @BeforeEach
    void users() {
        admin = world.users
                .createIfAbsent("root", "Root", Set.of(Role.ADMINISTRATOR), GOOD, false)
                .actor();
        world.users.createIfAbsent("amina", "Amina", Set.of(Role.REGISTRAR), GOOD, false);
    }

    private void fail(String name, SignInPlace place, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> world.login.check(name, "wrong", place)).hasMessage("Name or password is wrong.");
        }
    }

    /** From as many addresses as it takes, each below its own limit. */
    private void failFromEverywhere(String name, int times) {
        for (int i = 0; i < times; i++) {
            fail(name, SignInPlace.of("198.51." + i / 250 + "." + i % 250), 1);
        }
    }

    private void assertLocked(String name, SignInPlace place) {
        assertThatThrownBy(() -> world.login.check(name, GOOD, place)).hasMessageContaining("too many failed");
    }

    @Test
    void a_pair_of_name_and_address_is_locked_even_for_the_right_password_and_told_until_when() {
        fail("amina", DESK, LoginThrottle.PER_PAIR);

        assertThatThrownBy(() -> world.login.check("amina", GOOD, DESK))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo(AccessProblem.LOGIN_THROTTLED);
                    // 08:00 in UTC, and three hours more where the installation is.
                    assertThat(problem.remedy()).contains("Wait until 11:00:30 (Africa/Nairobi)");
                });
        world.clock.pass(Duration.ofSeconds(31));
        world.login.check("amina", GOOD, DESK);
    }

    @Test
    void each_further_failure_doubles_the_wait() {
        LoginThrottle.Attempt attempt = world.throttle.attempt("amina", DESK);
        for (int i = 0; i < LoginThrottle.PER_PAIR + 2; i++) {
            world.throttle.noteFailure(attempt);
        }
        assertThat(world.throttle.blockedUntil(attempt))
                .contains(world.clock.instant().plusSeconds(120));
    }

    @Test
    void a_stranger_locks_only_herself_out_of_a_name() {
        fail("amina", ATTACKER, LoginThrottle.PER_PAIR);
        assertLocked("amina", ATTACKER);

        world.login.check("amina", GOOD, DESK);
    }

    @Test
    void what_all_the_world_tries_with_a_name_does_not_lock_its_owner_out_where_she_signed_in_before() {
        world.login.check("amina", GOOD, DESK);

        failFromEverywhere("amina", LoginThrottle.PER_NAME);

        assertLocked("amina", SignInPlace.of("203.0.113.9"));
        world.login.check("amina", GOOD, DESK);
        world.clock.pass(Duration.ofSeconds(16));
        world.login.check("amina", GOOD, SignInPlace.of("203.0.113.9"));
    }

    @Test
    void a_device_of_the_user_is_free_of_what_strangers_do_at_the_same_address() {
        String cookie = world.devices.with(null, "amina");
        fail("amina", DESK, LoginThrottle.PER_PAIR);
        for (int i = 0; i < LoginThrottle.PER_ADDRESS; i++) {
            world.throttle.noteFailure(world.throttle.attempt("name" + i, DESK));
        }
        assertLocked("amina", DESK);
        assertLocked("root", DESK);

        SignInPlace device = new SignInPlace(DESK.address(), cookie);
        world.login.check("amina", GOOD, device);
        fail("amina", device, LoginThrottle.PER_PAIR);
        assertLocked("amina", device);
    }

    @Test
    void the_cookie_of_a_device_is_of_no_use_for_another_user_nor_after_a_change_nor_for_ever() {
        String cookie = world.devices.with(null, "amina");
        var since = world.clock.instant();

        assertThat(cookie).doesNotContain("amina");
        assertThat(world.devices.idFor(cookie, "amina", since)).isPresent();
        assertThat(world.devices.idFor(cookie, "root", since)).isEmpty();
        assertThat(world.devices.idFor((cookie.charAt(0) == 'x' ? "y" : "x") + cookie.substring(1), "amina", since))
                .isEmpty();
        assertThat(world.devices.idFor(cookie, "amina", since.plusSeconds(1))).isEmpty();
        assertThat(world.devices.idFor("nonsense", "amina", since)).isEmpty();
        world.clock.pass(Devices.LIFE.plusSeconds(1));
        assertThat(world.devices.idFor(cookie, "amina", since)).isEmpty();
    }

    @Test
    void users_who_share_a_browser_share_its_cookie_and_the_oldest_gives_way() {
        String cookie = null;
        for (int i = 0; i < 9; i++) {
            cookie = world.devices.with(cookie, "user" + i);
        }
        var since = world.clock.instant();
        assertThat(world.devices.idFor(cookie, "user0", since)).isEmpty();
        assertThat(world.devices.idFor(cookie, "user1", since)).isPresent();
        assertThat(world.devices.idFor(cookie, "user8", since)).isPresent();
        assertThat(cookie).hasSizeLessThan(400);
    }

    @Test
    void many_names_from_one_address_wait_a_bounded_time_and_known_users_there_do_not() {
        world.login.check("amina", GOOD, DESK);
        for (int i = 0; i < LoginThrottle.PER_ADDRESS + 20; i++) {
            world.throttle.noteFailure(world.throttle.attempt("name" + i, DESK));
        }
        assertThat(world.throttle.blockedUntil(world.throttle.attempt("root", DESK)))
                .contains(world.clock.instant().plus(Duration.ofMinutes(2)));
        world.login.check("amina", GOOD, DESK);
    }

    @Test
    void one_network_of_version_6_counts_as_one_address() {
        assertThat(LoginThrottle.network("2001:db8::1")).isEqualTo(LoginThrottle.network("2001:db8::ffff:2"));
        assertThat(LoginThrottle.network("2001:db8::1")).isNotEqualTo(LoginThrottle.network("2001:db8:0:1::1"));
        assertThat(LoginThrottle.network("::ffff:10.0.0.1")).isEqualTo("10.0.0.1");
    }

    @Test
    void an_administrator_lifts_a_lockout_and_it_stays_lifted_while_strangers_go_on() {
        fail("amina", DESK, LoginThrottle.PER_PAIR);
        failFromEverywhere("amina", LoginThrottle.PER_NAME - LoginThrottle.PER_PAIR);
        assertThat(world.lockouts.of(admin, "amina"))
                .extracting(Lockouts.Lockout::kind)
                .containsExactlyInAnyOrder("pair", "name");

        world.lockouts.lift(admin, "amina");
        for (int i = 0; i < LoginThrottle.PER_NAME; i++) {
            world.throttle.noteFailure(world.throttle.attempt("amina", SignInPlace.of("203.0.113." + i)));
        }
        world.login.check("amina", GOOD, DESK);
        assertThat(world.trail()).contains("access.user.lift_lockout user/amina");
        world.clock.pass(Lockouts.LIFTED_FOR);
        assertThat(world.throttle
                        .attempt("amina", SignInPlace.of("203.0.113.200"))
                        .lifted())
                .isFalse();
    }

    @Test
    void failures_and_lockouts_are_in_the_trail_once_a_pair_and_step_and_never_what_was_typed_as_a_name() {
        fail("amina", DESK, LoginThrottle.PER_PAIR);
        fail("my-secret-password", DESK, 2);

        assertThat(world.trail().stream().filter(entry -> entry.contains("login")))
                .containsExactly(
                        "access.login.failed user/amina",
                        "access.login.lockout user/amina",
                        "access.login.failed user/unknown");
        assertThat(world.database
                        .sql()
                        .fetch("select * from foundation.audit_entry")
                        .formatCSV())
                .doesNotContain("my-secret-password");
        assertThat(world.database
                        .sql()
                        .fetch("select * from access.login_failure")
                        .formatCSV())
                .doesNotContain("my-secret-password");
    }

    @Test
    void strangers_fill_neither_the_table_of_failures_nor_the_trail_and_known_places_stay_free() {
        world.login.check("amina", GOOD, DESK);
        for (int i = 0; i < AccessWorld.MOST_ROWS; i++) {
            world.throttle.noteFailure(
                    world.throttle.attempt("name" + i, SignInPlace.of("198.51." + i / 250 + "." + i % 250)));
        }

        assertThat(world.rows("access.login_failure"))
                .isBetween((long) AccessWorld.MOST_ROWS, AccessWorld.MOST_ROWS + 2L);
        assertThat(world.trail().stream()
                        .filter(entry -> entry.startsWith("access.login."))
                        .count())
                .isLessThanOrEqualTo(LoginThrottle.MOST_AUDITED_AN_HOUR + 1L);
        assertLocked("root", SignInPlace.of("203.0.113.9"));
        world.login.check("amina", GOOD, DESK);
        fail("amina", DESK, LoginThrottle.PER_PAIR);
        assertLocked("amina", DESK);
    }

    @Test
    void each_hour_with_failures_ends_with_their_number_in_the_trail() {
        fail("amina", DESK, 3);
        world.clock.pass(Duration.ofHours(1));
        world.throttle.forget();
        world.throttle.forget();

        assertThat(world.database
                        .sql()
                        .fetch("select row_count from foundation.audit_entry where action = 'access.login.failures'")
                        .getValues(0, Long.class))
                .isEqualTo(List.of(3L));
        world.clock.pass(Duration.ofSeconds(1));
        world.throttle.forget();
        assertThat(world.rows("access.login_failure")).isZero();
    }
}
