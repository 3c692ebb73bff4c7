package org.annona.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrganisationsTest {

    private final AccessWorld world = new AccessWorld();
    private final Organisations organisations = world.organisations;
    private Actor root;

    @BeforeEach
    void an_administrator() {
        root = world.users
                .createIfAbsent("root", "", Set.of(Role.ADMINISTRATOR), AccessWorld.GOOD, false)
                .actor();
    }

    @Test
    void codes_and_names_that_are_taken_or_unfit_are_refused() {
        short health = organisations.create(root, "HEALTH", "Ministry of Health");
        assertThatThrownBy(() -> organisations.create(root, "HEALTH", "Other"))
                .hasMessage("There is already an organisation HEALTH.");
        assertThatThrownBy(() -> organisations.create(root, "OTHER", "Ministry of Health"))
                .hasMessage("There is already an organisation Ministry of Health.");
        for (String code : Set.of("", "h", "health", "1A", "A B", "A".repeat(21))) {
            assertThatThrownBy(() -> organisations.create(root, code, "Name")).hasMessageContaining("capital letters");
        }
        for (String name : Set.of("", "  ", "n".repeat(121))) {
            assertThatThrownBy(() -> organisations.rename(root, health, name)).hasMessageContaining("1 to 120");
        }
        assertThatThrownBy(() -> organisations.rename(root, (short) 99, "Name"))
                .hasMessage("There is no such organisation.");
    }

    @Test
    void the_first_one_is_renamed_and_stays_active() {
        organisations.rename(root, Actor.FIRST_ORGANISATION, "Ministry of Labour");
        assertThat(organisations.list(root))
                .extracting(Organisations.Organisation::name)
                .containsExactly("Ministry of Labour");
        assertThatThrownBy(() -> organisations.setActive(root, Actor.FIRST_ORGANISATION, false))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refused -> assertThat(refused.code()).isEqualTo(AccessProblem.ORGANISATION_FIRST));
        assertThat(world.trail()).endsWith("access.organisation.rename organisation/MAIN");
    }

    @Test
    void one_with_users_stays_active_and_nobody_acts_for_one_that_is_not() {
        short health = organisations.create(root, "HEALTH", "Ministry of Health");
        world.users.createIfAbsent("hella", "", health, Set.of(Role.ADMINISTRATOR), AccessWorld.GOOD, false);
        assertThatThrownBy(() -> organisations.setActive(root, health, false))
                .hasMessage("Ministry of Health still has users who may log in: 1.");
        world.users.setEnabled(root, "hella", false);
        organisations.setActive(root, health, false);
        world.users.setEnabled(root, "hella", true);

        assertThat(world.users.find("hella").orElseThrow().organisations()).isEmpty();
        assertThat(world.users.find("hella").orElseThrow().actor().roles()).isEmpty();
        world.users.create(root, "hans", "", Set.of());
        assertThatThrownBy(() -> world.grants.grant(root, "hans", health, "administrator"))
                .hasMessage("The organisation is not active.");
        organisations.setActive(root, health, true);
        assertThat(world.users.find("hella").orElseThrow().actor().organisation())
                .isEqualTo(health);
    }
}
