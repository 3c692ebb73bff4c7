package org.annona.programs.enrolment;

import static org.annona.programs.ProgramsWorld.APPROVER;
import static org.annona.programs.ProgramsWorld.AUDITOR;
import static org.annona.programs.ProgramsWorld.FINANCE;
import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.annona.programs.ProgramsWorld.REGISTRAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsWorld;
import org.annona.programs.programme.Programme;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody is put out of a programme by one person. */
class EnrolmentEndsTest {

    private ProgramsWorld world;
    private UUID enrolment;

    @BeforeEach
    void open() {
        world = new ProgramsWorld();
        world.registry.household(100_000L, "/N/", LocalDate.now().minusYears(40));
        Programme programme = world.active("C1", ProgramsWorld.terms("everyone()", 1_000, 0, 0, null));
        world.enrol(programme);
        enrolment = world.enrolments
                .page(AUDITOR, programme.id(), PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private String state() {
        return world.enrolments.show(AUDITOR, enrolment).state();
    }

    private UUID ask() {
        return world.ends.ask(MANAGER, enrolment, "exited", "FRAUD", "two sets of papers");
    }

    @Test
    void an_enrolment_ends_when_an_approver_confirms_what_a_manager_asked_for() {
        UUID end = ask();
        assertThat(state()).isEqualTo("enrolled");
        assertThat(world.ends.waitingFor(APPROVER)).isEqualTo(1);

        world.ends.confirm(APPROVER, end);
        assertThat(state()).isEqualTo("exited");
        assertThat(world.enrolments.history(enrolment).getFirst()).satisfies(change -> {
            assertThat(change.changedBy()).isEqualTo(MANAGER.name());
            assertThat(change.cause()).isEqualTo("confirmed by " + APPROVER.name());
            assertThat(change.note()).isEqualTo("two sets of papers");
        });
        assertThat(world.ends.waitingFor(APPROVER)).isZero();
    }

    @Test
    void an_ended_enrolment_is_still_found_for_its_people_and_marked_as_ended_also_when_they_moved_out() {
        UUID household = world.enrolments.show(AUDITOR, enrolment).subjectId();
        UUID person = world.registry.members(household).getFirst();
        assertThat(world.enrolments.ofPerson(person))
                .extracting(Enrolments.OfPerson::id, Enrolments.OfPerson::ended, Enrolments.OfPerson::memberToday)
                .containsExactly(tuple(enrolment, false, true));

        world.ends.confirm(APPROVER, ask());
        assertThat(world.enrolments.ofPerson(person))
                .extracting(Enrolments.OfPerson::id, Enrolments.OfPerson::ended, Enrolments.OfPerson::memberToday)
                .containsExactly(tuple(enrolment, true, true));
        world.database.sql().execute("update membership set valid_to = current_date");
        assertThat(world.enrolments.ofPerson(person))
                .extracting(Enrolments.OfPerson::id, Enrolments.OfPerson::ended, Enrolments.OfPerson::memberToday)
                .containsExactly(tuple(enrolment, true, false));
    }

    @Test
    void one_person_ends_no_enrolment_whatever_roles_that_person_has() {
        Actor everything = new Actor(MANAGER.name(), "", Set.of(Role.values()));
        refused(
                ProgramsProblem.END_NEEDS_TWO,
                () -> world.enrolments.change(everything, enrolment, "exited", "FRAUD", "x"));
        UUID end = ask();
        refused(ProgramsProblem.OWN_WORK, () -> world.ends.confirm(everything, end));
        for (Actor other : List.of(MANAGER, FINANCE, AUDITOR, REGISTRAR)) {
            refused(AccessProblem.NOT_PERMITTED, () -> world.ends.confirm(other, end));
        }
        for (Actor other : List.of(APPROVER, FINANCE, AUDITOR, REGISTRAR)) {
            refused(
                    AccessProblem.NOT_PERMITTED,
                    () -> world.ends.ask(other, enrolment, "exited", "FRAUD", "two sets of papers"));
        }
        assertThatThrownBy(() -> world.database
                        .sql()
                        .execute("update enrolment_end set state = 'done', decided_by = asked_by, decided_at = now()"))
                .isInstanceOf(DataAccessException.class);
        assertThat(state()).isEqualTo("enrolled");
    }

    @Test
    void a_refused_or_withdrawn_request_changes_nothing_and_can_be_made_again() {
        UUID first = ask();
        refused(ProgramsProblem.END_ASKED, this::ask);
        refused(ProgramsProblem.REASON_MISSING, () -> world.ends.refuse(APPROVER, first, " "));
        world.ends.refuse(APPROVER, first, "the papers are of a cousin");
        assertThat(state()).isEqualTo("enrolled");

        UUID second = ask();
        world.ends.withdraw(MANAGER, second);
        world.ends.ask(MANAGER, enrolment, "exited", "MOVED", "another request than the approver saw");
        refused(ProgramsProblem.END_UNKNOWN, () -> world.ends.confirm(APPROVER, second));
        assertThat(state()).isEqualTo("enrolled");
    }

    @Test
    void a_request_that_the_enrolment_has_overtaken_is_not_carried_out() {
        UUID end = world.ends.ask(MANAGER, enrolment, "exited", "MOVED", "left the country");
        world.database.sql().execute("update enrolment set state = 'duplicate_held', reason = 'DUP_ID'");

        refused(ProgramsProblem.TRANSITION_NOT_ALLOWED, () -> world.ends.confirm(APPROVER, end));
        assertThat(state()).isEqualTo("duplicate_held");
    }

    @Test
    void a_manager_alone_does_not_clear_a_double() {
        world.database.sql().execute("update enrolment set state = 'duplicate_held', reason = 'DUP_ID'");
        refused(
                ProgramsProblem.DUPLICATE_UNDECIDED,
                () -> world.enrolments.change(MANAGER, enrolment, "enrolled", "NOT_DUPLICATE", ""));
        assertThat(world.enrolments.nextSteps(world.enrolments.show(AUDITOR, enrolment)))
                .isEmpty();
    }

    @Test
    void an_end_needs_a_reason_in_words_and_a_step_that_the_table_knows() {
        refused(ProgramsProblem.REASON_MISSING, () -> world.ends.ask(MANAGER, enrolment, "exited", "FRAUD", ""));
        refused(
                ProgramsProblem.TRANSITION_NOT_ALLOWED,
                () -> world.ends.ask(MANAGER, enrolment, "exited", "CONFIRMED_DUPLICATE", "x"));
    }
}
