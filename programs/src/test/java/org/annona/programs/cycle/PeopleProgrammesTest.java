package org.annona.programs.cycle;

import static org.annona.programs.ProgramsWorld.AUDITOR;
import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsWorld;
import org.annona.programs.cycle.Cycles.EntitlementRow;
import org.annona.programs.eligibility.Assessment;
import org.annona.programs.population.SubjectKind;
import org.annona.programs.programme.Benefit;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.ProgrammeForm;
import org.annona.programs.programme.ProgrammeTemplate;
import org.annona.programs.programme.ProgrammeTerms;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Programmes whose subjects are people, each for itself. */
class PeopleProgrammesTest {

    private static final LocalDate ELDER = LocalDate.now().minusYears(70);
    private static final LocalDate ADULT = LocalDate.now().minusYears(40);
    private static final LocalDate CHILD = LocalDate.now().minusYears(9);

    private final ProgramsWorld world = new ProgramsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private static ProgrammeTerms people(String rule, long base) {
        return new ProgrammeTerms(SubjectKind.PERSON, rule, new Benefit(base, List.of(), null, null, 1), "Test grant");
    }

    private Map<UUID, EntitlementRow> byPerson(Cycle cycle) {
        Map<UUID, EntitlementRow> rows = new HashMap<>();
        world.cycles
                .entitlements(AUDITOR, cycle.id(), PageRequest.first(100))
                .rows()
                .forEach(row -> rows.put(row.subjectId(), row));
        return rows;
    }

    private UUID payee(EntitlementRow row) {
        return world.database
                .sql()
                .fetchSingle(
                        "select payee_id from entitlement where cycle_id = {0} and subject_id = {1}",
                        DSL.val(row.cycleId()), DSL.val(row.subjectId()))
                .get(0, UUID.class);
    }

    @Test
    void two_elders_of_one_household_are_each_assessed_enrolled_and_paid_for_themselves() {
        UUID poor = world.registry.household(400_000L, "/N/", ELDER, ELDER, ADULT);
        UUID rich = world.registry.household(9_000_000L, "/N/", ELDER);
        Programme pension = world.active(
                "PENSION", people("age >= 65 && household.income_per_member <= money(\"5000.00\")", 2_500));
        world.enrol(pension);
        Cycle cycle = world.computed(pension, "1");
        List<UUID> members = world.registry.members(poor);

        assertThat(byPerson(cycle).keySet()).containsExactlyInAnyOrder(members.get(0), members.get(1));
        assertThat(byPerson(cycle).values()).allSatisfy(row -> {
            assertThat(row.amountMinor()).isEqualTo(2_500);
            assertThat(payee(row)).isEqualTo(row.subjectId());
        });
        assertThat(world.enrolments.enrolledAmong(pension.id(), world.registry.members(rich)))
                .isEmpty();
        assertThat(world.enrolments.enrolledAmong(pension.id(), members))
                .containsExactlyInAnyOrder(members.get(0), members.get(1));
        world.release(cycle);
        assertThat(world.payer.lines).hasSize(2);
    }

    @Test
    void what_is_not_known_of_a_person_or_of_its_household_is_unknown_and_not_no() {
        world.registry.household(null, "/N/", ELDER);
        world.registry.household(100_000L, "/N/", ELDER, null);
        Programme pension = world.active(
                "PENSION", people("age >= 65 && household.income_per_member <= money(\"5000.00\")", 2_500));
        Assessment assessment = world.assess(pension);

        assertThat(assessment.eligible()).isEqualTo(1);
        assertThat(assessment.unknown()).isEqualTo(2);
        assertThat(assessment.notEligible()).isZero();
        assertThat(world.assessments.missing(assessment))
                .extracting(Assessment.MissingAttribute::label)
                .containsExactlyInAnyOrder("age", "monthly income per member of the household");
    }

    @Test
    void a_child_is_paid_through_the_head_of_its_household_and_without_one_is_held() {
        UUID household = world.registry.household(100_000L, "/N/", ADULT, CHILD);
        UUID headless = world.registry.householdWithoutHead(100_000L, "/N/", CHILD);
        Programme stipend = world.active("STIPEND", people("age < 18", 700));
        world.enrol(stipend);
        Cycle cycle = world.computed(stipend, "1");
        UUID child = world.registry.members(household).get(1);
        UUID orphan = world.registry.members(headless).getFirst();

        assertThat(payee(byPerson(cycle).get(child)))
                .isEqualTo(world.registry.members(household).getFirst());
        assertThat(byPerson(cycle).get(orphan).state()).isEqualTo("held");
        assertThat(byPerson(cycle).get(orphan).reason()).isEqualTo("NO_GUARDIAN");
        assertThat(cycle.summary().held()).isEqualTo(Map.of("NO_GUARDIAN", 1L));
    }

    @Test
    void neither_a_child_that_heads_its_household_nor_a_minor_head_is_paid_for_a_child() {
        UUID alone = world.registry.household(100_000L, "/N/", CHILD);
        UUID siblings =
                world.registry.household(100_000L, "/N/", LocalDate.now().minusYears(16), CHILD);
        world.registry.household(100_000L, "/N/", ADULT, CHILD);
        Programme stipend = world.active("STIPEND", people("age < 18", 700));
        world.enrol(stipend);
        Cycle cycle = world.computed(stipend, "1");

        assertThat(byPerson(cycle).get(world.registry.members(alone).getFirst()).reason())
                .isEqualTo("NO_GUARDIAN");
        assertThat(world.registry.members(siblings))
                .allSatisfy(
                        child -> assertThat(byPerson(cycle).get(child).reason()).isEqualTo("NO_GUARDIAN"));
        assertThat(cycle.payable()).isEqualTo(1);
    }

    @Test
    void a_parent_who_is_paid_for_several_children_shares_its_account_with_nobody() {
        UUID family = world.registry.household(100_000L, "/N/", ADULT, CHILD, CHILD, CHILD);
        Programme stipend = world.active("STIPEND", people("age < 18", 700));
        world.enrol(stipend);
        Cycle cycle = world.computed(stipend, "1");

        assertThat(cycle.payable()).isEqualTo(3);
        assertThat(byPerson(cycle).values())
                .allSatisfy(row -> assertThat(payee(row))
                        .isEqualTo(world.registry.members(family).getFirst()));
    }

    @Test
    void an_amount_may_depend_on_the_person_itself() {
        UUID household =
                world.registry.household(100_000L, "/N/", LocalDate.now().minusYears(85), ELDER);
        ProgrammeTerms terms = new ProgrammeTerms(
                SubjectKind.PERSON,
                "age >= 65",
                new Benefit(1_000, List.of(new Benefit.Band("aged 80 or more", "age >= 80", 500, 1)), null, null, 1),
                "Test grant");
        Programme pension = world.active("PENSION", terms);
        world.enrol(pension);
        Cycle cycle = world.computed(pension, "1");
        List<UUID> members = world.registry.members(household);

        assertThat(byPerson(cycle).get(members.get(0)).amountMinor()).isEqualTo(1_500);
        assertThat(byPerson(cycle).get(members.get(1)).amountMinor()).isEqualTo(1_000);
    }

    @Test
    void a_programme_for_people_takes_no_terms_for_households_and_no_lists_of_households() {
        UUID household = world.registry.household(100_000L, "/N/", ELDER);
        Programme pension = world.active("PENSION", people("age >= 65", 2_500));

        assertThatThrownBy(() -> world.programmes.change(
                        MANAGER, pension.id(), ProgramsWorld.terms("everyone()", 1_000, 0, 1, null)))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo(ProgramsProblem.TERMS_UNFIT);
                    assertThat(problem.sentence()).contains("the programme is for people");
                });
        assertThatThrownBy(() -> world.enrolments.bring("PENSION", List.of(household), "import/1"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProgramsProblem.PROGRAMME_NOT_READY));
    }

    @Test
    void the_template_of_a_social_pension_asks_about_the_person_and_reads_in_words() {
        ProgrammeForm form =
                new ProgrammeForm(ProgrammeTemplate.byKey("pension").answers());
        ProgrammeTerms terms = form.terms(world.programmes.currency());

        assertThat(terms.subject()).isEqualTo(SubjectKind.PERSON);
        assertThat(terms.rule()).isEqualTo("household.income_per_member <= money(\"5000.00\") && age >= 65");
        assertThat(terms.reading(terms.catalogue(world.programmes.currency())))
                .isEqualTo("the monthly income per member of the household is at most 5,000.00 KES and the age is at"
                        + " least 65 years");
    }
}
