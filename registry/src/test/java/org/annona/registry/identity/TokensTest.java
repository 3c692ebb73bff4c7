package org.annona.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Sensitive;
import org.annona.registry.ImportStatus;
import org.annona.registry.IssuedToken;
import org.annona.registry.RegistryWorld;
import org.annona.registry.RetirementRule;
import org.annona.registry.SelectedPerson;
import org.annona.registry.TokenOutcome.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TokensTest {

    private static final Actor ADMINISTRATOR = new Actor("root", "Root", Set.of(Role.ADMINISTRATOR));
    private static final RetirementRule RULE = rule("identity_token", Duration.ofDays(7));
    private static final IdentityWorld WORLD = new IdentityWorld();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static SelectedPerson entered(String given, String vid) {
        ImportStatus taken = WORLD.world.take(IdentityWorld.HEADER, IdentityWorld.row("H" + given, given, vid));
        assertThat(taken.rowsCreated()).isEqualTo(1);
        return WORLD.onlyPerson(given);
    }

    private static RetirementRule rule(String held, Duration window) {
        return new RetirementRule(
                "[]", Dialect.ODOO_17, Set.of("virtual_id"), Set.of(held), window, true, "retention/1");
    }

    private static String token(int number) {
        return String.format("%036d", number);
    }

    @Test
    void a_token_is_kept_once_and_coming_again_changes_nothing() {
        SelectedPerson asha = entered("Asha", "2014391641351201");
        assertThat(WORLD.give(asha, token(1)).kind()).isEqualTo(Kind.STORED);
        assertThat(WORLD.give(asha, token(1)).kind()).isEqualTo(Kind.HELD_ALREADY);
        assertThat(WORLD.typesOf(asha.id())).containsExactly("identity_token", "virtual_id");
    }

    @Test
    void a_token_of_another_person_is_told_and_never_given_twice() {
        SelectedPerson first = entered("Bela", "2014391641351202");
        SelectedPerson second = entered("Chandra", "2014391641351203");
        WORLD.give(first, token(2));
        assertThat(WORLD.give(second, token(2)).kind()).isEqualTo(Kind.OF_ANOTHER);
        assertThat(WORLD.give(second, token(2)).other()).isEqualTo(first.id());
        assertThat(WORLD.typesOf(second.id())).containsExactly("virtual_id");
        assertThat(WORLD.give(first, token(3)).kind()).isEqualTo(Kind.DIFFERS);
        assertThat(WORLD.give(second, "123").kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void the_same_token_for_two_people_at_once_is_given_to_one_of_them() {
        SelectedPerson first = entered("Deepa", "2014391641351204");
        SelectedPerson second = entered("Esha", "2014391641351205");
        var outcomes = WORLD.tokens.store(
                "identity_token",
                List.of(
                        new IssuedToken(first.id(), first.identifierId(), Sensitive.of(token(4))),
                        new IssuedToken(second.id(), second.identifierId(), Sensitive.of(token(4)))),
                List.of(),
                "system",
                "test");
        assertThat(outcomes).extracting(outcome -> outcome.kind()).containsExactly(Kind.STORED, Kind.OF_ANOTHER);
        assertThat(outcomes.getLast().other()).isEqualTo(first.id());
    }

    @Test
    void a_virtual_id_is_taken_away_in_the_same_transaction_and_can_be_given_back_for_a_while() {
        SelectedPerson person = entered("Farida", "2014391641351206");
        WORLD.tokens.store(
                "identity_token",
                List.of(new IssuedToken(person.id(), person.identifierId(), Sensitive.of(token(5)))),
                List.of(RULE),
                "system",
                "test");
        assertThat(WORLD.typesOf(person.id())).containsExactly("identity_token");

        WORLD.retired.restore(ADMINISTRATOR, person.identifierId(), "she needs it at the bank");
        assertThat(WORLD.typesOf(person.id())).containsExactly("identity_token", "virtual_id");
        assertThatThrownBy(() -> WORLD.retired.restore(ADMINISTRATOR, person.identifierId(), "again"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("given back already");
        assertThatThrownBy(() -> WORLD.retired.restore(RegistryWorld.REGISTRAR, person.identifierId(), "mine"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void after_its_time_the_value_is_destroyed_and_a_list_does_not_bring_it_back() {
        SelectedPerson person = entered("Gita", "2014391641351207");
        WORLD.give(person, token(6));
        assertThat(WORLD.retired.takeAway(List.of(person.id()), RULE, "virtual_id", "system", true))
                .isEqualTo(1);
        assertThat(WORLD.typesOf(person.id())).contains("virtual_id");
        assertThat(WORLD.retired.takeAway(List.of(person.id()), RULE, "virtual_id", "system", false))
                .isEqualTo(1);
        assertThat(WORLD.retired.destroyDue()).isZero();

        RetiredIdentifiers later = WORLD.retiredAt(Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
        assertThat(later.destroyDue()).isPositive();
        assertThatThrownBy(() -> later.restore(ADMINISTRATOR, person.identifierId(), "too late"))
                .hasMessageContaining("destroyed");

        String changed = IdentityWorld.row("HGita", "Gita", "2014391641351207").replace("0712345678", "0712345679");
        assertThat(WORLD.world.take(IdentityWorld.HEADER, changed).rowsUpdated())
                .isEqualTo(1);
        assertThat(WORLD.typesOf(person.id())).containsExactly("identity_token");
    }

    @Test
    void a_list_that_knows_somebody_only_by_what_was_taken_away_still_means_her() {
        SelectedPerson person = entered("Nila", "2014391641351220");
        WORLD.give(person, token(20));
        WORLD.retired.takeAway(List.of(person.id()), RULE, "virtual_id", "system", false);
        ImportStatus taken =
                WORLD.world.take(IdentityWorld.HEADER, IdentityWorld.row("HNew", "Nilaa", "2014391641351220"));
        assertThat(taken.rowsCreated()).isZero();
        assertThat(taken.rowsUpdated()).isEqualTo(1);
        assertThat(WORLD.typesOf(person.id())).containsExactly("identity_token");
    }

    @Test
    void nothing_is_taken_from_someone_without_a_token() {
        SelectedPerson person = entered("Hema", "2014391641351208");
        assertThat(WORLD.retired.takeAway(List.of(person.id()), RULE, "virtual_id", "system", false))
                .isZero();
        assertThat(WORLD.typesOf(person.id())).containsExactly("virtual_id");
        RetirementRule ofItself = rule("virtual_id", Duration.ZERO);
        assertThat(WORLD.retired.takeAway(List.of(person.id()), ofItself, "virtual_id", "system", false))
                .isZero();
    }

    @Test
    void what_was_taken_away_is_listed_masked() {
        SelectedPerson person = entered("Indu", "2014391641351209");
        WORLD.give(person, token(7));
        WORLD.retired.takeAway(List.of(person.id()), RULE, "virtual_id", "system", false);
        var rows = WORLD.retired
                .page(RegistryWorld.REGISTRAR, PageRequest.first(50))
                .rows();
        assertThat(rows).anySatisfy(row -> {
            assertThat(row.personId()).isEqualTo(person.id());
            assertThat(row.value()).isEqualTo("••••1209");
            assertThat(row.state()).isEqualTo("restorable");
        });
    }

    @Test
    void a_list_cannot_give_the_virtual_id_of_one_person_to_another() {
        entered("Jaya", "2014391641351210");
        ImportStatus checked = WORLD.world.check(
                IdentityWorld.HEADER,
                IdentityWorld.row("HKiran", "Kiran", "2014391641351211"),
                IdentityWorld.row("HLata", "Lata", "2014391641351211"),
                IdentityWorld.row("HMala", "Mala", "12"));
        assertThat(checked.rowsRejected()).isEqualTo(2);
        assertThat(checked.rowsCreated()).isEqualTo(1);
    }
}
