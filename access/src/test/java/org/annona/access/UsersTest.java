package org.annona.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.testing.TestPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

class UsersTest {

    private static final String GOOD = "seven green lamps";
    private static final PasswordEncoder QUICK = new Argon2PasswordEncoder(16, 32, 1, 64, 1);

    private final Database database = Database.open(
            TestPostgres.with("foundation", "access"), TestPostgres.ROLES, TestPostgres.PASSWORDS, "access", 4);
    private final SettableClock clock = new SettableClock();
    private final List<String> loggedOut = new ArrayList<>();
    private final Users users = new Users(database, QUICK, clock, loggedOut::add);
    private final LoginThrottle throttle = new LoginThrottle(database, clock);
    private final Login login = new Login(users, QUICK, throttle);
    private Actor admin;

    @BeforeEach
    void an_administrator() {
        admin = users.createIfAbsent("root-admin", "Root", Set.of(Role.ADMINISTRATOR), GOOD, false)
                .actor();
    }

    @Test
    void a_new_user_logs_in_and_has_to_choose_a_password_of_her_own() {
        users.create(admin, "Amina", "Amina Yusuf", Set.of(Role.REGISTRAR), GOOD);
        UserAccount amina = login.check("AMINA", GOOD, "10.0.0.1");
        assertThat(amina.mustChangePassword()).isTrue();
        assertThat(amina.roles()).containsExactly(Role.REGISTRAR);
        users.changeOwnPassword(amina.actor(), GOOD, "nine blue doors");
        assertThat(login.check("amina", "nine blue doors", "10.0.0.1").mustChangePassword())
                .isFalse();
        assertThatThrownBy(() -> login.check("amina", GOOD, "10.0.0.1")).isInstanceOf(Problem.class);
    }

    @Test
    void the_refusal_does_not_tell_whether_the_name_exists() {
        assertThatThrownBy(() -> login.check("root-admin", "wrong", "10.0.0.1"))
                .hasMessage("Name or password is wrong.");
        assertThatThrownBy(() -> login.check("nobody", "wrong", "10.0.0.1")).hasMessage("Name or password is wrong.");
    }

    @Test
    void guessing_is_slowed_down_even_for_the_right_password_and_forgotten_after_a_while() {
        for (int i = 0; i < LoginThrottle.PER_NAME; i++) {
            assertThatThrownBy(() -> login.check("root-admin", "wrong", "10.0.0.1"))
                    .hasMessage("Name or password is wrong.");
        }
        assertThatThrownBy(() -> login.check("root-admin", GOOD, "10.0.0.2")).hasMessageContaining("too many failed");
        clock.pass(Duration.ofSeconds(31));
        login.check("root-admin", GOOD, "10.0.0.2");
        login.check("root-admin", GOOD, "10.0.0.2");
    }

    @Test
    void each_further_failure_doubles_the_wait() {
        for (int i = 0; i < LoginThrottle.PER_NAME + 2; i++) {
            throttle.noteFailure("root-admin", "10.0.0.1");
        }
        assertThat(throttle.blockedUntil("root-admin", "10.0.0.9"))
                .contains(clock.instant().plusSeconds(120));
    }

    @Test
    void many_names_from_one_address_are_slowed_down_too() {
        for (int i = 0; i < LoginThrottle.PER_ADDRESS; i++) {
            throttle.noteFailure("name" + i, "10.0.0.66");
        }
        assertThat(throttle.blockedUntil("somebody", "10.0.0.66")).isPresent();
        assertThat(throttle.blockedUntil("somebody", "10.0.0.67")).isEmpty();
    }

    @Test
    void a_disabled_user_is_logged_out_and_cannot_log_in() {
        users.create(admin, "amina", "Amina", Set.of(Role.REGISTRAR), GOOD);
        users.setEnabled(admin, "amina", false);
        assertThat(loggedOut).containsExactly("amina");
        assertThatThrownBy(() -> login.check("amina", GOOD, "10.0.0.1")).isInstanceOf(Problem.class);
    }

    @Test
    void the_last_administrator_can_be_neither_disabled_nor_demoted() {
        Actor second = users.create(admin, "second", "S", Set.of(Role.ADMINISTRATOR), GOOD)
                .actor();
        users.changeRoles(second, "root-admin", Set.of(Role.AUDITOR));
        assertThatThrownBy(() -> users.setEnabled(second, "second", false)).hasMessageContaining("last administrator");
        assertThatThrownBy(() -> users.changeRoles(second, "second", Set.of())).hasMessageContaining("own roles");
        assertThat(users.find("second").orElseThrow().enabled()).isTrue();
    }

    @Test
    void only_an_administrator_manages_users() {
        for (Role role : Role.values()) {
            Actor other = new Actor("other", "Other", Set.of(role));
            if (role == Role.ADMINISTRATOR) {
                users.create(other, "new.user", "", Set.of(), GOOD);
            } else {
                assertThatThrownBy(() -> users.create(other, "x.y", "", Set.of(), GOOD))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> users.changeRoles(other, "root-admin", Set.of()))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> users.setEnabled(other, "root-admin", false))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> users.resetPassword(other, "root-admin", GOOD))
                        .hasMessage("You may not manage users.");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "amina-amina-amina", "aaaaaaaaaaaaaaaa", "password1234", "Annona123456"})
    void weak_passwords_are_refused(String password) {
        assertThatThrownBy(() -> users.create(admin, "amina", "Amina", Set.of(), password))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("too weak");
    }

    @Test
    void the_same_name_is_taken_once_and_odd_names_are_refused() {
        assertThatThrownBy(() -> users.create(admin, "Root-Admin", "", Set.of(), GOOD))
                .hasMessageContaining("already a user");
        assertThatThrownBy(() -> users.create(admin, "a b", "", Set.of(), GOOD)).hasMessageContaining("cannot be used");
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.parse("2026-11-21T08:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
