package org.annona.programs.cycle;

import static org.annona.programs.ProgramsWorld.APPROVER;
import static org.annona.programs.ProgramsWorld.AUDITOR;
import static org.annona.programs.ProgramsWorld.FINANCE;
import static org.annona.programs.ProgramsWorld.MANAGER;
import static org.annona.programs.ProgramsWorld.REGISTRAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.programs.OrderKey;
import org.annona.programs.PaymentGateway;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsWorld;
import org.annona.programs.cycle.AccountConcerns.ConcernRow;
import org.annona.programs.programme.Programme;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Money goes to a new or a shared account only when somebody other than the person who opened the cycle has said so. */
class AccountConcernsTest {

    private static final LocalDate ADULT = LocalDate.now().minusYears(40);

    private ProgramsWorld world;
    private Programme programme;
    private final List<UUID> households = new ArrayList<>();

    @BeforeEach
    void open() {
        world = new ProgramsWorld();
        for (int i = 0; i < 12; i++) {
            households.add(world.registry.household(100_000L, "/N/", ADULT));
        }
        programme = world.active("C1", ProgramsWorld.terms("everyone()", 1_000, 0, 0, null));
        world.enrol(programme);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private UUID head(int household) {
        return world.registry.members(households.get(household)).getFirst();
    }

    private static void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private Cycle waiting(String code) {
        UUID id = world.cycles
                .open(MANAGER, programme.id(), code, LocalDate.now())
                .id();
        world.await(() -> world.cycles.find(id).state() == Cycle.State.ACCOUNTS, "cycle/" + id);
        return world.cycles.find(id);
    }

    private List<ConcernRow> rows(Cycle cycle) {
        return world.concerns.page(AUDITOR, cycle.id(), PageRequest.first(100)).rows();
    }

    private void decideAll(Cycle cycle, boolean accepted) {
        world.concerns.decideAll(APPROVER, cycle.id(), rows(cycle).size(), accepted);
        world.await(() -> world.cycles.find(cycle.id()).state() == Cycle.State.COMPUTED, "cycle/" + cycle.id());
    }

    private String stateOf(Cycle cycle, int household) {
        return world.cycles.entitlements(AUDITOR, cycle.id(), PageRequest.first(100)).rows().stream()
                .filter(row -> row.subjectId().equals(households.get(household)))
                .map(row -> row.state() + " " + row.reason())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_household_that_is_paid_for_the_first_time_has_no_new_account() {
        assertThat(world.computed(programme, "1").concerns()).isZero();
    }

    @Test
    void an_account_that_changed_since_the_last_payment_holds_the_line_until_an_approver_accepts_it() {
        world.paid(programme, "1");
        world.accounts.give(head(3), "another");
        Cycle cycle = waiting("2");

        assertThat(rows(cycle)).extracting(ConcernRow::subjectId).containsExactly(households.get(3));
        assertThat(rows(cycle)).extracting(ConcernRow::kind).containsExactly("new");
        assertThat(stateOf(cycle, 3)).isEqualTo("held ACCOUNT_NEW");
        assertThat(world.approvals.newestOn(cycle.id())).isEmpty();
        assertThat(world.concerns.waitingFor(APPROVER)).isEqualTo(1);

        decideAll(cycle, true);
        Cycle computed = world.cycles.find(cycle.id());
        assertThat(computed.payable()).isEqualTo(12);
        assertThat(stateOf(cycle, 3)).isEqualTo("computed ");
        world.payer.complete = false;
        world.release(computed);
        assertThat(world.payer.lines.get(households.get(3).toString()).accountVersion())
                .isEqualTo(2);
        assertThat(world.payer.lines.get(households.get(4).toString()).accountVersion())
                .isEqualTo(1);
    }

    @Test
    void after_a_payment_to_the_accepted_account_it_is_new_no_more() {
        world.paid(programme, "1");
        world.accounts.give(head(3), "another");
        Cycle second = waiting("2");
        decideAll(second, true);
        world.payer.lines.clear();
        world.payer.complete = false;
        world.release(world.cycles.find(second.id()));
        world.settle(second);

        assertThat(world.computed(programme, "3").concerns()).isZero();
    }

    private void paidOn(Cycle cycle, int household, int accountVersion) {
        world.payer.changes.add(new PaymentGateway.Change(
                OrderKey.of(cycle.id()),
                households.get(household).toString(),
                PaymentGateway.Status.SETTLED,
                "",
                "",
                1_000,
                0,
                accountVersion));
        world.outcomes.collect();
    }

    @Test
    void an_account_that_finance_accepted_after_the_approval_is_not_new_on_the_next_list_and_any_other_one_is() {
        for (int i = 3; i < 6; i++) {
            world.accounts.give(head(i), "the account of the list, of " + i);
        }
        Cycle first = world.paid(programme, "1");
        for (int i = 3; i < 7; i++) {
            world.accounts.give(head(i), "changed after the approval, of " + i);
        }
        paidOn(first, 3, 3);
        paidOn(first, 4, 3);
        paidOn(first, 5, 3);
        world.accounts.give(head(4), "changed once more");
        world.accounts.give(head(5), "the account of the list, of 5");
        Cycle second = waiting("2");

        assertThat(rows(second))
                .extracting(ConcernRow::subjectId)
                .as("the accepted account is known; changed again, changed back and never accepted are not")
                .containsExactlyInAnyOrder(households.get(4), households.get(5), households.get(6));
        assertThat(rows(second)).extracting(ConcernRow::kind).containsOnly("new");
    }

    @Test
    void an_account_of_two_households_holds_both_lines_and_tells_how_many_they_are() {
        world.accounts.give(head(1), "one for two");
        world.accounts.give(head(2), "one for two");
        Cycle cycle = waiting("1");

        assertThat(rows(cycle))
                .extracting(ConcernRow::subjectId)
                .containsExactlyInAnyOrder(households.get(1), households.get(2));
        assertThat(rows(cycle)).extracting(ConcernRow::kind).containsOnly("shared");
        assertThat(rows(cycle)).extracting(ConcernRow::households).containsOnly(2);
    }

    @Test
    void a_shared_account_names_five_other_households_to_those_who_decide_and_counts_the_rest() {
        for (int i = 0; i < 8; i++) {
            world.accounts.give(head(i), "one for eight");
        }
        Cycle cycle = waiting("1");
        List<UUID> asked = List.of(households.get(0), households.get(9));

        Map<UUID, AccountConcerns.Sharing> seen = world.concerns.sharing(APPROVER, cycle.id(), asked);
        assertThat(seen).containsOnlyKeys(households.get(0));
        assertThat(seen.get(households.get(0)).others())
                .hasSize(5)
                .allSatisfy(other -> assertThat(other.payeeName()).isEqualTo("A•••• B••••"))
                .extracting(AccountConcerns.Other::subjectId)
                .isSubsetOf(households.subList(1, 8));
        assertThat(seen.get(households.get(0)).more()).isEqualTo(2);
        assertThat(seen.get(households.get(0)).atLeast()).isFalse();
        assertThat(world.concerns
                        .sharing(AUDITOR, cycle.id(), asked)
                        .get(households.get(0))
                        .others())
                .as("who does not decide sees no name")
                .extracting(AccountConcerns.Other::payeeName)
                .containsOnly("");
        refused(AccessProblem.NOT_PERMITTED, () -> world.concerns.sharing(REGISTRAR, cycle.id(), asked));
    }

    @Test
    void a_household_that_was_paid_on_the_account_by_another_list_is_named_too() {
        world.paid(programme, "1");
        UUID later = world.registry.household(100_000L, "/N/", ADULT);
        world.accounts.give(world.registry.members(later).getFirst(), head(5).toString());
        world.enrol(programme);
        world.registry.change(households.get(5), false, 100_000L);
        Cycle cycle = waiting("2");

        assertThat(world.concerns
                        .sharing(APPROVER, cycle.id(), List.of(later))
                        .get(later)
                        .others())
                .extracting(AccountConcerns.Other::subjectId)
                .containsExactly(households.get(5));
    }

    @Test
    void an_account_on_which_another_household_was_paid_in_another_programme_is_shared() {
        world.paid(programme, "1");
        UUID later = world.registry.household(100_000L, "/N/", ADULT);
        UUID head = world.registry.members(later).getFirst();
        world.accounts.give(head, head(5).toString());
        world.enrol(programme);
        Cycle cycle = waiting("2");

        assertThat(rows(cycle)).extracting(ConcernRow::subjectId).containsExactlyInAnyOrder(later, households.get(5));
        assertThat(rows(cycle)).extracting(ConcernRow::kind).containsOnly("shared");
    }

    @Test
    void an_account_that_came_after_a_list_without_one_is_new_on_the_next_list() {
        world.accounts.takeAway(head(3));
        world.paid(programme, "1");
        world.accounts.giveBack(head(3));
        Cycle cycle = waiting("2");

        assertThat(rows(cycle)).extracting(ConcernRow::subjectId).containsExactly(households.get(3));
        assertThat(rows(cycle)).extracting(ConcernRow::kind).containsExactly("new");
    }

    @Test
    void a_list_that_is_not_paid_yet_counts_too() {
        world.release(world.computed(programme, "1"));
        world.accounts.give(head(3), "another");
        UUID later = world.registry.household(100_000L, "/N/", ADULT);
        world.accounts.give(world.registry.members(later).getFirst(), head(5).toString());
        world.enrol(programme);
        Cycle cycle = waiting("2");

        assertThat(rows(cycle))
                .extracting(ConcernRow::subjectId)
                .containsExactlyInAnyOrder(households.get(3), later, households.get(5));
    }

    @Test
    void a_line_that_is_left_out_is_not_paid_and_its_reason_is_kept() {
        world.paid(programme, "1");
        world.accounts.give(head(3), "another");
        Cycle cycle = waiting("2");
        decideAll(cycle, false);

        assertThat(world.cycles.find(cycle.id()).payable()).isEqualTo(11);
        assertThat(world.cycles.find(cycle.id()).summary().held()).isEqualTo(Map.of("ACCOUNT_NEW", 1L));
        world.payer.lines.clear();
        world.payer.complete = false;
        world.release(world.cycles.find(cycle.id()));
        assertThat(world.payer.lines)
                .hasSize(11)
                .doesNotContainKey(households.get(3).toString());
    }

    @Test
    void a_list_in_which_too_many_accounts_are_new_cannot_be_approved_by_anybody() {
        world.paid(programme, "1");
        for (int i = 0; i < 6; i++) {
            world.accounts.give(head(i), "the account of the thief");
        }
        Cycle cycle = waiting("2");

        assertThat(rows(cycle)).extracting(ConcernRow::kind).containsOnly("new_and_shared");
        assertThat(world.concerns.count(AUDITOR, cycle).tooMany()).isTrue();
        refused(ProgramsProblem.ACCOUNTS_TOO_MANY, () -> world.concerns.decideAll(APPROVER, cycle.id(), 6, true));
        refused(ProgramsProblem.ACCOUNTS_TOO_MANY, () -> world.concerns.decideAll(APPROVER, cycle.id(), 6, false));
        world.cycles.cancel(MANAGER, cycle.id(), "the accounts are wrong");
        assertThat(world.cycles.find(cycle.id()).state()).isEqualTo(Cycle.State.CANCELLED);
    }

    @Test
    void only_an_approver_who_did_not_open_the_cycle_decides_and_only_on_what_was_in_view() {
        world.paid(programme, "1");
        world.accounts.give(head(3), "another");
        world.accounts.give(head(4), "a third");
        Cycle cycle = waiting("2");
        Actor opener = new Actor(MANAGER.name(), "", Set.of(Role.values()));
        List<UUID> both = List.of(households.get(3), households.get(4));

        for (Actor other : List.of(MANAGER, FINANCE, AUDITOR, REGISTRAR)) {
            refused(AccessProblem.NOT_PERMITTED, () -> world.concerns.decide(other, cycle.id(), both, true));
        }
        refused(AccessProblem.NOT_PERMITTED, () -> world.concerns.page(REGISTRAR, cycle.id(), PageRequest.first(1)));
        refused(ProgramsProblem.OWN_WORK, () -> world.concerns.decide(opener, cycle.id(), both, true));
        refused(ProgramsProblem.ACCOUNTS_CHANGED, () -> world.concerns.decideAll(APPROVER, cycle.id(), 1, true));
        refused(
                ProgramsProblem.ACCOUNTS_CHANGED,
                () -> world.concerns.decide(APPROVER, cycle.id(), List.of(households.get(5)), true));
        world.concerns.decide(APPROVER, cycle.id(), List.of(households.get(3)), true);
        refused(ProgramsProblem.ACCOUNTS_CHANGED, () -> world.concerns.decide(APPROVER, cycle.id(), both, true));
        assertThat(world.concerns.count(AUDITOR, world.cycles.find(cycle.id())).open())
                .isEqualTo(1);
        assertThatThrownBy(() -> world.database
                        .sql()
                        .execute(
                                "update account_concern set decision = 'accepted', decided_by = opened_by, decided_at = now()"
                                        + " where decision is null"))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void the_approved_digest_covers_the_account_and_an_account_cannot_be_swapped_afterwards() {
        Cycle cycle = world.computed(programme, "1");
        assertThatThrownBy(() -> world.database.sql().execute("update entitlement set account_mark = '\\x00'"))
                .isInstanceOf(DataAccessException.class);

        world.accounts.takeAway(head(0));
        Cycle without = world.computed(programme, "2");
        assertThat(without.digest()).isNotEqualTo(cycle.digest());
        assertThat(without.linesDigest()).isNotEqualTo(cycle.linesDigest());
        world.payer.complete = false;
        world.release(without);
        assertThat(world.payer.orders.get(OrderKey.of(without.id())).digest()).isEqualTo(without.linesDigest());
        assertThat(world.payer.lines.get(households.getFirst().toString()).accountVersion())
                .isZero();
    }
}
