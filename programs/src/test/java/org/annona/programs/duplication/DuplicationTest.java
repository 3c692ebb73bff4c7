package org.annona.programs.duplication;

import static org.annona.programs.ProgramsWorld.APPROVER;
import static org.annona.programs.ProgramsWorld.AUDITOR;
import static org.annona.programs.ProgramsWorld.FINANCE;
import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.annona.programs.ProgramsWorld.REGISTRAR;
import static org.annona.programs.internal.tables.Tables.DUPLICATION_CHECK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.job.JobState;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.BeneficiaryRegistries.Status;
import org.annona.programs.PersonDirectory;
import org.annona.programs.ProgramsWorld;
import org.annona.programs.ProgramsWorld.Others;
import org.annona.programs.programme.Programme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks with the registries of others, and what follows for enrolments. */
class DuplicationTest {

    private static final LocalDate GROWN = LocalDate.of(1980, 1, 1);
    private ProgramsWorld world;
    private Programme programme;

    @BeforeEach
    void open() {
        world = new ProgramsWorld();
        programme = world.active("FOOD", ProgramsWorld.terms("everyone()", 10_000, 0, 0, null));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private UUID source(boolean later) {
        return source(later, "Health");
    }

    private UUID source(boolean later, String name) {
        UUID source = world.sources.create(
                MANAGER,
                new Sources.Draft(
                        name,
                        "health",
                        later ? CheckMode.LATER : CheckMode.AT_ONCE,
                        true,
                        "Act, section 3",
                        Set.of("FOOD"),
                        30));
        world.sources.gate(MANAGER, source, programme.id(), true);
        return source;
    }

    private UUID household() {
        return world.registry.household(1L, "/N/", GROWN, GROWN);
    }

    private String stateOf(UUID household) {
        return world.enrolments.page(AUDITOR, programme.id(), PageRequest.first(100)).rows().stream()
                .filter(row -> row.subjectId().equals(household))
                .map(row -> row.state() + " " + row.reason())
                .findFirst()
                .orElse("none");
    }

    private void checkAll(UUID source) {
        UUID job = world.members.order(MANAGER, source, programme.id());
        world.await(() -> world.jobs.find(job).orElseThrow().state() == JobState.DONE, CheckMembers.subject(source));
    }

    @Test
    void nobody_is_enrolled_before_all_that_can_be_asked_for_are_cleared() {
        UUID source = source(false);
        UUID clear = household();
        UUID halfKnown = household();
        world.others.said.put(
                world.registry.members(halfKnown).getLast(),
                List.of(new Evidence("UIN", new Finding.NotKnown("the registry is down"))));
        world.enrol(programme);
        assertThat(stateOf(clear)).isEqualTo("applied AUTO");
        checkAll(source);
        world.enrol(programme);
        assertThat(stateOf(clear)).isEqualTo("enrolled ELIGIBLE");
        assertThat(stateOf(halfKnown)).isEqualTo("applied AUTO");
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("no_match", 3L, "inconclusive", 1L));
    }

    @Test
    void a_member_without_identifier_hinders_nobody_and_clears_nobody() {
        UUID source = source(false);
        UUID one = household();
        UUID nobodyKnown = household();
        world.others.said.put(world.registry.members(one).getLast(), List.of());
        world.registry.members(nobodyKnown).forEach(member -> world.others.said.put(member, List.of()));
        world.enrol(programme);
        checkAll(source);
        world.enrol(programme);
        assertThat(stateOf(one)).isEqualTo("enrolled ELIGIBLE");
        assertThat(stateOf(nobodyKnown)).isEqualTo("applied AUTO");
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("no_match", 1L, "not_checked", 3L));
    }

    @Test
    void an_outage_postpones_a_bulk_check_and_does_not_end_it() {
        UUID source = source(false);
        household();
        world.enrol(programme);
        // One message each time: more than the attempts that an inconclusive answer has.
        world.others.failing.set(7);
        checkAll(source);
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("no_match", 2L));
        assertThat(world.jobs
                        .ofSubject(CheckMembers.subject(source), 1)
                        .getFirst()
                        .rowsDone())
                .isEqualTo(2);
    }

    @Test
    void what_stayed_inconclusive_is_asked_again_by_schedule() {
        UUID source = source(false);
        UUID person = world.registry.members(household()).getFirst();
        world.others.said.put(person, List.of(new Evidence("UIN", new Finding.NotKnown("it cannot be read"))));
        world.enrol(programme);
        checkAll(source);
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("no_match", 1L, "inconclusive", 1L));

        world.others.said.remove(person);
        world.members.recheckDue();
        assertThat(world.jobs.ofSubject(CheckMembers.subject(source), 5)).hasSize(1);
        letADayPass(source);
        world.members.recheckDue();
        world.await(
                () -> world.reports.countByResult(source).equals(Map.of("no_match", 2L)), CheckMembers.subject(source));
    }

    @Test
    void a_single_check_that_met_an_outage_is_asked_again_by_schedule() {
        UUID source = source(false);
        UUID person = world.registry.members(household()).getFirst();
        world.others.failing.set(1);
        world.checks.checkNow(MANAGER, source, person);
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("inconclusive", 1L));
        letADayPass(source);
        world.members.recheckDue();
        world.await(
                () -> world.reports.countByResult(source).equals(Map.of("no_match", 1L)), CheckMembers.subject(source));
    }

    @Test
    void whoever_waits_for_a_registry_that_stays_away_is_asked_about_a_day_later() {
        UUID source = source(false);
        world.others.failing.set(1);
        world.checks.checkNow(
                MANAGER, source, world.registry.members(household()).getFirst());
        int people = world.database.inTransaction(tx -> world.checks.giveUpForNow(tx, source));

        assertThat(people).isEqualTo(1);
        assertThat(world.database
                        .sql()
                        .select(DUPLICATION_CHECK.NEXT_TRY_AT)
                        .from(DUPLICATION_CHECK)
                        .fetchSingle()
                        .value1())
                .isAfter(Instant.now().plus(Duration.ofHours(23)));
    }

    @Test
    void the_schedule_does_not_start_again_what_somebody_stopped() {
        UUID source = source(false);
        household();
        world.enrol(programme);
        world.others.failing.set(1_000);
        UUID job = world.members.order(MANAGER, source, programme.id());
        world.await(() -> world.jobs.find(job).orElseThrow().state() == JobState.WAITING, CheckMembers.subject(source));
        world.database.transact(tx -> world.jobs.cancel(tx, job));
        world.await(
                () -> world.jobs.find(job).orElseThrow().state() == JobState.CANCELLED, CheckMembers.subject(source));
        letADayPass(source);
        world.members.recheckDue();
        assertThat(world.jobs.ofSubject(CheckMembers.subject(source), 5)).hasSize(1);
    }

    private void letADayPass(UUID source) {
        world.database
                .sql()
                .update(DUPLICATION_CHECK)
                .set(DUPLICATION_CHECK.NEXT_TRY_AT, Instant.now().minusSeconds(1))
                .where(
                        DUPLICATION_CHECK.SOURCE_ID.eq(source),
                        DUPLICATION_CHECK.NEXT_TRY_AT.lt(Instant.now().plus(Duration.ofHours(25))))
                .execute();
    }

    @Test
    void a_double_is_held_and_goes_on_or_leaves_as_the_review_says() {
        UUID source = source(false);
        UUID mistaken = household();
        UUID twice = household();
        world.enrol(programme);
        checkAll(source);
        world.enrol(programme);
        world.others.said.put(
                world.registry.members(mistaken).getFirst(), List.of(Others.found("SCHOOL", Status.SUSPENDED, true)));
        world.others.said.put(
                world.registry.members(twice).getFirst(), List.of(Others.found("SCHOOL", Status.ACTIVE, true)));
        UUID possible = world.checks.checkNow(
                MANAGER, source, world.registry.members(mistaken).getFirst());
        UUID confirmed = world.checks.checkNow(
                MANAGER, source, world.registry.members(twice).getFirst());
        assertThat(stateOf(mistaken)).isEqualTo("duplicate_held DUP_EXTERNAL");
        assertThat(stateOf(twice)).isEqualTo("duplicate_held DUP_EXTERNAL");
        assertThat(world.reports.countToReview()).isEqualTo(2);

        assertThatThrownBy(() -> world.reviews.decide(MANAGER, possible, false, "mine"))
                .isInstanceOf(Problem.class);
        world.reviews.decide(APPROVER, possible, false, "her sister");
        world.reviews.decide(APPROVER, confirmed, true, "she said so");
        assertThat(stateOf(mistaken)).isEqualTo("enrolled NOT_DUPLICATE");
        assertThat(stateOf(twice)).isEqualTo("exited CONFIRMED_DUPLICATE");
        assertThatThrownBy(() -> world.reviews.decide(APPROVER, confirmed, false, "again"))
                .hasMessageContaining("decided already");

        // The same answer once more is not asked of anybody again.
        world.checks.checkNow(MANAGER, source, world.registry.members(mistaken).getFirst());
        assertThat(world.reports.countToReview()).isZero();
        assertThat(stateOf(mistaken)).isEqualTo("enrolled NOT_DUPLICATE");
    }

    @Test
    void whoever_asks_or_decides_sees_the_person_masked_and_nobody_else_does() {
        UUID source = source(false);
        UUID household = household();
        UUID person = world.registry.members(household).getFirst();
        world.enrol(programme);
        world.others.said.put(
                person,
                List.of(new Evidence(
                        "UIN",
                        new Finding.Found(
                                List.of(new Match("SCHOOL", "School meals", Status.ACTIVE, "2026-01-15", true)),
                                true))));
        UUID check = world.checks.checkNow(MANAGER, source, person);

        for (Actor actor : List.of(MANAGER, APPROVER, REGISTRAR)) {
            assertThat(world.people.describe(actor, person).orElseThrow().masked("uin"))
                    .isEqualTo("••••1234");
        }
        for (Actor actor : List.of(FINANCE, AUDITOR)) {
            assertThat(world.people.describe(actor, person)).isEmpty();
        }
        assertThatThrownBy(() -> world.people.enrolments(REGISTRAR, person)).isInstanceOf(Problem.class);

        assertThat(world.reports.attempts(check).getFirst().found())
                .containsExactly(new CheckReports.Found("UIN", "School meals", "active", "2026-01-15", true));
        assertThat(world.people.enrolments(APPROVER, person)).singleElement().satisfies(one -> {
            assertThat(one.state()).isEqualTo("duplicate_held");
            assertThat(one.memberToday()).isTrue();
        });
    }

    @Test
    void an_identifier_that_nobody_here_has_is_asked_for_and_its_answer_is_kept_nowhere() {
        UUID source = source(false);
        world.others.saidOfTyped = Others.found("SCHOOL", Status.ACTIVE, true);
        for (Actor actor : List.of(MANAGER, REGISTRAR)) {
            assertThat(world.typed.ask(actor, source, "BRN", "77-88", "at the counter"))
                    .isInstanceOfSatisfying(TypedQuestions.Answer.OfNobodyHere.class, answer -> {
                        assertThat(answer.result()).isEqualTo("confirmed_match");
                        assertThat(answer.told()).hasSize(1);
                    });
        }
        assertThat(world.others.typed).containsExactly("BRN 77-88", "BRN 77-88");
        assertThat(world.reports.countByResult(source)).isEmpty();
        String audited = world.database
                .sql()
                .fetchValue("select string_agg(e::text, ' ') from foundation.audit_entry e"
                        + " where action = 'programs.duplication.ask'")
                .toString();
        assertThat(audited).contains("at the counter", "Act, section 3").doesNotContain("77-88");

        for (Actor actor : List.of(APPROVER, FINANCE, AUDITOR)) {
            assertThatThrownBy(() -> world.typed.ask(actor, source, "BRN", "77-88", "at the counter"))
                    .isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> world.typed.ask(MANAGER, source, "BRN", "77-88", " "))
                .hasMessageContaining("needs a reason");
        assertThatThrownBy(() -> world.typed.ask(MANAGER, source, "BRN", "", "counter"))
                .hasMessageContaining("the identifier has");
        UUID later = source(true, "Later");
        assertThatThrownBy(() -> world.typed.ask(MANAGER, later, "BRN", "77-88", "counter"))
                .hasMessageContaining("answers later");
        assertThat(world.others.typed).hasSize(2);
    }

    @Test
    void an_identifier_of_somebody_here_leads_to_a_check_of_the_person_by_a_registrar_too() {
        UUID source = source(false);
        UUID person = world.registry.members(household()).getFirst();
        world.registry.identifiers.put(person, List.of(new PersonDirectory.Identifier("UIN", "123")));
        assertThat(world.typed.ask(REGISTRAR, source, "UIN", "123", "at the counter"))
                .isInstanceOfSatisfying(
                        TypedQuestions.Answer.OfPerson.class,
                        answer -> assertThat(answer.person()).isEqualTo(person));
        assertThat(world.reports.ofPerson(REGISTRAR, person))
                .singleElement()
                .satisfies(check -> assertThat(check.result()).isEqualTo("no_match"));
        assertThat(world.others.typed).isEmpty();
        assertThatThrownBy(() -> world.members.order(REGISTRAR, source, programme.id()))
                .isInstanceOf(Problem.class);
    }

    @Test
    void our_own_programme_and_ended_enrolments_are_no_duplicate() {
        UUID source = source(false);
        UUID household = household();
        world.others.said.put(
                world.registry.members(household).getFirst(), List.of(Others.found("food", Status.ACTIVE, true)));
        world.others.said.put(
                world.registry.members(household).getLast(), List.of(Others.found("SCHOOL", Status.ENDED, true)));
        world.enrol(programme);
        checkAll(source);
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("no_match", 2L));
    }

    @Test
    void an_answer_that_comes_later_is_taken_once_and_only_the_newest_attempt_decides() {
        UUID source = source(true);
        UUID person = world.registry.members(household()).getFirst();
        UUID check = world.checks.checkNow(MANAGER, source, person);
        UUID first = world.others.inquiries.keySet().iterator().next();
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("not_checked", 1L));
        world.checks.checkNow(MANAGER, source, person);
        UUID second = world.others.inquiries.keySet().stream()
                .filter(id -> !id.equals(first))
                .findFirst()
                .orElseThrow();
        world.checks.answered(first, Map.of(person, List.of(Others.found("SCHOOL", Status.ACTIVE, true))));
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("not_checked", 1L));
        world.checks.answered(second, world.others.answers(List.of(person)));
        world.checks.answered(second, Map.of(person, List.of(Others.found("SCHOOL", Status.ACTIVE, true))));
        assertThat(world.reports.countByResult(source)).isEqualTo(Map.of("no_match", 1L));
        assertThat(check).isNotNull();
    }

    @Test
    void a_source_that_does_not_fit_is_refused() {
        assertThatThrownBy(() -> world.sources.create(
                        MANAGER, new Sources.Draft("X", "nobody", CheckMode.AT_ONCE, true, "Act", Set.of(), null)))
                .hasMessageContaining("not agreed");
        assertThatThrownBy(() -> world.sources.create(
                        MANAGER, new Sources.Draft("X", "health", CheckMode.AT_ONCE, true, " ", Set.of(), null)))
                .hasMessageContaining("law or the consent");
        assertThatThrownBy(() -> world.sources.create(
                        AUDITOR, new Sources.Draft("X", "health", CheckMode.AT_ONCE, true, "Act", Set.of(), null)))
                .isInstanceOf(Problem.class);
    }
}
