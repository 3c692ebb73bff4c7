package org.annona.registry.person;

import static org.annona.registry.RegistryWorld.HEADER;
import static org.annona.registry.RegistryWorld.nationalId;
import static org.annona.registry.RegistryWorld.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistrySettings;
import org.annona.registry.RegistryWorld;
import org.annona.registry.consent.Consents;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeing people in clear needs a reason that says something, has an end each day, and is looked at by the auditor. */
class RevealsTest {

    private static final Actor AUDITOR = new Actor("audra", "Audra", Set.of(Role.AUDITOR));
    private static final RevealReason REASON = RevealReason.read("identity", "stands at the counter");
    private static final int REVEALS = 3;
    private static final int SEARCHES = 2;

    private static RegistryWorld world;
    private static People people;
    private static Reveals reveals;
    private static List<UUID> ids;

    @BeforeAll
    static void four_people() {
        world = new RegistryWorld();
        world.take(
                HEADER,
                person("H1", "head", "Asha", "Devi", "F", "1986-01-15", nationalId(1)),
                person("H2", "head", "Bela", "Devi", "F", "1987-01-15", nationalId(2)),
                person("H3", "head", "Chad", "Devi", "M", "1988-01-15", nationalId(3)),
                person("H4", "head", "Dara", "Devi", "M", "1989-01-15", nationalId(4)));
        people = on(world.clock);
        reveals = new Reveals(world.database);
        ids = world.database
                .sql()
                .fetch("select id from registry.person order by id")
                .getValues(0, UUID.class);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static People on(Clock clock) {
        RegistrySettings settings = new RegistrySettings(
                "KE", world.settings.currency(), 30, true, Set.of(), Duration.ofMillis(20), REVEALS, SEARCHES);
        return new People(
                world.database, world.keys, settings, world.types, new Consents(world.database, clock), clock);
    }

    private static Actor registrar(String name) {
        return new Actor(name, name, Set.of(Role.REGISTRAR));
    }

    private static PageRequest filtered(Map<String, String> filters) {
        return new PageRequest("", false, null, 50, filters);
    }

    private static Page<Reveals.Row> list(Map<String, String> filters) {
        return reveals.page(AUDITOR, filtered(filters), new Reveals.Span(null, null));
    }

    private static long audited(String action, Actor actor) {
        return (long) world.database
                .sql()
                .fetchValue(
                        "select count(*) from foundation.audit_entry where action = ? and actor = ?",
                        action,
                        actor.name());
    }

    private static void refused(Runnable operation) {
        assertThatThrownBy(operation::run)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(RegistryProblem.QUOTA_USED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                ".",
                "..........",
                "aaaaaaaaaaaa",
                "aaaa aaaa bbbb",
                "test test test",
                "correction",
                "12345 678901234",
                "a b c d e f g h i j"
            })
    void a_reason_that_says_nothing_is_refused(String text) {
        assertThatThrownBy(() -> RevealReason.read("correction", text))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(RegistryProblem.REASON_UNFIT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"at the counter", "የልደት ቀን ማስተካከያ", "تصحيح تاريخ الميلاد", "更正出生日期", "แก้ไขวันเกิดของเธอ"})
    void a_reason_that_says_something_is_taken_in_any_script(String text) {
        assertThatCode(() -> RevealReason.read("correction", text)).doesNotThrowAnyException();
    }

    @Test
    void an_occasion_has_to_be_chosen() {
        for (String occasion : List.of("", "nonsense", "CORRECTION")) {
            assertThatThrownBy(() -> RevealReason.read(occasion, "at the counter"))
                    .hasMessageContaining("no occasion is chosen");
        }
    }

    @Test
    void a_day_has_so_many_reveals_and_the_next_has_as_many_again() {
        Actor curious = registrar("curious");
        for (int i = 0; i < REVEALS; i++) {
            people.reveal(curious, ids.get(i), REASON);
        }
        assertThat(people.revealsLeft(curious)).isZero();
        refused(() -> people.reveal(curious, ids.get(3), REASON));
        refused(() -> people.reveal(curious, ids.get(3), REASON));
        assertThat(audited("registry.person.reveal", curious)).isEqualTo(REVEALS);
        assertThat(audited("registry.quota.used_up", curious)).isEqualTo(1);
        assertThat(list(Map.of("user", "curious")).rows()).hasSize(REVEALS);

        people.reveal(registrar("another"), ids.get(3), REASON);
        People tomorrow = on(Clock.offset(world.clock, Duration.ofDays(1)));
        tomorrow.reveal(curious, ids.get(3), REASON);
        assertThat(tomorrow.revealsLeft(curious)).isEqualTo(REVEALS - 1);
    }

    @Test
    void a_person_who_is_not_there_uses_nothing() {
        Actor careless = registrar("careless");
        assertThatThrownBy(() -> people.reveal(careless, UUID.randomUUID(), REASON))
                .hasMessageContaining("no such person");
        assertThat(people.revealsLeft(careless)).isEqualTo(REVEALS);
    }

    @Test
    void searches_by_number_and_name_have_an_end_too_and_references_have_none() {
        Actor oracle = new Actor("oracle", "Oracle", Set.of(Role.AUDITOR));
        people.page(oracle, filtered(Map.of("q", nationalId(1))));
        people.page(oracle, filtered(Map.of("q", "devi asha")));

        refused(() -> people.page(oracle, filtered(Map.of("q", nationalId(2)))));
        refused(() -> people.page(oracle, filtered(Map.of("q", "devi bela"))));
        assertThat(audited("registry.quota.used_up", oracle)).isEqualTo(1);
        String reference = (String) world.database.sql().fetchValue("select min(ref) from registry.person");
        assertThat(people.page(oracle, filtered(Map.of("q", reference))).rows()).hasSize(1);
        assertThat(people.page(oracle, filtered(Map.of())).rows()).hasSize(4);
    }

    @Test
    void the_auditor_sees_who_saw_whom_when_and_why_by_pages_and_filters() {
        Actor one = registrar("one");
        people.reveal(one, ids.get(0), RevealReason.read("complaint", "appeal against the refusal"));
        people.reveal(one, ids.get(1), REASON);
        people.reveal(registrar("two"), ids.get(0), REASON);

        Page<Reveals.Row> complaint = list(Map.of("user", "one", "occasion", "complaint"));
        assertThat(complaint.rows()).singleElement().satisfies(row -> {
            assertThat(row.personId()).isEqualTo(ids.get(0));
            assertThat(row.reason()).isEqualTo("appeal against the refusal");
        });
        assertThat(list(Map.of("person", complaint.rows().getFirst().personRef()))
                        .rows())
                .extracting(Reveals.Row::user)
                .contains("one", "two");
        Page<Reveals.Row> first = reveals.page(
                AUDITOR, new PageRequest("", false, null, 1, Map.of("user", "one")), new Reveals.Span(null, null));
        Page<Reveals.Row> second = reveals.page(
                AUDITOR,
                new PageRequest("", false, first.next(), 1, Map.of("user", "one")),
                new Reveals.Span(null, null));
        assertThat(List.of(
                        first.rows().getFirst().personId(),
                        second.rows().getFirst().personId()))
                .containsExactly(ids.get(1), ids.get(0));
        Instant now = world.clock.instant();
        assertThat(reveals.page(AUDITOR, filtered(Map.of("user", "one")), new Reveals.Span(now.plusSeconds(60), null))
                        .rows())
                .isEmpty();
        assertThat(reveals.page(
                                AUDITOR,
                                filtered(Map.of("user", "one")),
                                new Reveals.Span(now.minusSeconds(60), now.plusSeconds(60)))
                        .rows())
                .hasSize(2);
    }
}
