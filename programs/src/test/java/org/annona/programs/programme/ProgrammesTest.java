package org.annona.programs.programme;

import static org.annona.programs.ProgramsWorld.APPROVER;
import static org.annona.programs.ProgramsWorld.EVERYTHING;
import static org.annona.programs.ProgramsWorld.FINANCE;
import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.annona.programs.ProgramsWorld.REGISTRAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.AccessProblem;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsWorld;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programmes and their terms: who may write, who may approve, and what is refused. */
class ProgrammesTest {

    private static final ProgrammeTerms TERMS =
            ProgramsWorld.terms("monthly_income <= money(\"3000.00\")", 1_000, 0, 1, null);
    private static ProgramsWorld world;

    @BeforeAll
    static void open() {
        world = new ProgramsWorld();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test
    void terms_take_effect_when_somebody_else_has_approved_them() {
        Programme draft = world.programmes.create(MANAGER, "A1", "A", TERMS);
        UUID request = world.programmes.submit(MANAGER, draft.id());
        assertThat(world.programmes.find(draft.id()).currentVersion()).isNull();

        world.deciding.approve(APPROVER, request, world.digestOf(request), "");

        assertThat(world.programmes.find(draft.id()).state()).isEqualTo(Programme.State.ACTIVE);
        assertThat(world.programmes.find(draft.id()).currentVersion()).isEqualTo(1);
    }

    @Test
    void nobody_approves_what_she_wrote_even_with_every_role() {
        Programme draft = world.programmes.create(EVERYTHING, "A2", "A", TERMS);
        UUID request = world.programmes.submit(EVERYTHING, draft.id());

        refused(
                ProgramsProblem.OWN_WORK,
                () -> world.deciding.approve(EVERYTHING, request, world.digestOf(request), ""));
        // The database says so too, whatever the program does.
        assertThatThrownBy(() -> world.database
                        .sql()
                        .execute("insert into approval_vote (request_id, stage, decision, voter, prepared_by, digest)"
                                + " select id, 1, 'approved', prepared_by, prepared_by, digest from approval_request"
                                + " where state = 'open'"))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void an_approval_counts_for_exactly_the_version_that_was_looked_at() {
        Programme draft = world.programmes.create(MANAGER, "A3", "A", TERMS);
        UUID request = world.programmes.submit(MANAGER, draft.id());
        String seen = world.digestOf(request);
        world.programmes.change(MANAGER, draft.id(), ProgramsWorld.terms("everyone()", 99_000, 0, 1, null));
        UUID newer = world.programmes.submit(MANAGER, draft.id());

        refused(ProgramsProblem.REQUEST_ENDED, () -> world.deciding.approve(APPROVER, request, seen, ""));
        refused(ProgramsProblem.DIGEST_CHANGED, () -> world.deciding.approve(APPROVER, newer, seen, ""));
        assertThat(world.programmes.find(draft.id()).state()).isEqualTo(Programme.State.IN_REVIEW);
    }

    @Test
    void a_rejection_needs_a_reason_and_sends_the_programme_back_to_its_author() {
        Programme draft = world.programmes.create(MANAGER, "A4", "A", TERMS);
        UUID request = world.programmes.submit(MANAGER, draft.id());

        refused(
                ProgramsProblem.REASON_MISSING,
                () -> world.deciding.reject(APPROVER, request, world.digestOf(request), " "));
        world.deciding.reject(APPROVER, request, world.digestOf(request), "too generous");

        assertThat(world.programmes.find(draft.id()).state()).isEqualTo(Programme.State.DRAFT);
    }

    @Test
    void a_rule_that_does_not_compile_is_refused_with_what_is_wrong() {
        for (String rule : List.of(
                "monthly_incom <= money(\"3000.00\")",
                "monthly_income <=",
                "members.exists(m, m.age < 'five')",
                "size",
                "1 == 1 ||")) {
            assertThatThrownBy(() -> world.programmes.create(
                            MANAGER, "BAD", "Bad", ProgramsWorld.terms(rule, 1_000, 0, 1, null)))
                    .as(rule)
                    .isInstanceOf(Problem.class);
        }
        refused(
                ProgramsProblem.TERMS_UNFIT,
                () -> world.programmes.create(MANAGER, "BAD", "Bad", ProgramsWorld.terms("everyone()", 0, 0, 1, null)));
        assertThat(world.programmes.findByCode("BAD")).isEmpty();
    }

    @Test
    void a_code_is_given_once() {
        world.programmes.create(MANAGER, "ONCE", "First", TERMS);

        refused(ProgramsProblem.PROGRAMME_CODE_TAKEN, () -> world.programmes.create(MANAGER, "once", "Second", TERMS));
    }

    @Test
    void a_suspended_programme_enrols_nobody_and_opens_no_cycle() {
        Programme programme = world.active("A5", TERMS);
        world.programmes.setSuspended(MANAGER, programme.id(), true, "audit");

        refused(ProgramsProblem.PROGRAMME_NOT_READY, () -> world.assessments.begin(MANAGER, programme.id()));
        refused(
                ProgramsProblem.PROGRAMME_NOT_READY,
                () -> world.cycles.open(MANAGER, programme.id(), "x", LocalDate.now()));
    }

    @Test
    void everybody_does_only_what_her_role_is_for() {
        Programme programme = world.active("A6", TERMS);
        UUID id = programme.id();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> world.programmes.create(APPROVER, "X1", "X", TERMS),
                () -> world.programmes.create(FINANCE, "X1", "X", TERMS),
                () -> world.programmes.change(APPROVER, id, TERMS),
                () -> world.programmes.setSuspended(FINANCE, id, true, "x"),
                () -> world.programmes.show(REGISTRAR, id),
                () -> world.programmes.page(REGISTRAR, PageRequest.first(1)),
                () -> world.assessments.begin(APPROVER, id),
                () -> world.enrolments.page(REGISTRAR, id, PageRequest.first(1)),
                () -> world.cycles.open(APPROVER, id, "x", LocalDate.now()),
                () -> world.cycles.page(REGISTRAR, PageRequest.first(1)),
                () -> world.approvals.page(REGISTRAR, PageRequest.first(1)))) {
            refused(AccessProblem.NOT_PERMITTED, call);
        }
        UUID request = world.programmes.submit(
                MANAGER, world.programmes.create(MANAGER, "A7", "A", TERMS).id());
        refused(
                AccessProblem.NOT_PERMITTED,
                () -> world.deciding.approve(MANAGER, request, world.digestOf(request), ""));
        refused(
                AccessProblem.NOT_PERMITTED,
                () -> world.deciding.approve(FINANCE, request, world.digestOf(request), ""));
    }

    @Test
    void an_area_that_does_not_exist_is_refused_wherever_the_rule_names_it() {
        world.unknownAreas.add("NOWHERE");
        for (String rule : List.of("within(area, \"NOWHERE\")", "size > 1 && !within(area, \"NOWHERE\")")) {
            assertThatThrownBy(() -> world.programmes.create(
                            MANAGER, "A1", "Of an area", ProgramsWorld.terms(rule, 1_000, 0, 1, null)))
                    .isInstanceOfSatisfying(Problem.class, problem -> {
                        assertThat(problem.code()).isEqualTo(ProgramsProblem.TERMS_UNFIT);
                        assertThat(problem.sentence()).contains("there is no area with the code 'NOWHERE'");
                    });
        }
    }

    @Test
    void all_that_is_wrong_with_a_form_is_told_at_once() {
        Map<String, String> answers =
                new HashMap<>(ProgrammeTemplate.byKey("family").answers());
        answers.put("memberAgeBelow", "young");
        answers.put("base", "-1");
        answers.put("mostChildren", "many");
        ProgrammeForm form = new ProgrammeForm(answers);
        assertThatThrownBy(
                        () -> world.programmes.create(MANAGER, "x", "", () -> form.terms(world.programmes.currency())))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo(FoundationProblem.INVALID_INPUT);
                    assertThat(problem.sentence())
                            .contains("Name", "Code", "younger than", "For the household", "Children that count");
                });
    }

    @Test
    void an_empty_number_of_children_is_asked_for_and_does_not_become_fifty() {
        Map<String, String> answers =
                new HashMap<>(ProgrammeTemplate.byKey("family").answers());
        answers.put("mostChildren", "");
        answers.put("childAgeBelow", "");
        Currency currency = Currency.getInstance("KES");
        assertThatThrownBy(() -> new ProgrammeForm(answers).terms(currency))
                .hasMessageContaining("Children that count, at most")
                .hasMessageContaining("A child is younger than");
        answers.put("perChild", "");
        assertThat(new ProgrammeForm(answers).terms(currency).benefit().bands()).isEmpty();
    }

    @Test
    void empty_fields_do_not_mean_the_whole_country_until_somebody_says_so() {
        Map<String, String> answers =
                new HashMap<>(ProgrammeTemplate.byKey("emergency").answers());
        Currency currency = Currency.getInstance("KES");
        assertThatThrownBy(() -> new ProgrammeForm(answers).terms(currency))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.sentence()).contains("every household of the country would join"));
        answers.put("everybody", "yes");
        assertThat(new ProgrammeForm(answers).terms(currency).rule()).isEqualTo("everyone()");
        answers.put("area", "N01");
        assertThat(new ProgrammeForm(answers).terms(currency).rule()).contains("N01");
    }
}
