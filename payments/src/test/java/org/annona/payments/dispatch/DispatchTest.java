package org.annona.payments.dispatch;

import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentChange;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.Answer.Outcome;
import org.annona.payments.statement.StatementsByHand;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sending, with a bank that misbehaves; the bank's own book says who was paid. */
class DispatchTest {

    private PaymentsWorld world;

    @BeforeEach
    void open() {
        world = new PaymentsWorld();
        world.fund("FAMILY", 1_000_000);
    }

    @AfterEach
    void close() {
        assertThat(world.check.faults()).isEmpty();
        world.close();
    }

    private void allPaidOnce(UUID envelope, int payments) {
        world.awaitSentOverDays(envelope);
        world.days(1);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", (long) payments));
        assertThat(world.book().get("paidCount").asLong()).isEqualTo(payments);
        assertThat(world.book().get("referencesPaidTwice").asLong()).isZero();
        assertThat(world.book().get("accountsPaidTwice").asLong()).isZero();
    }

    @Test
    void everybody_is_paid_once_and_the_envelope_closes_after_the_days_of_return() {
        UUID envelope = world.envelope("FAMILY", world.lines(25, 1_000));

        allPaidOnce(envelope, 25);
        world.days(3);

        assertThat(world.envelopes.show(PaymentsWorld.FINANCE, envelope).state().name())
                .isEqualTo("CLOSED");
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(1_000_000 - 25_000);
    }

    @Test
    void a_payment_that_timed_out_is_never_sent_again_blindly() {
        world.misbehave("silentAfterAccepting=3");

        allPaidOnce(world.envelope("FAMILY", world.lines(25, 1_000)), 25);
        assertThat(world.book().get("messages").asLong()).isEqualTo(3);
    }

    @Test
    void an_error_after_acceptance_is_no_proof_that_nothing_was_paid() {
        world.misbehave("errorAfterAccepting=2");

        allPaidOnce(world.envelope("FAMILY", world.lines(25, 1_000)), 25);
    }

    @Test
    void a_page_of_a_proxy_is_no_answer_of_the_bank() {
        world.misbehave("garbageAfterAccepting=2");

        allPaidOnce(world.envelope("FAMILY", world.lines(25, 1_000)), 25);
    }

    @Test
    void a_message_that_never_arrived_is_sent_again_once_the_bank_has_said_so() {
        world.misbehave("errorBeforeAccepting=2");

        allPaidOnce(world.envelope("FAMILY", world.lines(25, 1_000)), 25);
    }

    @Test
    void while_the_bank_is_away_nothing_is_lost_and_afterwards_everybody_is_paid() {
        world.misbehave("outage=true");
        UUID envelope = world.envelope("FAMILY", world.lines(5, 1_000));
        world.await(() -> world.count(envelope, "unknown") + world.count(envelope, "in_flight") > 0);
        assertThat(world.count(envelope, "rejected")).isZero();

        world.misbehave("outage=false");
        allPaidOnce(envelope, 5);
    }

    @Test
    void every_fault_at_once_and_three_workers_pay_everybody_once() {
        world.close();
        world = new PaymentsWorld(3);
        world.fund("FAMILY", 1_000_000);
        world.misbehave("silentAfterAccepting=4&errorAfterAccepting=4&errorBeforeAccepting=4&garbageAfterAccepting=4");

        allPaidOnce(world.envelope("FAMILY", world.lines(120, 1_000)), 120);
    }

    @Test
    void a_bank_that_pays_twice_is_noticed_and_the_second_payment_stands_in_suspense() {
        world.misbehave("paidTwice=1");
        UUID envelope = world.envelope("FAMILY", world.lines(2, 1_000));
        world.awaitSent(envelope);
        world.days(1);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 2L));
        assertThat(world.statements
                        .page(PaymentsWorld.FINANCE, org.annona.foundation.listing.PageRequest.first(1))
                        .rows()
                        .getFirst()
                        .suspense())
                .isEqualTo(2);
    }

    @Test
    void an_envelope_whose_fund_is_too_small_waits_and_goes_on_by_itself_when_money_arrives() {
        UUID envelope = world.envelope("FAMILY", world.lines(2, 600_000));
        world.await(() -> world.envelopes
                .show(PaymentsWorld.FINANCE, envelope)
                .state()
                .name()
                .equals("WAITING_FOR_FUNDS"));
        assertThat(world.envelopes.show(PaymentsWorld.FINANCE, envelope).note()).contains("2,000.00 KES are missing");
        assertThat(world.book().get("paidCount").asLong()).isZero();

        world.fund("FAMILY", 300_000);
        allPaidOnce(envelope, 2);
    }

    @Test
    void two_envelopes_that_race_for_one_fund_never_spend_it_twice() {
        List<PaymentLine> one = world.lines(6, 100_000);
        List<PaymentLine> two = world.lines(6, 100_000);
        UUID first = world.envelope("FAMILY", one);
        UUID second = world.envelope("FAMILY", two);

        world.await(() -> List.of(first, second).stream()
                .anyMatch(id -> world.envelopes
                        .show(PaymentsWorld.FINANCE, id)
                        .state()
                        .name()
                        .equals("WAITING_FOR_FUNDS")));
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(400_000);
    }

    private UUID firstPayment(UUID envelope) {
        return world.database
                .sql()
                .fetchSingle("select id from disbursement where envelope_id = ? limit 1", envelope)
                .get(0, UUID.class);
    }

    @Test
    void an_answer_that_rejects_one_payment_and_leaves_another_out_harms_neither_ledger_nor_statements() {
        world.misbehave("firstRejectedLastLeftOut=1");
        UUID envelope = world.envelope("FAMILY", world.lines(3, 1_000));
        world.awaitSent(envelope);
        world.days(1);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 2L, "rejected", 1L));
        assertThat(world.book().get("paidCount").asLong()).isEqualTo(2);
    }

    @Test
    void a_message_that_the_bank_calls_a_repetition_was_not_refused() {
        world.misbehave("calledRepetition=1");

        allPaidOnce(world.envelope("FAMILY", world.lines(3, 1_000)), 3);
    }

    @Test
    void a_message_is_not_sent_again_when_the_statement_told_what_became_of_it_and_the_bank_has_forgotten_it() {
        world.misbehave("silentAfterAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(3, 1_000));
        world.awaitAtBank(1);
        world.days(2);
        world.forget();
        world.awaitSent(envelope);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
        assertThat(world.book().get("messages").asLong()).isEqualTo(1);
    }

    private long queries() {
        return world.database
                .sql()
                .fetchSingle("select coalesce(max(queries), 0) from batch")
                .get(0, Long.class);
    }

    private int submissions() {
        return world.database
                .sql()
                .fetchSingle("select max(submissions) from batch")
                .get(0, Integer.class);
    }

    @Test
    void a_bank_that_forgets_what_it_paid_is_not_told_again_before_its_statement_was_read() {
        world.misbehave("silentAfterAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(3, 1_000));
        world.awaitAtBank(1);
        world.forget();
        world.await(() -> queries() > 4);
        assertThat(submissions()).isEqualTo(1);

        world.days(2);
        world.awaitSent(envelope);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
        assertThat(world.book().get("referencesPaidTwice").asLong()).isZero();
        assertThat(submissions()).isEqualTo(1);
    }

    @Test
    void a_message_that_the_bank_never_heard_of_is_not_sent_again_before_a_statement_of_a_day_after_its_booking_day() {
        world.misbehave("errorBeforeAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(3, 1_000));
        world.await(() -> world.count(envelope, "unknown") == 3);

        // The first day of the bank went to the fund, so this statement is of the booking day.
        world.days(1);
        long asked = queries();
        world.await(() -> queries() > asked + 2);
        assertThat(submissions()).isEqualTo(1);

        world.days(1);
        world.awaitSent(envelope);
        assertThat(submissions()).isEqualTo(2);
    }

    @Test
    void a_message_is_not_sent_again_once_people_have_decided_about_one_of_its_payments() {
        world.misbehave("errorBeforeAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(2, 1_000));
        world.await(() -> queries() > 1);
        world.misbehave("outage=true");
        new StatementsByHand(world, 1_000_000).take();
        world.decide(DecisionKind.DECLARE_UNPAID, firstPayment(envelope));
        world.misbehave("outage=false");
        long asked = queries();
        world.await(() -> queries() > asked + 1);

        assertThat(world.book().get("messages").asLong()).isZero();
        assertThat(submissions()).isEqualTo(1);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("rejected", 1L, "unknown", 1L));
    }

    @Test
    void a_changed_account_is_paid_only_when_two_people_said_so_and_only_in_the_version_they_saw() {
        List<PaymentLine> lines = world.lines(2, 1_000);
        UUID changed = lines.getFirst().beneficiary();
        world.changeAccount(changed);
        UUID envelope = world.envelope("FAMILY", lines);
        world.awaitSent(envelope);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("unresolved", 1L, "in_flight", 1L));

        world.envelopes.retryResolution(PaymentsWorld.FINANCE, envelope);
        world.await(() -> world.count(envelope, "unresolved") == 1);
        UUID payment = unresolved(envelope);
        UUID request =
                world.requests.ask(PaymentsWorld.FINANCE, DecisionKind.ACCEPT_ACCOUNT, payment, "seen the passbook");
        refused(PaymentsProblem.SAME_PERSON, () -> world.decisions.confirm(PaymentsWorld.FINANCE, request));

        // A change after the request is not what the second person sees.
        world.changeAccount(changed);
        world.envelopes.retryResolution(PaymentsWorld.FINANCE, envelope);
        world.await(() -> world.count(envelope, "unresolved") == 1);
        refused(PaymentsProblem.NOT_POSSIBLE, () -> world.decisions.confirm(PaymentsWorld.OTHER_FINANCE, request));
        assertThat(world.book().get("paidCount").asLong()).isLessThan(2);

        world.decisions.withdraw(PaymentsWorld.FINANCE, request);
        world.decide(DecisionKind.ACCEPT_ACCOUNT, payment);
        world.await(() -> world.count(envelope, "in_flight") == 2);
        // Those who ordered it learn which account was accepted, once no earlier transaction of the server is open.
        world.await(() -> world.payments.changes("", 100).rows().stream()
                .map(PaymentChange::accountVersion)
                .sorted()
                .toList()
                .equals(List.of(1, 3)));
        allPaidOnce(envelope, 2);
    }

    private static void refused(PaymentsProblem code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private UUID unresolved(UUID envelope) {
        return world.database
                .sql()
                .fetchSingle("select id from disbursement where state = 'unresolved' and envelope_id = ?", envelope)
                .get(0, UUID.class);
    }

    @Test
    void a_message_whose_bytes_are_not_the_prepared_ones_never_leaves() {
        AtomicReference<UUID> envelope = new AtomicReference<>();
        world.withoutBank(() -> {
            envelope.set(world.envelope("FAMILY", world.lines(1, 1_000)));
            world.await(() -> world.database
                            .sql()
                            .execute("update batch set payload_hash = sha256('other') where state = 'prepared'")
                    == 1);
        });
        Jobs jobs = new Jobs(world.database);
        world.await(() -> jobs.ofSubject("envelope/" + envelope.get(), 5).stream()
                .anyMatch(job -> job.state() == JobState.FAILED));

        assertThat(world.book().get("messages").asLong()).isZero();
    }

    @Test
    void an_envelope_in_which_everything_was_rejected_stays_open_for_paying_anew() {
        world.misbehave("allRejected=1");
        UUID envelope = world.envelope("FAMILY", world.lines(1, 1_000));
        world.awaitSent(envelope);
        world.days(1);
        assertThat(world.envelopes.show(PaymentsWorld.FINANCE, envelope).state().name())
                .isEqualTo("DISPATCHED");

        world.decide(DecisionKind.REISSUE, firstPayment(envelope));
        world.await(() -> world.count(envelope, "in_flight") == 1);
        allPaidOnce(envelope, 1);
    }

    @Test
    void a_refusal_of_the_whole_refuses_what_the_bank_did_not_list_and_nothing_that_it_accepted() {
        world.misbehave("outage=true");
        UUID envelope = world.envelope("FAMILY", world.lines(3, 1_000));
        world.await(() -> world.count(envelope, "unknown") == 3);
        var sql = world.database.sql();
        String listed = sql.fetchSingle("select reference from attempt limit 1").get(0, String.class);
        Answer answer = new Answer.Heard(Map.of(listed, new Outcome(true, "")), new Outcome(false, "AC04"));
        Outcomes outcomes = new Outcomes(world.database);
        // Others may hold the message at the moment; then the answer comes too late and is said again.
        world.await(() -> {
            outcomes.record(sql.selectFrom(BATCH).fetchSingle(), answer);
            return world.count(envelope, "unknown") == 0;
        });

        assertThat(world.counts(envelope)).isEqualTo(Map.of("in_flight", 1L, "rejected", 2L));
        assertThat(sql.fetchSingle("select state from attempt where reference = ?", listed)
                        .get(0, String.class))
                .isEqualTo("accepted");
    }

    @Test
    void before_the_bank_hears_of_a_payment_it_is_written_down_that_it_was_sent() {
        world.misbehave("silentAfterAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(1, 1_000));
        world.awaitAtBank(1);

        assertThat(world.database.sql().fetchSingle("select state from attempt").get(0, String.class))
                .isIn("sending", "unknown");
        allPaidOnce(envelope, 1);
    }
}
