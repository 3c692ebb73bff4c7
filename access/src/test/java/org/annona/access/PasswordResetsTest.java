package org.annona.access;

import static org.annona.access.AccessWorld.GOOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A forgotten password is set by its owner; whoever accepts it learns nothing that lets her in. */
class PasswordResetsTest {

    private static final String NEW = "nine blue doors";
    private static final SignInPlace ANYWHERE = SignInPlace.of("10.0.0.1");

    private final AccessWorld world = new AccessWorld();
    private final PasswordResets resets = world.resets;
    private Actor root;
    private Actor auditor;
    private Actor secondAuditor;
    private SignInPlace ownBrowser;

    @BeforeEach
    void users() {
        root = user("root", Role.ADMINISTRATOR);
        auditor = user("audra", Role.AUDITOR);
        secondAuditor = user("august", Role.AUDITOR);
        user("amina", Role.REGISTRAR);
        ownBrowser = new SignInPlace("10.0.0.1", world.devices.with(null, "amina"));
    }

    private Actor user(String name, Role role) {
        return world.users.createIfAbsent(name, name, Set.of(role), GOOD, false).actor();
    }

    private PasswordResets.Pending pending(String kept, SignInPlace place) {
        return resets.of(kept, place).orElseThrow();
    }

    private void assertRefused(String kept, SignInPlace place) {
        assertThatThrownBy(() -> resets.complete(kept, place, NEW))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(AccessProblem.RESET_OVER));
        world.login.check("amina", GOOD, ANYWHERE);
    }

    @Test
    void in_her_own_browser_one_administrator_accepts_and_she_is_told_at_the_next_login() {
        String kept = resets.begin("Amina");
        assertThat(pending(kept, ownBrowser).needed()).isEqualTo(1);
        assertRefused(kept, ownBrowser);

        resets.accept(root, "amina", pending(kept, ownBrowser).code().toLowerCase(java.util.Locale.ROOT));
        resets.complete(kept, ownBrowser, NEW);

        assertThatThrownBy(() -> world.login.check("amina", GOOD, ANYWHERE)).isInstanceOf(Problem.class);
        UserAccount amina = world.login.check("amina", NEW, ANYWHERE);
        assertThat(amina.mustChangePassword()).isFalse();
        assertThat(amina.isHeldUp()).isTrue();
        assertThat(amina.passwordResetBy()).isEqualTo("root");
        assertThat(world.loggedOut).containsExactly("amina");
        world.users.acknowledgeReset(amina.actor());
        assertThat(world.users.find("amina").orElseThrow().isHeldUp()).isFalse();
        assertThat(world.trail())
                .containsSubsequence(
                        "access.user.accept_reset user/amina",
                        "access.user.reset_password user/amina",
                        "access.user.reset_told user/amina");
    }

    @Test
    void the_code_lets_nobody_in_who_has_not_the_browser_in_which_the_reset_began() {
        String kept = resets.begin("amina");
        resets.accept(root, "amina", pending(kept, ownBrowser).code());

        assertRefused(resets.begin("amina"), ownBrowser);
        assertThat(resets.of("", ownBrowser)).isEmpty();
        assertThat(resets.of("nonsense", ownBrowser)).isEmpty();
        assertThat(resets.of(
                        (kept.charAt(20) == 'x'
                                ? kept.replace('x', 'y')
                                : kept.substring(0, 20) + "x" + kept.substring(21)),
                        ownBrowser))
                .isEmpty();
    }

    @Test
    void an_administrator_who_begins_it_herself_needs_a_second_person() {
        SignInPlace ofRoot = new SignInPlace("10.0.0.2", world.devices.with(null, "root"));
        String kept = resets.begin("amina");
        resets.accept(root, "amina", pending(kept, ofRoot).code());
        assertThat(pending(kept, ofRoot).needed()).isEqualTo(2);
        resets.accept(root, "amina", pending(kept, ofRoot).code());
        assertRefused(kept, ofRoot);

        world.clock.pass(Duration.ofSeconds(1));
        resets.accept(auditor, "amina", pending(kept, ofRoot).code());
        resets.complete(kept, ofRoot, NEW);
        assertThat(world.users.find("amina").orElseThrow().passwordResetBy()).isEqualTo("root, audra");
    }

    @Test
    void a_new_user_chooses_the_first_password_after_one_administrator_accepted_the_code() {
        world.users.create(root, "newcomer", "Newcomer", Set.of("registrar"));
        String kept = resets.begin("newcomer");
        assertThat(pending(kept, ANYWHERE).needed())
                .as("as for a name that nobody has")
                .isEqualTo(2);
        resets.accept(auditor, "newcomer", pending(kept, ANYWHERE).code());
        assertThat(pending(kept, ANYWHERE).accepted()).isFalse();

        resets.accept(root, "newcomer", pending(kept, ANYWHERE).code());
        resets.complete(kept, ANYWHERE, NEW);

        UserAccount newcomer = world.login.check("newcomer", NEW, ANYWHERE);
        assertThat(newcomer.isHeldUp()).as("there is nothing to be told").isFalse();
        assertThatThrownBy(() -> resets.complete(kept, ANYWHERE, GOOD)).hasMessageContaining("is over");
        String later = resets.begin("newcomer");
        resets.accept(root, "newcomer", pending(later, ANYWHERE).code());
        assertThat(pending(later, ANYWHERE).accepted())
                .as("from now on two accept")
                .isFalse();
    }

    @Test
    void a_first_password_is_chosen_in_one_browser_of_several_in_which_a_code_was_accepted() {
        world.users.create(root, "newcomer", "Newcomer", Set.of("registrar"));
        String one = resets.begin("newcomer");
        String other = resets.begin("newcomer");
        resets.accept(root, "newcomer", pending(one, ANYWHERE).code());
        resets.accept(root, "newcomer", pending(other, ANYWHERE).code());

        resets.complete(one, ANYWHERE, NEW);
        assertThatThrownBy(() -> resets.complete(other, ANYWHERE, GOOD)).hasMessageContaining("is over");
        world.login.check("newcomer", NEW, ANYWHERE);
    }

    @Test
    void an_administrator_is_among_those_who_accept() {
        String kept = resets.begin("amina");
        resets.accept(auditor, "amina", pending(kept, ANYWHERE).code());
        resets.accept(secondAuditor, "amina", pending(kept, ANYWHERE).code());

        assertRefused(kept, ANYWHERE);
        assertRefused(kept, ownBrowser);
    }

    @Test
    void only_administrators_and_auditors_accept_and_nobody_for_herself() {
        String code = pending(resets.begin("amina"), ANYWHERE).code();
        for (Role role : Role.values()) {
            Actor actor = new Actor("root", "Root", Set.of(role));
            if (role == Role.ADMINISTRATOR || role == Role.AUDITOR) {
                resets.accept(actor, "amina", code);
            } else {
                assertThatThrownBy(() -> resets.accept(actor, "amina", code))
                        .hasMessageContaining("You may not accept that a user resets");
            }
        }
        String own = pending(resets.begin("root"), ANYWHERE).code();
        assertThatThrownBy(() -> resets.accept(root, "root", own)).hasMessageContaining("your own reset");
    }

    @Test
    void a_code_that_was_misheard_or_belongs_to_somebody_else_is_refused() {
        String code = pending(resets.begin("amina"), ANYWHERE).code();
        String misheard = (code.charAt(0) == 'A' ? 'B' : 'A') + code.substring(1);

        assertThatThrownBy(() -> resets.accept(root, "amina", misheard)).hasMessageContaining("no code of a reset");
        assertThatThrownBy(() -> resets.accept(root, "audra", code)).hasMessageContaining("no code of a reset");
        assertThatThrownBy(() -> resets.accept(root, "amina", "")).hasMessageContaining("no code of a reset");
        assertThat(world.rows("access.reset_acceptance")).isZero();
    }

    @Test
    void a_reset_is_over_after_an_hour_and_after_its_use() {
        String late = resets.begin("amina");
        resets.accept(root, "amina", pending(late, ownBrowser).code());
        world.clock.pass(PasswordResets.LIFE);
        assertRefused(late, ownBrowser);

        SignInPlace browser = new SignInPlace("10.0.0.1", world.devices.with(null, "amina"));
        String used = resets.begin("amina");
        resets.accept(root, "amina", pending(used, browser).code());
        resets.complete(used, browser, NEW);
        assertThatThrownBy(() -> resets.complete(used, browser, GOOD)).hasMessageContaining("is over");
        assertThat(world.rows("access.reset_acceptance")).isZero();
    }

    @Test
    void a_reset_lifts_lockouts_and_forgets_where_the_user_was_known() {
        for (int i = 0; i < LoginThrottle.PER_PAIR; i++) {
            world.throttle.noteFailure(world.throttle.attempt("amina", ANYWHERE));
        }
        String kept = resets.begin("amina");
        resets.accept(root, "amina", pending(kept, ownBrowser).code());
        world.clock.pass(Duration.ofSeconds(1));
        resets.complete(kept, ownBrowser, NEW);

        world.login.check("amina", NEW, ANYWHERE);
        assertThat(world.throttle.attempt("amina", ownBrowser).device()).isNull();
    }

    @Test
    void a_weak_password_is_refused_and_the_reset_goes_on() {
        String kept = resets.begin("amina");
        resets.accept(root, "amina", pending(kept, ownBrowser).code());

        assertThatThrownBy(() -> resets.complete(kept, ownBrowser, "qwertyuiop12"))
                .hasMessageContaining("too weak");
        resets.complete(kept, ownBrowser, NEW);
        world.login.check("amina", NEW, ANYWHERE);
    }

    @Test
    void whether_there_is_such_a_user_is_not_told_and_a_disabled_one_stays_out() {
        PasswordResets.Pending nobody = pending(resets.begin("nobody-at-all"), ANYWHERE);
        assertThat(nobody.needed()).isEqualTo(2);
        assertThat(nobody.accepted()).isFalse();
        assertThatThrownBy(() -> resets.accept(root, "nobody-at-all", nobody.code()))
                .hasMessageContaining("no user called");

        String kept = resets.begin("amina");
        resets.accept(root, "amina", pending(kept, ownBrowser).code());
        world.users.setEnabled(root, "amina", false);
        assertThatThrownBy(() -> resets.complete(kept, ownBrowser, NEW)).isInstanceOf(Problem.class);
    }

    @Test
    void the_operator_of_the_machine_gives_an_administrator_a_first_password_and_nobody_else() {
        world.users.giveAdministratorFirstPassword("ROOT", NEW);

        assertThat(world.login.check("root", NEW, ANYWHERE).mustChangePassword())
                .isTrue();
        assertThat(world.loggedOut).containsExactly("root");
        assertThat(world.trail()).contains("access.user.first_password user/root");
        assertThatThrownBy(() -> world.users.giveAdministratorFirstPassword("amina", NEW))
                .hasMessageContaining("no administrator");
        assertThatThrownBy(() -> world.users.giveAdministratorFirstPassword("nobody", NEW))
                .hasMessageContaining("no user called");
    }
}
