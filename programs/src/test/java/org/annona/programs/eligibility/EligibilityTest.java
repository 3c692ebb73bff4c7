package org.annona.programs.eligibility;

import static org.annona.programs.ProgramsWorld.APPROVER;
import static org.annona.programs.ProgramsWorld.AUDITOR;
import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsWorld;
import org.annona.programs.eligibility.Assessment.Decision;
import org.annona.programs.programme.Programme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is eligible, who is not, and above all who is unknown. */
class EligibilityTest {

    private static final LocalDate ADULT = LocalDate.now().minusYears(40);
    private static final LocalDate SMALL = LocalDate.now().minusYears(3);
    private static final LocalDate BIG = LocalDate.now().minusYears(12);

    private ProgramsWorld world;

    @BeforeEach
    void open() {
        world = new ProgramsWorld();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Decision on(Assessment assessment, UUID household) {
        return world.assessments.decisions(AUDITOR, assessment, PageRequest.first(100)).rows().stream()
                .filter(row -> row.subjectId().equals(household))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void unknown_is_neither_yes_nor_no_and_says_what_is_missing() {
        UUID poor = world.registry.household(100_000L, "/N/", ADULT, SMALL);
        UUID rich = world.registry.household(900_000L, "/N/", ADULT, SMALL);
        UUID silent = world.registry.household(null, "/N/", ADULT, SMALL);
        UUID ageless = world.registry.household(100_000L, "/N/", ADULT, null);
        UUID richAndAgeless = world.registry.household(900_000L, "/N/", ADULT, null);
        Programme programme = world.active(
                "E1",
                ProgramsWorld.terms(
                        "income_per_member <= money(\"3000.00\") && members.exists(m, m.age < 5)", 1_000, 0, 1, null));

        Assessment found = world.assess(programme);

        assertThat(on(found, poor).outcome()).isEqualTo("eligible");
        assertThat(on(found, rich).outcome()).isEqualTo("not_eligible");
        assertThat(on(found, silent).outcome()).isEqualTo("unknown");
        assertThat(on(found, silent).missing()).contains("income_per_member");
        assertThat(on(found, ageless).outcome()).isEqualTo("unknown");
        assertThat(on(found, ageless).missing()).contains("members.age");
        // One certain no decides, whatever else is not known.
        assertThat(on(found, richAndAgeless).outcome()).isEqualTo("not_eligible");
        assertThat(found.eligible()).isEqualTo(1);
        assertThat(found.unknown()).isEqualTo(2);
    }

    @Test
    void a_known_small_child_makes_the_household_eligible_although_another_age_is_unknown() {
        UUID household = world.registry.household(100_000L, "/N/", ADULT, SMALL, null);
        Programme programme =
                world.active("E2", ProgramsWorld.terms("members.exists(m, m.age < 5)", 1_000, 0, 1, null));

        assertThat(on(world.assess(programme), household).outcome()).isEqualTo("eligible");
    }

    @Test
    void the_preview_and_the_enrolment_are_about_the_same_households() {
        UUID first = world.registry.household(100_000L, "/N/", ADULT);
        world.registry.household(null, "/N/", ADULT);
        Programme programme =
                world.active("E3", ProgramsWorld.terms("monthly_income <= money(\"3000.00\")", 1_000, 0, 1, null));
        Assessment found = world.assess(programme);
        // It becomes eligible after the preview, and has to wait for the next one.
        world.registry.household(50_000L, "/N/", ADULT);

        UUID job = world.enrolments.enrolEligible(MANAGER, found.id());
        world.await(() -> world.jobs.find(job).orElseThrow().state().isEnded(), "programme/" + programme.id());

        var enrolled = world.enrolments
                .page(AUDITOR, programme.id(), PageRequest.first(10))
                .rows();
        assertThat(enrolled).hasSize(1);
        assertThat(enrolled.getFirst().subjectId()).isEqualTo(first);
        assertThat(found.costMinor()).isEqualTo(1_000);
    }

    @Test
    void an_assessment_that_is_no_longer_the_newest_enrols_nobody() {
        world.registry.household(100_000L, "/N/", ADULT);
        Programme programme = world.active("E4", ProgramsWorld.terms("everyone()", 1_000, 0, 1, null));
        Assessment old = world.assess(programme);
        world.assess(programme);

        assertThatThrownBy(() -> world.enrolments.enrolEligible(MANAGER, old.id()))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProgramsProblem.ASSESSMENT_OUTDATED));
    }

    @Test
    void enrolling_twice_adds_nobody_and_whoever_was_suspended_stays_so() {
        UUID household = world.registry.household(100_000L, "/N/", ADULT);
        Programme programme = world.active("E5", ProgramsWorld.terms("everyone()", 1_000, 0, 1, null));
        world.enrol(programme);
        UUID enrolment = world.enrolments
                .page(AUDITOR, programme.id(), PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
        world.enrolments.change(MANAGER, enrolment, "suspended", "UNREACHABLE", "");
        world.enrol(programme);

        assertThat(world.enrolments.countsByState(programme.id())).isEqualTo(Map.of("suspended", 1L));
        assertThat(household).isNotNull();
        assertThatThrownBy(() -> world.enrolments.change(MANAGER, enrolment, "enrolled", "ELIGIBLE", ""))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProgramsProblem.TRANSITION_NOT_ALLOWED));
    }

    @Test
    void the_preview_counts_whom_enrolment_enrols_and_leaves_out_who_has_left() {
        for (int i = 0; i < 4; i++) {
            world.registry.household(100_000L, "/N/", ADULT);
        }
        Programme programme = world.active("E9", ProgramsWorld.terms("everyone()", 1_000, 0, 1, null));
        world.enrol(programme);
        var enrolled = world.enrolments
                .page(AUDITOR, programme.id(), PageRequest.first(10))
                .rows();
        world.ends.confirm(
                APPROVER, world.ends.ask(MANAGER, enrolled.getFirst().id(), "exited", "MOVED", "left the country"));
        UUID applicant = world.registry.household(100_000L, "/N/", ADULT);
        world.registry.household(100_000L, "/N/", ADULT);
        world.assess(programme);
        world.enrolments.bring("E9", List.of(applicant), "test");

        Assessment found = world.assess(programme);
        assertThat(found.eligible()).isEqualTo(6);
        assertThat(found.enrolledAlready()).isEqualTo(3);
        assertThat(found.leftBefore()).isEqualTo(1);
        assertThat(found.newlyEligible()).isEqualTo(2);
        assertThat(found.costMinor()).isEqualTo(5_000);

        world.enrol(programme);
        assertThat(world.enrolments.countsByState(programme.id())).isEqualTo(Map.of("enrolled", 5L, "exited", 1L));
    }

    @Test
    void an_area_holds_the_areas_below_it_and_no_neighbour_with_a_longer_code() {
        UUID inside = world.registry.household(1L, "/N/N01/", ADULT);
        UUID neighbour = world.registry.household(1L, "/N1/", ADULT);
        UUID nowhere = world.registry.household(1L, null, ADULT);
        Programme programme = world.active("E6", ProgramsWorld.terms("within(area, \"N\")", 1_000, 0, 1, null));
        Assessment found = world.assess(programme);

        assertThat(on(found, inside).outcome()).isEqualTo("eligible");
        assertThat(on(found, neighbour).outcome()).isEqualTo("not_eligible");
        assertThat(on(found, nowhere).outcome()).isEqualTo("unknown");
        assertThat(BIG).isBefore(SMALL);
    }
}
