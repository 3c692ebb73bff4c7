package org.annona.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Roles of the installation's own making. */
class RolesTest {

    private static final short MAIN = Actor.FIRST_ORGANISATION;

    private final AccessWorld world = new AccessWorld();
    private final Roles roles = world.roles;
    private Actor root;

    @BeforeEach
    void an_administrator() {
        root = world.users
                .createIfAbsent("root", "", Set.of(Role.ADMINISTRATOR), AccessWorld.GOOD, false)
                .actor();
    }

    private static void assertRefused(ProblemCode code, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private Actor clerk() {
        return world.users.find("clerk").orElseThrow().actor();
    }

    @Test
    void whoever_has_an_own_role_may_what_it_holds_and_the_refusal_names_it_to_others() {
        roles.create(root, "desk_clerk", "Clerk at the desk", Set.of("registry.view", "programs.prepare"));
        world.users.create(root, "clerk", "", Set.of("desk_clerk"));
        assertThat(clerk().may(TestPermission.VIEW)).isTrue();
        assertThat(clerk().may(TestPermission.PREPARE)).isTrue();
        assertThat(clerk().may(TestPermission.REVEAL)).isFalse();
        assertThat(clerk().titles()).containsExactly("Clerk at the desk");

        Actor nobody = new Actor("nobody", "", Set.of());
        assertThatThrownBy(() -> nobody.require(TestPermission.PREPARE))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refused -> assertThat(roles.explained(refused).remedy())
                                .contains("the role Programme manager or Clerk at the desk;"));
        assertThatThrownBy(() -> nobody.require(TestPermission.VIEW))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refused ->
                                assertThat(roles.explained(refused).remedy()).contains("the role Clerk at the desk;"));
    }

    @Test
    void a_role_is_changed_and_retired_and_each_is_refused_while_it_would_go_behind_the_holders() {
        roles.create(root, "desk_clerk", "Clerk", Set.of("registry.view"));
        world.users.create(root, "clerk", "", Set.of("desk_clerk"));
        assertRefused(
                AccessProblem.ROLE_WIDENED,
                () -> roles.change(root, "desk_clerk", 1, "Clerk", Set.of("registry.view", "registry.reveal")));
        roles.change(root, "desk_clerk", 1, "Clerk", Set.of("programs.prepare"));
        assertThat(clerk().may(TestPermission.VIEW)).isFalse();
        assertThat(clerk().may(TestPermission.PREPARE)).isTrue();
        assertRefused(
                FoundationProblem.CHANGED_MEANWHILE,
                () -> roles.change(root, "desk_clerk", 1, "Clerk", Set.of("registry.view")));
        assertRefused(AccessProblem.ROLE_HELD, () -> roles.retire(root, "desk_clerk"));

        world.grants.end(root, world.grantOf("clerk"));
        roles.change(root, "desk_clerk", 2, "Clerk", Set.of("registry.view", "registry.reveal"));
        assertThat(world.grants.grant(root, "clerk", MAIN, "desk_clerk"))
                .as("sensitive now")
                .isFalse();
        world.grants.end(root, world.grantOf("clerk"));
        roles.retire(root, "desk_clerk");
        assertRefused(AccessProblem.ROLE_RETIRED, () -> world.grants.grant(root, "clerk", MAIN, "desk_clerk"));
        assertRefused(AccessProblem.ROLE_RETIRED, () -> roles.retire(root, "desk_clerk"));
        assertRefused(
                AccessProblem.ROLE_EXISTS, () -> roles.create(root, "desk_clerk", "New", Set.of("registry.view")));
        assertThat(world.trail())
                .contains(
                        "access.role.create role/desk_clerk",
                        "access.role.change role/desk_clerk",
                        "access.role.retire role/desk_clerk");
    }

    @Test
    void conflicting_permissions_are_in_no_role_and_come_to_no_holder_by_a_change() {
        assertThatThrownBy(() -> roles.create(root, "both", "Both", Set.of("programs.prepare", "programs.approve")))
                .hasMessage("Nobody may both prepare and approve.");
        roles.create(root, "one", "One", Set.of("registry.view"));
        assertRefused(
                AccessProblem.PERMISSIONS_CONFLICT,
                () -> roles.change(root, "one", 1, "One", Set.of("programs.prepare", "programs.approve")));
        world.users.createIfAbsent("lena", "", Set.of(Role.APPROVER), AccessWorld.GOOD, false);
        world.grants.grant(root, "lena", MAIN, "one");
        assertRefused(
                AccessProblem.PERMISSIONS_CONFLICT,
                () -> roles.change(root, "one", 1, "One", Set.of("programs.prepare")));
    }

    @Test
    void what_is_no_role_is_refused_and_built_in_ones_stay_as_they_are() {
        for (String code : Set.of("", "A", "a", "Clerk", "a b", "a".repeat(41))) {
            assertRefused(AccessProblem.ROLE_UNFIT, () -> roles.create(root, code, "X", Set.of("registry.view")));
        }
        assertRefused(AccessProblem.ROLE_UNFIT, () -> roles.create(root, "xx", " ", Set.of("registry.view")));
        assertRefused(AccessProblem.ROLE_UNFIT, () -> roles.create(root, "xx", "X", Set.of()));
        assertRefused(AccessProblem.ROLE_UNFIT, () -> roles.create(root, "xx", "X", Set.of("no.such")));
        assertRefused(AccessProblem.ROLE_EXISTS, () -> roles.create(root, "xx", "auditor", Set.of("registry.view")));
        assertRefused(AccessProblem.ROLE_EXISTS, () -> roles.create(root, "auditor", "X", Set.of("registry.view")));
        assertRefused(
                AccessProblem.ROLE_BUILT_IN, () -> roles.change(root, "auditor", 1, "X", Set.of("registry.view")));
        assertRefused(AccessProblem.ROLE_BUILT_IN, () -> roles.retire(root, "auditor"));
        assertRefused(AccessProblem.ROLE_UNKNOWN, () -> roles.retire(root, "nothing"));
        Actor ofHealth = new Actor("hella", "", Set.of(Role.ADMINISTRATOR), (short) 2);
        assertRefused(AccessProblem.NOT_PERMITTED, () -> roles.create(ofHealth, "xx", "X", Set.of("registry.view")));
    }

    @Test
    void the_table_knows_the_built_in_roles_of_the_program() {
        assertThat(roles.list(root).stream().filter(Roles.Entry::builtIn).map(Roles.Entry::code))
                .containsExactlyInAnyOrderElementsOf(
                        java.util.Arrays.stream(Role.values()).map(Role::code).toList());
        assertThat(roles.list(root).stream().filter(Roles.Entry::builtIn).map(Roles.Entry::name))
                .containsExactlyInAnyOrderElementsOf(
                        java.util.Arrays.stream(Role.values()).map(Role::title).toList());
    }
}
