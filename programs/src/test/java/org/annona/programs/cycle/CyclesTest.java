package org.annona.programs.cycle;

import static org.annona.programs.ProgramsWorld.APPROVER;
import static org.annona.programs.ProgramsWorld.AUDITOR;
import static org.annona.programs.ProgramsWorld.EVERYTHING;
import static org.annona.programs.ProgramsWorld.FINANCE;
import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.job.JobState;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.programs.OrderKey;
import org.annona.programs.PaymentGateway.Change;
import org.annona.programs.PaymentGateway.Status;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsWorld;
import org.annona.programs.cycle.Cycles.EntitlementRow;
import org.annona.programs.programme.Programme;
import org.annona.testing.TestPostgres;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the frozen roster over two decisions to the payer and back. */
class CyclesTest {

    private static final LocalDate ADULT = LocalDate.now().minusYears(40);
    private static final LocalDate CHILD = LocalDate.now().minusYears(9);

    private ProgramsWorld world;
    private Programme programme;

    @BeforeEach
    void open() {
        world = new ProgramsWorld();
        world.registry.household(100_000L, "/N/", ADULT);
        world.registry.household(100_000L, "/N/", ADULT, CHILD, CHILD);
        world.registry.household(100_000L, "/N/", ADULT, CHILD, CHILD, CHILD, CHILD, CHILD);
        programme = world.active("C1", ProgramsWorld.terms("everyone()", 1_000, 300, 4, 2_000L));
        world.enrol(programme);
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

    private Map<Integer, EntitlementRow> bySize(Cycle cycle) {
        Map<Integer, EntitlementRow> rows = new HashMap<>();
        world.cycles
                .entitlements(AUDITOR, cycle.id(), PageRequest.first(100))
                .rows()
                .forEach(row -> rows.put(row.size(), row));
        return rows;
    }

    @Test
    void amounts_follow_the_benefit_with_its_caps() {
        Cycle cycle = world.computed(programme, "1");

        assertThat(bySize(cycle).get(1).amountMinor()).isEqualTo(1_000);
        assertThat(bySize(cycle).get(3).amountMinor()).isEqualTo(1_600);
        // Four children count, and the maximum cuts 2200 to 2000.
        assertThat(bySize(cycle).get(6).amountMinor()).isEqualTo(2_000);
        assertThat(cycle.totalMinor()).isEqualTo(4_600);
    }

    @Test
    void what_happens_in_the_registry_after_the_roster_is_frozen_changes_nothing() {
        Cycle cycle = world.computed(programme, "1");
        world.registry.change(bySize(cycle).get(1).subjectId(), false, 1L);
        world.release(cycle);

        assertThat(world.payer.lines).hasSize(3);
        assertThat(world.cycles.find(cycle.id()).totalMinor()).isEqualTo(4_600);
    }

    @Test
    void a_household_whose_amount_cannot_be_known_is_held_with_the_reason_and_not_guessed() {
        UUID household = world.registry.household(100_000L, "/N/", ADULT, null);
        world.enrol(programme);
        Cycle cycle = world.computed(programme, "1");
        EntitlementRow row = bySize(cycle).get(2);

        assertThat(row.subjectId()).isEqualTo(household);
        assertThat(row.state()).isEqualTo("held");
        assertThat(row.reason()).isEqualTo("MEMBER_UNKNOWN");
        assertThat(row.amountMinor()).isNull();
        assertThat(cycle.summary().held()).isEqualTo(Map.of("MEMBER_UNKNOWN", 1L));
    }

    @Test
    void three_people_are_needed_and_the_same_person_never_takes_two_parts() {
        Cycle cycle = world.computed(programme, "1");
        UUID request = world.requestOn(cycle.id());
        String digest = world.digestOf(request);
        Actor both = new Actor("bo", "Bo", Set.of(Role.APPROVER, Role.FINANCE_OFFICER));

        refused(
                ProgramsProblem.OWN_WORK,
                () -> world.deciding.approve(
                        new Actor(MANAGER.name(), "", Set.of(Role.values())), request, digest, ""));
        world.deciding.approve(both, request, digest, "");
        refused(ProgramsProblem.TWO_STAGES, () -> world.deciding.approve(both, request, digest, ""));
        assertThat(world.payer.orders).isEmpty();
        world.deciding.approve(FINANCE, request, digest, "");
        world.await(() -> world.payer.complete, "cycle/" + cycle.id());

        var order = world.payer.orders.get(OrderKey.of(cycle.id()));
        assertThat(order.preparedBy()).isEqualTo(MANAGER.name());
        assertThat(order.approvedBy()).isEqualTo("bo");
        assertThat(order.releasedBy()).isEqualTo(FINANCE.name());
        assertThat(EVERYTHING.name()).isNotEqualTo(order.releasedBy());
    }

    @Test
    void whoever_comes_a_moment_after_a_colleague_hears_who_decided_and_not_that_it_is_forbidden() {
        Cycle cycle = world.computed(programme, "1");
        UUID request = world.requestOn(cycle.id());
        String digest = world.digestOf(request);
        Actor colleague = new Actor("cleo", "Cleo", Set.of(Role.APPROVER));
        world.deciding.approve(APPROVER, request, digest, "");

        refused(ProgramsProblem.STAGE_PASSED, () -> world.deciding.approve(colleague, request, digest, ""));
        refused(ProgramsProblem.STAGE_PASSED, () -> world.deciding.reject(colleague, request, digest, "too late"));
        assertThatThrownBy(() -> world.deciding.approve(
                        new Actor("reg", "Reg", Set.of(Role.REGISTRAR, Role.PROGRAMME_MANAGER)), request, digest, ""))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code().status()).isEqualTo(403));
        assertThat(world.cycles.find(cycle.id()).state()).isEqualTo(Cycle.State.LIST_APPROVED);
    }

    @Test
    void without_funds_nothing_is_released_and_the_sentence_says_how_much_is_missing() {
        Cycle cycle = world.computed(programme, "1");
        UUID request = world.requestOn(cycle.id());
        String digest = world.digestOf(request);
        world.deciding.approve(APPROVER, request, digest, "");
        world.payer.availableMinor = 4_000;

        assertThatThrownBy(() -> world.deciding.approve(FINANCE, request, digest, ""))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.code()).isEqualTo(ProgramsProblem.FUNDS_SHORT);
                    assertThat(problem.sentence()).contains("6.00 KES are missing");
                });
        assertThat(world.cycles.find(cycle.id()).state()).isEqualTo(Cycle.State.LIST_APPROVED);
        world.payer.availableMinor = 4_600;
        world.deciding.approve(FINANCE, request, digest, "");
        assertThat(world.cycles.find(cycle.id()).state()).isEqualTo(Cycle.State.RELEASED);
    }

    /** The guard behind the guard: a row is changed by somebody who can, between approval and hand-over. */
    @Test
    void an_amount_that_is_changed_in_the_database_after_the_approval_is_never_paid() throws Exception {
        Cycle cycle = world.computed(programme, "1");
        UUID request = world.requestOn(cycle.id());
        String digest = world.digestOf(request);
        world.deciding.approve(APPROVER, request, digest, "");
        try (Connection owner = TestPostgres.asAdministrator(world.address.database());
                Statement sql = owner.createStatement()) {
            sql.execute("alter table programs.entitlement disable trigger all");
            sql.execute("update programs.entitlement set amount_minor = amount_minor + 100000"
                    + " where subject_id = (select subject_id from programs.entitlement limit 1)");
            sql.execute("alter table programs.entitlement enable trigger all");
        }
        world.deciding.approve(FINANCE, request, digest, "");

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> world.jobs
                                .ofSubject("cycle/" + cycle.id(), 1)
                                .getFirst()
                                .state()
                        == JobState.FAILED);
        assertThat(world.jobs.ofSubject("cycle/" + cycle.id(), 1).getFirst().problemCode())
                .isEqualTo(ProgramsProblem.TAMPERED.code());
        assertThat(world.payer.orders).isEmpty();
        assertThat(world.payer.lines).isEmpty();
    }

    @Test
    void entitlements_cannot_be_changed_by_the_program_once_they_are_computed() {
        world.computed(programme, "1");

        assertThatThrownBy(() -> world.database.sql().execute("update entitlement set amount_minor = 1"))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void a_name_is_used_once_and_free_again_after_the_cycle_is_cancelled() {
        Cycle cycle = world.computed(programme, "1");

        refused(
                ProgramsProblem.CYCLE_CODE_TAKEN,
                () -> world.cycles.open(MANAGER, programme.id(), "1", LocalDate.now()));
        world.cycles.cancel(MANAGER, cycle.id(), "wrong day");
        UUID request = world.requestOn(cycle.id());
        refused(
                ProgramsProblem.REQUEST_ENDED,
                () -> world.deciding.approve(APPROVER, request, world.digestOf(request), ""));
        assertThat(world.computed(programme, "1").totalMinor()).isEqualTo(4_600);
    }

    @Test
    void a_cancelled_cycle_tells_who_cancelled_it_when_and_why_also_where_its_list_was_rejected() {
        Cycle given = world.computed(programme, "1");
        world.cycles.cancel(MANAGER, given.id(), " wrong day ");
        Cycle rejected = world.computed(programme, "2");
        UUID request = world.requestOn(rejected.id());
        world.deciding.reject(APPROVER, request, world.digestOf(request), "three households twice");

        assertThat(world.cycles.find(given.id())).satisfies(cycle -> {
            assertThat(cycle.cancelledBy()).isEqualTo(MANAGER.name());
            assertThat(cycle.cancelReason()).isEqualTo("wrong day");
            assertThat(cycle.closedAt()).isNotNull();
        });
        assertThat(world.cycles.find(rejected.id())).satisfies(cycle -> {
            assertThat(cycle.cancelledBy()).isEqualTo(APPROVER.name());
            assertThat(cycle.cancelReason()).isEqualTo("three households twice");
            assertThat(cycle.closedAt()).isNotNull();
        });
    }

    @Test
    void a_released_cycle_cannot_be_cancelled_and_is_not_offered_to_be() {
        Cycle cycle = world.computed(programme, "1");
        world.release(cycle);

        assertThatThrownBy(() -> world.cycles.cancellable(MANAGER, cycle.id())).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> world.cycles.cancel(MANAGER, cycle.id(), "too late"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void a_household_that_left_or_is_suspended_and_a_payee_who_died_are_not_paid_any_more() {
        Cycle cycle = world.computed(programme, "1");
        world.release(cycle);
        Map<Integer, EntitlementRow> rows = bySize(cycle);
        List<String> keys =
                rows.values().stream().map(row -> row.subjectId().toString()).toList();
        assertThat(world.cycles.stopped(OrderKey.of(cycle.id()), keys)).isEmpty();

        world.database
                .sql()
                .execute("update enrolment set state = 'exited', reason = 'FRAUD' where subject_id = '"
                        + rows.get(1).subjectId() + "'");
        world.database
                .sql()
                .execute("update enrolment set state = 'suspended', reason = 'UNDER_INVESTIGATION' where subject_id = '"
                        + rows.get(3).subjectId() + "'");
        world.database
                .sql()
                .execute(
                        "update person set active = false where id = (select payee_id from entitlement where subject_id = '"
                                + rows.get(6).subjectId() + "')");

        assertThat(world.cycles.stopped(OrderKey.of(cycle.id()), keys))
                .isEqualTo(Map.of(
                        rows.get(1).subjectId().toString(), "EXITED",
                        rows.get(3).subjectId().toString(), "SUSPENDED",
                        rows.get(6).subjectId().toString(), "PAYEE_INACTIVE"));
        assertThat(world.cycles.stopped("order of others", keys)).isEmpty();
    }

    @Test
    void the_second_cycle_shows_its_difference_to_the_first() {
        world.release(world.computed(programme, "1"));
        world.registry.household(100_000L, "/N/", ADULT, CHILD);
        world.enrol(programme);

        Cycle.Summary summary = world.computed(programme, "2").summary();

        assertThat(summary.previousCode()).isEqualTo("1");
        assertThat(summary.joined()).isEqualTo(1);
        assertThat(summary.left()).isZero();
        assertThat(summary.changed()).isZero();
        assertThat(summary.median()).isEqualTo(1_300);
    }

    @Test
    void what_became_of_each_payment_comes_back_and_the_cycle_closes_when_all_of_it_is_final() {
        Cycle cycle = world.computed(programme, "1");
        world.release(cycle);
        String key = OrderKey.of(cycle.id());
        Map<Integer, EntitlementRow> rows = bySize(cycle);
        change(key, rows.get(1), Status.SETTLED, "", 1_000, 0);
        change(key, rows.get(3), Status.FAILED, "AC04", 0, 0);
        change(key, rows.get(6), Status.UNKNOWN, "NO_ANSWER", 0, 0);
        world.outcomes.collect();
        assertThat(bySize(cycle).get(3).reason()).isEqualTo("AC04");
        assertThat(world.cycles.find(cycle.id()).state()).isEqualTo(Cycle.State.RELEASED);

        change(key, rows.get(6), Status.RETURNED, "MD07", 2_000, 2_000);
        world.payer.closed = true;
        world.outcomes.collect();
        world.outcomes.collect();

        assertThat(world.cycles.find(cycle.id()).state()).isEqualTo(Cycle.State.CLOSED);
        assertThat(bySize(cycle).get(6).state()).isEqualTo("returned");
        assertThat(bySize(cycle).get(1).settledMinor()).isEqualTo(1_000);
    }

    private void change(String key, EntitlementRow row, Status status, String reason, long settled, long returned) {
        world.payer.changes.add(
                new Change(key, row.subjectId().toString(), status, reason, "REF", settled, returned, 1));
    }
}
