package org.annona.payments.envelope;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.annona.payments.PaymentsWorld.OTHER_FINANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.UUID;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.statement.StatementsByHand;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two people decide about payments, and what nobody can decide. */
class DecisionsTest {

    private PaymentsWorld world;
    private StatementsByHand bank;

    @BeforeEach
    void open() {
        world = new PaymentsWorld();
        world.fund("FAMILY", 1_000_000);
        bank = new StatementsByHand(world, 1_000_000);
    }

    @AfterEach
    void close() {
        assertThat(world.check.faults()).isEmpty();
        world.close();
    }

    private void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private UUID ask(DecisionKind kind, UUID payment) {
        return world.requests.ask(FINANCE, kind, payment, "the bank wrote it");
    }

    private UUID only(UUID envelope) {
        return world.envelopes
                .disbursements(FINANCE, envelope, PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
    }

    private String reference(UUID payment) {
        return world.database
                .sql()
                .fetchSingle(
                        "select reference from attempt where disbursement_id = {0} order by number desc limit 1",
                        org.jooq.impl.DSL.val(payment))
                .get(0, String.class);
    }

    private UUID accepted(long minor) {
        UUID envelope = world.envelope("FAMILY", world.lines(1, minor));
        world.awaitSent(envelope);
        return only(envelope);
    }

    private String referenceOfAccepted() {
        return world.database
                .sql()
                .fetchSingle("select reference from attempt where state = 'accepted'")
                .get(0, String.class);
    }

    private UUID unknown() {
        world.misbehave("outage=true");
        UUID envelope = world.envelope("FAMILY", world.lines(1, 1_000));
        world.await(() -> world.count(envelope, "unknown") == 1);
        return only(envelope);
    }

    private String state(UUID payment) {
        return world.database
                .sql()
                .fetchSingle("select state from disbursement where id = {0}", org.jooq.impl.DSL.val(payment))
                .get(0, String.class);
    }

    @Test
    void a_payment_that_the_bank_accepted_is_never_declared_unpaid() {
        UUID payment = accepted(1_000);
        bank.take();

        refused(PaymentsProblem.NOT_POSSIBLE, () -> ask(DecisionKind.DECLARE_UNPAID, payment));
    }

    @Test
    void an_unknown_payment_is_declared_unpaid_only_after_a_statement_that_would_have_to_show_it() {
        UUID payment = unknown();
        refused(PaymentsProblem.NOT_BOOKED_YET, () -> ask(DecisionKind.DECLARE_UNPAID, payment));
        bank.take();

        UUID request = ask(DecisionKind.DECLARE_UNPAID, payment);
        refused(PaymentsProblem.SAME_PERSON, () -> world.decisions.confirm(FINANCE, request));
        assertThat(state(payment)).isEqualTo("unknown");
        world.decisions.confirm(OTHER_FINANCE, request);

        assertThat(state(payment)).isEqualTo("rejected");
    }

    @Test
    void a_payment_that_a_late_second_statement_of_its_day_may_show_is_not_declared_unpaid_after_the_first() {
        UUID payment = unknown();
        bank.take(1);
        refused(PaymentsProblem.NOT_BOOKED_YET, () -> ask(DecisionKind.DECLARE_UNPAID, payment));

        bank.debit(reference(payment), 1_000).take(1);

        assertThat(state(payment)).isEqualTo("paid");
    }

    @Test
    void a_payment_that_a_statement_shows_after_the_request_is_not_declared_unpaid_by_its_confirmation() {
        UUID payment = unknown();
        bank.take();
        UUID request = ask(DecisionKind.DECLARE_UNPAID, payment);
        bank.debit(reference(payment), 1_000).take();

        refused(PaymentsProblem.NOT_POSSIBLE, () -> world.decisions.confirm(OTHER_FINANCE, request));

        assertThat(state(payment)).isEqualTo("paid");
    }

    @Test
    void a_request_can_be_withdrawn_by_the_one_who_made_it_and_refused_by_another_one() {
        world.misbehave("allRejected=1");
        UUID payment = accepted(1_000);
        UUID first = ask(DecisionKind.REISSUE, payment);
        refused(PaymentsProblem.DECISION_OPEN, () -> ask(DecisionKind.REISSUE, payment));
        refused(PaymentsProblem.NOT_POSSIBLE, () -> world.decisions.withdraw(OTHER_FINANCE, first));
        world.decisions.withdraw(FINANCE, first);
        refused(PaymentsProblem.NOT_POSSIBLE, () -> world.decisions.confirm(OTHER_FINANCE, first));

        UUID second = ask(DecisionKind.REISSUE, payment);
        refused(PaymentsProblem.SAME_PERSON, () -> world.decisions.refuse(FINANCE, second, "no"));
        refused(PaymentsProblem.REASON_MISSING, () -> world.decisions.refuse(OTHER_FINANCE, second, " "));
        world.decisions.refuse(OTHER_FINANCE, second, "the account is still closed");

        assertThat(state(payment)).isEqualTo("rejected");
        assertThat(world.decisions.waitingFor(OTHER_FINANCE)).isZero();
    }

    @Test
    void a_request_that_nobody_decides_expires_and_another_one_can_be_made() {
        world.misbehave("allRejected=1");
        UUID payment = accepted(1_000);
        UUID old = ask(DecisionKind.REISSUE, payment);
        world.database.sql().execute("update decision set expires_at = now() - interval '1 second'");

        refused(PaymentsProblem.NOT_POSSIBLE, () -> world.decisions.confirm(OTHER_FINANCE, old));
        world.decide(DecisionKind.REISSUE, payment);

        world.await(() -> state(payment).equals("in_flight"));
    }

    @Test
    void a_part_that_came_back_is_paid_again_alone() {
        UUID payment = accepted(250_000);
        bank.debit(reference(payment), 250_000).take();
        bank.comesBack(reference(payment), 40_000, "AC04").take();
        assertThat(state(payment)).isEqualTo("returned");

        world.decide(DecisionKind.REISSUE, payment);
        world.await(() -> state(payment).equals("in_flight"));
        bank.debit(reference(payment), 40_000).take();

        assertThat(state(payment)).isEqualTo("paid");
    }

    @Test
    void money_that_came_back_returns_to_the_fund_by_two_people_and_is_not_paid_again() {
        UUID payment = accepted(250_000);
        bank.debit(reference(payment), 250_000).take();
        bank.comesBack(reference(payment), 250_000, "MD07").take();
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(750_000);

        world.decide(DecisionKind.GIVE_BACK, payment);

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(1_000_000);
        assertThat(state(payment)).isEqualTo("cancelled");
        refused(PaymentsProblem.NOT_POSSIBLE, () -> ask(DecisionKind.REISSUE, payment));
    }

    @Test
    void a_rejected_payment_is_given_up_by_two_people_and_waits_for_nobody_any_more() {
        world.misbehave("allRejected=1");
        UUID payment = accepted(250_000);
        assertThat(world.envelopes.unpaid("rejected")).isEqualTo(1);

        world.decide(DecisionKind.GIVE_BACK, payment);
        bank.take();
        world.envelopes.closeFinished();

        assertThat(world.envelopes.unpaid("rejected")).isZero();
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(1_000_000);
    }

    @Test
    void two_parts_that_come_back_one_after_the_other_return_to_the_fund_once_each() {
        UUID payment = accepted(250_000);
        bank.debit(reference(payment), 250_000).take();
        bank.comesBack(reference(payment), 40_000, "AC04").take();
        world.decide(DecisionKind.GIVE_BACK, payment);
        bank.comesBack(reference(payment), 60_000, "AC04").take();

        world.decide(DecisionKind.GIVE_BACK, payment);

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(750_000 + 100_000);
    }

    @Test
    void a_payment_that_comes_back_after_its_envelope_closed_is_paid_again() {
        UUID envelope = world.envelope("FAMILY", world.lines(1, 250_000));
        world.awaitSent(envelope);
        UUID payment = only(envelope);
        bank.debit(reference(payment), 250_000).take();
        for (int day = 0; day < 4; day++) {
            bank.take();
        }
        world.envelopes.closeFinished();
        assertThat(world.envelopes.show(FINANCE, envelope).state().name()).isEqualTo("CLOSED");
        bank.comesBack(reference(payment), 250_000, "AC04").take();

        world.decide(DecisionKind.REISSUE, payment);
        world.await(() -> state(payment).equals("in_flight"));
        bank.debit(reference(payment), 250_000).take();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L));
    }

    @Test
    void a_rejected_payment_of_a_closed_envelope_is_paid_again_from_its_fund() {
        world.misbehave("firstRejectedLastLeftOut=1");
        UUID envelope = world.envelope("FAMILY", world.lines(2, 250_000));
        world.await(() -> world.count(envelope, "rejected") == 1);
        world.awaitSent(envelope);
        bank.debit(referenceOfAccepted(), 250_000).take();
        for (int day = 0; day < 4; day++) {
            bank.take();
        }
        world.envelopes.closeFinished();
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(750_000);
        UUID payment = world.envelopes
                .disbursements(FINANCE, envelope, new PageRequest("", false, null, 1, Map.of("state", "rejected")))
                .rows()
                .getFirst()
                .id();

        world.decide(DecisionKind.REISSUE, payment);
        world.await(() -> state(payment).equals("in_flight"));

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(500_000);
    }

    @Test
    void a_rejected_payment_of_a_closed_envelope_waits_for_nobody_because_its_money_is_in_the_fund() {
        world.misbehave("firstRejectedLastLeftOut=1");
        UUID envelope = world.envelope("FAMILY", world.lines(2, 250_000));
        world.await(() -> world.count(envelope, "rejected") == 1);
        world.awaitSent(envelope);
        UUID payment = world.envelopes
                .unpaid(FINANCE, PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
        assertThat(world.envelopes.unpaid("rejected")).isEqualTo(1);
        UUID request = ask(DecisionKind.GIVE_BACK, payment);
        bank.debit(referenceOfAccepted(), 250_000).take();
        for (int day = 0; day < 4; day++) {
            bank.take();
        }
        world.envelopes.closeFinished();

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(750_000);
        assertThat(world.envelopes.unpaid("rejected")).isZero();
        assertThat(world.envelopes.unpaid(FINANCE, PageRequest.first(1)).rows()).isEmpty();
        refused(PaymentsProblem.NOT_POSSIBLE, () -> world.decisions.confirm(OTHER_FINANCE, request));
        world.decisions.withdraw(FINANCE, request);
        refused(PaymentsProblem.NOT_POSSIBLE, () -> ask(DecisionKind.GIVE_BACK, payment));
        assertThat(state(payment)).isEqualTo("rejected");
    }
}
