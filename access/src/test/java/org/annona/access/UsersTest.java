package org.annona.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {

    private static final String GOOD = AccessWorld.GOOD;

    private final AccessWorld world = new AccessWorld();
    private final List<String> loggedOut = world.loggedOut;
    private final Users users = world.users;
    private final Login login = world.login;
    private Actor admin;

    @BeforeEach
    void an_administrator() {
        admin = users.createIfAbsent("root-admin", "Root", Set.of(Role.ADMINISTRATOR), GOOD, false)
                .actor();
    }

    private Actor second() {
        return admin("second");
    }

    private Actor admin(String name) {
        return users.createIfAbsent(name, name, Set.of(Role.ADMINISTRATOR), GOOD, false)
                .actor();
    }

    @Test
    void a_new_user_has_no_password_and_cannot_log_in_with_any() {
        UserAccount amina = users.create(admin, "Amina", "Amina Yusuf", Set.of("programme_manager"));
        assertThat(amina.hasPassword()).isFalse();
        assertThat(amina.roles(Actor.FIRST_ORGANISATION)).containsExactly(Role.PROGRAMME_MANAGER);
        for (String password : List.of("", GOOD, "null")) {
            assertThatThrownBy(() -> login.check("amina", password, SignInPlace.of("10.0.0.1")))
                    .hasMessage("Name or password is wrong.");
        }
    }

    @Test
    void a_user_whose_password_the_operator_set_chooses_another() {
        users.createIfAbsent("amina", "Amina Yusuf", Set.of(Role.REGISTRAR), GOOD, true);
        UserAccount amina = login.check("AMINA", GOOD, SignInPlace.of("10.0.0.1"));
        assertThat(amina.mustChangePassword()).isTrue();
        users.changeOwnPassword(amina.actor(), GOOD, "nine blue doors");
        assertThat(login.check("amina", "nine blue doors", SignInPlace.of("10.0.0.1"))
                        .mustChangePassword())
                .isFalse();
        assertThatThrownBy(() -> login.check("amina", GOOD, SignInPlace.of("10.0.0.1")))
                .isInstanceOf(Problem.class);
    }

    @Test
    void the_refusal_does_not_tell_whether_the_name_exists() {
        assertThatThrownBy(() -> login.check("root-admin", "wrong", SignInPlace.of("10.0.0.1")))
                .hasMessage("Name or password is wrong.");
        assertThatThrownBy(() -> login.check("nobody", "wrong", SignInPlace.of("10.0.0.1")))
                .hasMessage("Name or password is wrong.");
    }

    @Test
    void a_disabled_user_is_logged_out_and_cannot_log_in() {
        users.createIfAbsent("amina", "Amina", Set.of(Role.REGISTRAR), GOOD, false);
        users.setEnabled(admin, "amina", false);
        assertThat(loggedOut).containsExactly("amina");
        assertThatThrownBy(() -> login.check("amina", GOOD, SignInPlace.of("10.0.0.1")))
                .isInstanceOf(Problem.class);
    }

    @Test
    void the_last_administrator_can_be_neither_disabled_nor_demoted() {
        Actor second = second();
        world.grants.end(second, world.grantOf("root-admin"));
        assertThatThrownBy(() -> users.setEnabled(second, "second", false)).hasMessageContaining("last administrator");
        assertThatThrownBy(() -> world.grants.end(second, world.grantOf("second")))
                .hasMessageContaining("own roles");
        assertThatThrownBy(() -> world.grants.end(admin, world.grantOf("second")))
                .hasMessageContaining("last administrator");
        assertThat(users.find("second").orElseThrow().enabled()).isTrue();
    }

    @Test
    void an_administrator_without_a_password_is_none_who_is_left() {
        users.create(admin, "second", "Second", Set.of("administrator"));
        world.grants.accept(admin("third"), world.grantOf("second"));
        users.setEnabled(admin, "third", false);
        assertThatThrownBy(() -> users.setEnabled(admin, "root-admin", false))
                .hasMessageContaining("last administrator");
    }

    @Test
    void of_two_administrators_who_disable_each_other_at_the_same_moment_one_is_left() throws Exception {
        Actor second = second();
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 20; i++) {
                CyclicBarrier moment = new CyclicBarrier(2);
                List<Future<Boolean>> done = List.of(
                        both.submit(() -> disables(admin, "second", moment)),
                        both.submit(() -> disables(second, "root-admin", moment)));
                assertThat(List.of(done.get(0).get(), done.get(1).get())).containsExactlyInAnyOrder(true, false);
                users.setEnabled(admin, "root-admin", true);
                users.setEnabled(admin, "second", true);
            }
        }
    }

    private boolean disables(Actor actor, String name, CyclicBarrier moment) throws Exception {
        moment.await();
        try {
            users.setEnabled(actor, name, false);
            return true;
        } catch (Problem refused) {
            assertThat(refused.code()).isEqualTo(AccessProblem.LAST_ADMINISTRATOR);
            return false;
        }
    }

    @Test
    void only_an_administrator_manages_users() {
        for (Role role : Role.values()) {
            Actor other = new Actor("other", "Other", Set.of(role));
            if (role == Role.ADMINISTRATOR) {
                users.create(other, "new.user", "", Set.of());
            } else {
                assertThatThrownBy(() -> users.create(other, "x.y", "", Set.of()))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> world.grants.grant(other, "root-admin", (short) 1, "auditor"))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> world.grants.accept(other, world.grantOf("root-admin")))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> world.grants.end(other, world.grantOf("root-admin")))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> users.setEnabled(other, "root-admin", false))
                        .hasMessage("You may not manage users.");
                assertThatThrownBy(() -> world.lockouts.lift(other, "root-admin"))
                        .hasMessage("You may not manage users.");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "amina-amina-amina",
                "aaaaaaaaaaaaaaaa",
                "password1234",
                "Annona123456",
                "123456789012",
                "qwertyuiop12",
                "Summer2026!!",
                "welcome12345",
                "iloveyou1234",
                "administrator",
                "P@ssw0rd1234",
                "1qaz2wsx3edc",
                "zaq12wsxcde3",
                "monkey monkey 1",
                "Winter-2025-Winter",
                "january2026!!",
                "Spring2027Spring",
                "Yusuf.Amadi.1"
            })
    void weak_passwords_are_refused(String password) {
        assertThatThrownBy(() -> users.createIfAbsent("amina", "Amina Yusuf Amadi", Set.of(), password, false))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("too weak");
    }

    @Test
    void the_same_name_is_taken_once_and_odd_names_are_refused() {
        assertThatThrownBy(() -> users.create(admin, "Root-Admin", "", Set.of()))
                .hasMessageContaining("already a user");
        assertThatThrownBy(() -> users.create(admin, "a b", "", Set.of())).hasMessageContaining("cannot be used");
    }
}
