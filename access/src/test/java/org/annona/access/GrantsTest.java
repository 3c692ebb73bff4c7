package org.annona.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.UUID;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.scope.Scope;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Roles in organisations: who grants them, who accepts, and what one user may not hold together. */
class GrantsTest {

    private static final short MAIN = Actor.FIRST_ORGANISATION;

    private final AccessWorld world = new AccessWorld();
    private final Users users = world.users;
    private final Grants grants = world.grants;
    private Actor root;
    private Actor second;
    private short health;

    @BeforeEach
    void two_administrators_and_a_second_organisation() {
        root = user("root", MAIN, Role.ADMINISTRATOR);
        second = user("second", MAIN, Role.ADMINISTRATOR);
        health = world.organisations.create(root, "HEALTH", "Ministry of Health");
    }

    private Actor user(String name, short organisation, Role role) {
        return users.createIfAbsent(name, name, organisation, Set.of(role), AccessWorld.GOOD, false)
                .actor();
    }

    private static void assertRefused(ProblemCode code, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private Grant grant(String user, String role) {
        return users.find(user).orElseThrow().grants().stream()
                .filter(one -> one.role().equals(role))
                .findFirst()
                .orElseThrow();
    }

    private UUID asked(String user, String role) {
        return grant(user, role).id();
    }

    @Test
    void a_role_over_personal_data_is_in_force_when_another_administrator_has_accepted_it() {
        users.create(root, "amina", "", Set.of());
        world.loggedOut.clear();
        assertThat(grants.grant(root, "amina", MAIN, "registrar")).isFalse();

        assertThat(users.find("amina").orElseThrow().actor().roles()).isEmpty();
        assertThat(world.loggedOut).isEmpty();
        assertThat(grants.waitingFor(root).count()).as("by the one who asked").isZero();
        assertThat(grants.waitingFor(second).count()).isEqualTo(1);
        assertThat(grants.waitingFor(second).oldest()).isEqualTo(world.clock.instant());
        assertRefused(AccessProblem.SECOND_ADMINISTRATOR, () -> grants.accept(root, asked("amina", "registrar")));

        grants.accept(second, asked("amina", "registrar"));
        assertThat(users.find("amina").orElseThrow().actor().roles()).containsExactly(Role.REGISTRAR);
        assertThat(world.loggedOut).containsExactly("amina");
        assertRefused(AccessProblem.GRANT_OVER, () -> grants.accept(second, asked("amina", "registrar")));
        assertThat(world.trail())
                .endsWith(
                        "access.user.create user/amina",
                        "access.grant.ask user/amina",
                        "access.grant.accept user/amina");
    }

    @Test
    void the_one_for_whom_a_role_is_asked_does_not_accept_it() {
        user("third", MAIN, Role.ADMINISTRATOR);
        grants.grant(root, "second", MAIN, "auditor");
        assertRefused(AccessProblem.SECOND_ADMINISTRATOR, () -> grants.accept(second, asked("second", "auditor")));
    }

    @Test
    void the_database_too_keeps_one_administrator_from_granting_alone() {
        grants.grant(root, "second", MAIN, "auditor");
        for (String one : Set.of("root", "second")) {
            assertThatThrownBy(() -> world.database
                            .sql()
                            .execute(
                                    "update access.user_grant set accepted_by = ?, accepted_at = now() where role = 'auditor'",
                                    one))
                    .hasMessageContaining("accepted_by_another");
        }
        assertThatThrownBy(() -> world.database
                        .sql()
                        .execute("update access.user_grant set needs_second = false where role = 'auditor'"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void a_role_that_waits_is_withdrawn_or_refused_and_asked_for_again() {
        users.create(root, "amina", "", Set.of("registrar"));
        grants.end(root, asked("amina", "registrar"));
        grants.grant(root, "amina", MAIN, "registrar");
        grants.end(second, asked("amina", "registrar"));
        assertThat(users.find("amina").orElseThrow().grants()).isEmpty();
        assertThat(world.trail()).contains("access.grant.withdraw user/amina", "access.grant.refuse user/amina");
    }

    @Test
    void a_role_without_such_permissions_is_in_force_at_once_and_only_once() {
        users.create(root, "manuel", "", Set.of("programme_manager"));
        assertThat(users.find("manuel").orElseThrow().actor().roles()).containsExactly(Role.PROGRAMME_MANAGER);
        assertRefused(AccessProblem.GRANT_EXISTS, () -> grants.grant(second, "manuel", MAIN, "programme_manager"));
        assertRefused(AccessProblem.ROLE_UNKNOWN, () -> grants.grant(second, "manuel", MAIN, "king"));
        assertRefused(AccessProblem.USER_UNKNOWN, () -> grants.grant(second, "nobody", MAIN, "programme_manager"));
    }

    @Test
    void nobody_has_two_roles_that_conflict_in_one_organisation_not_even_while_one_waits() {
        users.create(root, "manuel", "", Set.of("programme_manager"));
        assertThatThrownBy(() -> grants.grant(root, "manuel", MAIN, "approver"))
                .hasMessage("Nobody may both prepare and approve.");
        users.create(root, "lena", "", Set.of("approver"));
        assertRefused(AccessProblem.PERMISSIONS_CONFLICT, () -> grants.grant(root, "lena", MAIN, "programme_manager"));
        assertRefused(AccessProblem.PERMISSIONS_CONFLICT, () -> grants.grant(root, "second", MAIN, "registrar"));
        Actor healthy = user("hella", health, Role.ADMINISTRATOR);
        grants.grant(healthy, "manuel", health, "approver");
        assertThat(grant("manuel", "approver").organisation()).isEqualTo(health);
    }

    @Test
    void an_administrator_grants_in_the_own_organisation_alone() {
        Actor hella = user("hella", health, Role.ADMINISTRATOR);
        users.create(hella, "hans", "", Set.of("programme_manager"));

        assertThat(grant("hans", "programme_manager").organisation()).isEqualTo(health);
        assertThat(users.find("hans").orElseThrow().actor().organisation()).isEqualTo(health);
        assertRefused(AccessProblem.OTHER_ORGANISATION, () -> grants.grant(hella, "hans", MAIN, "programme_manager"));
        assertRefused(AccessProblem.OTHER_ORGANISATION, () -> grants.grant(hella, "hans", MAIN, "administrator"));
        assertRefused(AccessProblem.OTHER_ORGANISATION, () -> grants.grant(root, "hans", health, "approver"));
        users.create(root, "amina", "", Set.of("registrar"));
        assertRefused(AccessProblem.GRANT_OVER, () -> grants.accept(hella, asked("amina", "registrar")));
        assertRefused(AccessProblem.GRANT_OVER, () -> grants.end(hella, asked("amina", "registrar")));
        assertThat(grants.waitingFor(hella).count()).isZero();
        assertThat(users.list(hella)).extracting(UserAccount::name).containsExactly("hans", "hella");
        assertThat(users.list(root)).extracting(UserAccount::name).contains("hans", "hella", "amina");
        assertRefused(AccessProblem.USER_UNKNOWN, () -> users.view(hella, "amina"));
        assertRefused(AccessProblem.USER_UNKNOWN, () -> users.setEnabled(hella, "amina", false));
        assertRefused(AccessProblem.USER_UNKNOWN, () -> world.lockouts.lift(hella, "amina"));
    }

    @Test
    void the_account_of_a_user_of_two_organisations_is_changed_by_the_installation_alone() {
        Actor hella = user("hella", health, Role.ADMINISTRATOR);
        user("manuel", MAIN, Role.PROGRAMME_MANAGER);
        grants.grant(hella, "manuel", health, "programme_manager");

        assertThat(users.view(hella, "manuel").grants()).hasSize(1);
        assertThat(users.view(root, "manuel").grants()).hasSize(2);
        assertThat(users.mayManage(hella, "manuel")).isFalse();
        assertRefused(AccessProblem.USER_OF_OTHERS, () -> users.setEnabled(hella, "manuel", false));
        users.setEnabled(root, "manuel", false);
        assertThat(users.find("manuel").orElseThrow().enabled()).isFalse();
    }

    @Test
    void the_installation_names_the_first_administrator_of_an_organisation_and_takes_the_last_one_away() {
        users.create(root, "hella", "", Set.of());
        assertThat(grants.grant(root, "hella", health, "administrator")).isFalse();
        grants.accept(second, asked("hella", "administrator"));
        Actor hella = users.find("hella").orElseThrow().actor();
        assertThat(hella.organisation()).isEqualTo(health);
        assertThat(hella.may(AccessPermission.MANAGE_USERS)).isTrue();
        assertThat(hella.may(AccessPermission.MANAGE_ORGANISATIONS)).isFalse();
        assertThat(hella.may(AccessPermission.MANAGE_ROLES)).isFalse();
        assertThatThrownBy(() -> world.organisations.create(hella, "MORE", "More"))
                .hasMessageContaining("You may not create organisations");

        Actor helper = user("helper", health, Role.ADMINISTRATOR);
        users.setEnabled(helper, "hella", false);
        assertRefused(AccessProblem.LAST_OF_ORGANISATION, () -> users.setEnabled(hella, "helper", false));
        assertRefused(AccessProblem.LAST_OF_ORGANISATION, () -> grants.end(hella, asked("helper", "administrator")));
        grants.end(root, asked("helper", "administrator"));
        assertThat(grants.administrators(health)).isZero();
    }

    @Test
    void a_user_acts_for_the_chosen_organisation_and_a_choice_never_widens() {
        user("bo", MAIN, Role.PROGRAMME_MANAGER);
        UserAccount bo = users.createIfAbsent("bo", "", health, Set.of(Role.APPROVER), AccessWorld.GOOD, false);

        assertThat(bo.actor().organisation()).isEqualTo(MAIN);
        assertThat(bo.actor(health).roles()).containsExactly(Role.APPROVER);
        assertThat(bo.actor((short) 77).roles()).containsExactly(Role.PROGRAMME_MANAGER);
        grants.end(root, asked("bo", "approver"));
        assertThat(users.find("bo").orElseThrow().actor(health).organisation()).isEqualTo(MAIN);
        assertThat(users.create(root, "none", "", Set.of()).actor().scope().visible())
                .isEqualTo("{}");
    }

    @Test
    void a_login_is_told_to_the_organisation_of_the_user_alone() {
        user("hella", health, Role.ADMINISTRATOR);
        world.login.check("hella", AccessWorld.GOOD, SignInPlace.of("10.0.0.1"));
        assertThatThrownBy(() -> world.login.check("hella", "wrong", SignInPlace.of("10.0.0.1")))
                .isInstanceOf(Problem.class);
        users.noteLogout("hella");
        Scope.of(health)
                .run(() -> assertThat(world.database
                                .sql()
                                .fetch("select action from foundation.audit_entry where subject = 'user/hella'"
                                        + " and organisation is not null order by seq")
                                .getValues(0, String.class))
                        .containsExactly("access.login", "access.login.failed", "access.logout"));
        assertThat(world.trail()).doesNotContain("access.login user/hella");
    }
}
