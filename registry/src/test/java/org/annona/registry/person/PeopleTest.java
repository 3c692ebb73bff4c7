package org.annona.registry.person;

import static org.annona.registry.RegistryWorld.HEADER;
import static org.annona.registry.RegistryWorld.REGISTRAR;
import static org.annona.registry.RegistryWorld.nationalId;
import static org.annona.registry.RegistryWorld.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PeopleTest {

    private static final RevealReason REASON = RevealReason.read("payment", "the money came back, she asks why");

    private static RegistryWorld world;
    private static Reveals reveals;

    @BeforeAll
    static void people_in_four_scripts() {
        world = new RegistryWorld();
        reveals = new Reveals(world.database);
        world.take(
                HEADER,
                "H1,head,Zoë Amina,O'Hara,F,1986-04-01," + nationalId(1)
                        + ",0712 345 678,N01,,mobile,MPESA,254712345678",
                person("H2", "head", "ጸጋዬ", "ዓለሙ", "M", "1971-01-15", nationalId(2)),
                person("H3", "head", "أحمد", "المصطفى", "M", "1965-01-15", ""),
                person("H4", "head", "गीतांजलि", "देवी", "F", "1992-01-15", ""),
                person("H5", "head", "Zoë Amina", "O'Hara", "F", "1986-04-01", nationalId(5)));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void words_of_a_name_find_it_in_any_script_order_and_spelling() {
        assertThat(PeopleInTests.search(world, "ohara zoe")).hasSize(2);
        assertThat(PeopleInTests.search(world, "O’HARA")).hasSize(2);
        assertThat(PeopleInTests.search(world, "ፀጋዬ አለሙ")).as("homophones").hasSize(1);
        assertThat(PeopleInTests.search(world, "احمد")).as("alef without hamza").hasSize(1);
        assertThat(PeopleInTests.search(world, "أَحْمَد"))
                .as("with vowel signs")
                .hasSize(1);
        assertThat(PeopleInTests.search(world, "गीतांजलि")).hasSize(1);
        assertThat(PeopleInTests.search(world, "zo")).as("whole words only").isEmpty();
        assertThat(PeopleInTests.search(world, "zoe mustafa")).isEmpty();
    }

    @Test
    void numbers_find_a_person_only_when_they_are_complete() {
        String id = nationalId(1);
        assertThat(PeopleInTests.search(world, id)).hasSize(1);
        assertThat(PeopleInTests.search(world, id.substring(0, 4) + " " + id.substring(4)))
                .hasSize(1);
        assertThat(PeopleInTests.search(world, id.substring(0, 8))).isEmpty();
        assertThat(PeopleInTests.search(world, "+254 712 345678")).hasSize(1);
        assertThat(PeopleInTests.search(world, "0712345678")).hasSize(1);
    }

    @Test
    void a_reference_finds_its_person_and_a_mistyped_one_nobody() {
        String ref = PeopleInTests.search(world, nationalId(2)).getFirst();
        assertThat(PeopleInTests.search(world, ref.toLowerCase().replace("-", " ")))
                .containsExactly(ref);
        char last = ref.charAt(ref.length() - 1);
        assertThat(PeopleInTests.search(world, ref.substring(0, ref.length() - 1) + (last == '9' ? '0' : last + 1)))
                .isEmpty();
    }

    @Test
    void a_person_is_shown_masked_and_in_clear_only_with_a_reason_that_is_kept() {
        UUID id = idOf(nationalId(1));
        PersonView masked = world.people.show(REGISTRAR, id);
        assertThat(masked.name()).isEqualTo("Z••• A••• O•••");
        assertThat(masked.birthDate()).isEqualTo("1986");
        assertThat(masked.identifiers().getFirst().value()).startsWith("••••").hasSize(8);
        assertThat(masked.phones().getFirst()).isEqualTo("••••5678");
        PersonView clear = world.people.reveal(REGISTRAR, id, RevealReason.read("correction", "at the counter, today"));
        assertThat(clear.name()).isEqualTo("Zoë Amina O'Hara");
        assertThat(clear.identifiers().getFirst().value()).isEqualTo(nationalId(1));
        assertThat(clear.accounts().getFirst().number()).isEqualTo("254712345678");
        assertThat(world.database
                        .sql()
                        .fetchValue(
                                "select reason from foundation.audit_entry"
                                        + " where action = 'registry.person.reveal' and subject = ?",
                                "person/" + id))
                .isEqualTo("at the counter, today");
    }

    @Test
    void entries_that_look_like_one_person_point_at_each_other() {
        assertThat(world.people.show(REGISTRAR, idOf(nationalId(1))).duplicates())
                .extracting(PersonView.Duplicate::id)
                .containsExactly(idOf(nationalId(5)));
    }

    @Test
    void every_operation_is_refused_to_every_role_without_its_permission() {
        UUID id = idOf(nationalId(2));
        for (Role role : Role.values()) {
            Actor actor = new Actor("x", "X", Set.of(role));
            allowed(RegistryPermission.VIEW, actor, () -> world.people.page(actor, PageRequest.first(5)));
            allowed(RegistryPermission.VIEW, actor, () -> world.people.show(actor, id));
            allowed(RegistryPermission.REVEAL, actor, () -> world.people.reveal(actor, id, REASON));
            allowed(
                    RegistryPermission.VIEW_REVEALS,
                    actor,
                    () -> reveals.page(actor, PageRequest.first(5), new Reveals.Span(null, null)));
            allowed(
                    RegistryPermission.SEARCH,
                    actor,
                    () -> world.people.page(
                            actor, new PageRequest("", false, null, 5, java.util.Map.of("q", "amina"))));
            if (role != Role.REGISTRAR) {
                allowed(RegistryPermission.EDIT, actor, () -> world.people.recordDeath(actor, id, world.today()));
                allowed(
                        RegistryPermission.IMPORT,
                        actor,
                        () -> world.imports.upload(
                                actor, "x.csv", RegistryWorld.stream("a,b", java.nio.charset.StandardCharsets.UTF_8)));
                allowed(RegistryPermission.IMPORT, actor, () -> world.imports.apply(actor, id));
                allowed(RegistryPermission.IMPORT, actor, () -> world.imports.cancel(actor, id));
            }
        }
    }

    private static void allowed(RegistryPermission permission, Actor actor, Runnable operation) {
        if (actor.may(permission)) {
            operation.run();
        } else {
            assertThatThrownBy(operation::run)
                    .as("%s as %s", permission, actor.roles())
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith("You may not");
        }
    }

    private static UUID idOf(String nationalId) {
        String ref = PeopleInTests.search(world, nationalId).getFirst();
        return (UUID) world.database.sql().fetchValue("select id from registry.person where ref = ?", ref);
    }
}
