package org.annona.payments.envelope;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.annona.payments.PaymentsWorld.REGISTRAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payments that are stopped before their bytes leave. */
class StopsTest {

    private static final String ASLEEP = "not picked and execution_time > now() + interval '1 minute'";
    private static final LocalDate TOMORROW = LocalDate.now().plusDays(1);

    private PaymentsWorld world;

    @BeforeEach
    void open() {
        world = new PaymentsWorld();
        world.fund("FAMILY", 10_000);
    }

    @AfterEach
    void close() {
        assertThat(world.check.faults()).isEmpty();
        world.close();
    }

    private UUID waitingForTomorrow(List<PaymentLine> lines) {
        UUID envelope = world.envelope("FAMILY", lines, TOMORROW);
        world.await(() -> world.envelopes.show(FINANCE, envelope).state().name().equals("FUNDED") && asleep() > 0);
        return envelope;
    }

    private long asleep() {
        return world.database
                .sql()
                .fetchSingle("select count(*) from foundation.scheduled_task where " + ASLEEP)
                .get(0, Long.class);
    }

    private UUID first(UUID envelope) {
        return world.envelopes
                .disbursements(FINANCE, envelope, PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
    }

    private void dayOfPaymentComes() {
        world.database.sql().execute("update envelope set pay_on = current_date");
        // The job waits for minutes; as if they had passed.
        world.database.sql().execute("update foundation.scheduled_task set execution_time = now() where " + ASLEEP);
    }

    @Test
    void a_stopped_payment_is_not_sent_says_who_and_why_and_its_money_is_free_again() {
        UUID envelope = waitingForTomorrow(world.lines(3, 1_000));
        UUID payment = first(envelope);

        world.stops.payment(FINANCE, payment, "the household reported fraud");

        assertThat(world.payments.availableMinor("FAMILY", TOMORROW.getYear())).isEqualTo(8_000);
        assertThat(world.envelopes.stop(payment)).hasValueSatisfying(stop -> {
            assertThat(stop.by()).isEqualTo("omar");
            assertThat(stop.note()).isEqualTo("the household reported fraud");
        });
        dayOfPaymentComes();
        world.awaitSent(envelope);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("stopped", 1L, "in_flight", 2L));
    }

    @Test
    void an_envelope_is_stopped_before_and_after_its_money_was_reserved() {
        UUID funded = waitingForTomorrow(world.lines(3, 1_000));
        UUID unfunded = world.envelope("FAMILY", world.lines(1, 1_000_000), TOMORROW);
        world.await(() -> world.envelopes.show(FINANCE, unfunded).state().name().equals("WAITING_FOR_FUNDS"));

        world.stops.envelope(FINANCE, funded, "the list was wrong");
        world.stops.envelope(FINANCE, unfunded, "the list was wrong");

        assertThat(world.payments.availableMinor("FAMILY", TOMORROW.getYear())).isEqualTo(10_000);
        assertThat(world.counts(funded)).isEqualTo(Map.of("stopped", 3L));
        world.database.sql().execute("update envelope set pay_on = current_date");
        world.await(() -> world.envelopes.show(FINANCE, unfunded).state().name().equals("DISPATCHED"));
        world.envelopes.closeFinished();
        assertThat(world.envelopes.show(FINANCE, unfunded).state().name()).isEqualTo("CLOSED");
    }

    @Test
    void an_envelope_with_more_payments_than_a_statement_has_parameters_is_stopped() {
        UUID envelope = world.envelope("FAMILY", world.lines(1, 1_000_000), TOMORROW);
        world.await(() -> world.envelopes.show(FINANCE, envelope).state().name().equals("WAITING_FOR_FUNDS"));
        world.database
                .sql()
                .execute(
                        "insert into disbursement (id, envelope_id, line_key, beneficiary, amount_minor, account_version, state)"
                                + " select gen_random_uuid(), id, 'more ' || n, gen_random_uuid(), 1, 0, 'unresolved' from envelope,"
                                + " generate_series(1, 70000) n");
        world.database.sql().execute("update envelope set declared_count = 70001, declared_minor = 1000000 + 70000");

        world.stops.envelope(FINANCE, envelope, "the list was wrong");

        assertThat(world.counts(envelope)).isEqualTo(Map.of("stopped", 70_001L));
    }

    @Test
    void what_the_bank_has_is_not_stopped() {
        UUID envelope = world.envelope("FAMILY", world.lines(1, 1_000));
        world.awaitSent(envelope);

        assertThatThrownBy(() -> world.stops.payment(FINANCE, first(envelope), "too late"))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> world.stops.envelope(FINANCE, envelope, "too late"))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> world.stops.payment(REGISTRAR, first(envelope), "x"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void a_household_that_left_and_a_changed_account_are_not_paid_although_the_money_was_released() {
        List<PaymentLine> lines = world.lines(3, 1_000);
        UUID envelope = waitingForTomorrow(lines);
        world.stopped.put(lines.get(0).key(), "EXITED");
        world.changeAccount(lines.get(1).beneficiary());
        world.database.sql().execute("update envelope set checked_at = now() - interval '1 hour'");

        dayOfPaymentComes();
        world.awaitSent(envelope);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("stopped", 1L, "unresolved", 1L, "in_flight", 1L));
        assertThat(world.envelopes.reasons(envelope).keySet())
                .contains("stopped: the household left the programme")
                .contains("account missing or changed: the account is another one than the approved list had");
    }

    @Test
    void a_payment_that_waits_for_an_account_is_stopped_when_the_household_leaves_and_not_at_its_next_look_up() {
        List<PaymentLine> lines = new ArrayList<>(world.lines(1, 1_000));
        for (int i = 0; i < 2; i++) {
            lines.add(new PaymentLine(UUID.randomUUID().toString(), UUID.randomUUID(), 1_000, 0));
        }
        UUID envelope = world.envelope("FAMILY", lines);
        world.awaitSent(envelope);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("unresolved", 2L, "in_flight", 1L));

        world.stopped.put(lines.get(0).key(), "EXITED");
        world.stopped.put(lines.get(1).key(), "EXITED");
        // As the clock does it: it sees all organisations and acts for none.
        Scope.across(AcrossOrganisations.SCHEDULES).run(() -> world.stops.unwanted((order, keys) -> world.stopped));

        assertThat(world.counts(envelope)).isEqualTo(Map.of("stopped", 1L, "unresolved", 1L, "in_flight", 1L));
        assertThat(world.envelopes.reasons(envelope).keySet()).contains("stopped: the household left the programme");
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(8_000);
    }

    @Test
    void a_message_that_waits_for_the_bank_is_withdrawn_and_its_other_payments_are_sent() {
        UUID envelope = waitingForTomorrow(world.lines(3, 1_000));
        world.withoutBank(() -> {
            dayOfPaymentComes();
            world.await(() -> prepared() > 0);
            world.stops.payment(FINANCE, first(envelope), "reported fraud");
        });
        world.awaitSent(envelope);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("stopped", 1L, "in_flight", 2L));
        assertThat(world.book().get("messages").asLong()).isEqualTo(1);
    }

    private long prepared() {
        return world.database
                .sql()
                .fetchSingle("select count(*) from batch where state = 'prepared' and queries > 0")
                .get(0, Long.class);
    }

    @Test
    void a_stopped_payment_is_paid_after_all_by_two_people() {
        UUID envelope = waitingForTomorrow(world.lines(1, 1_000));
        UUID payment = first(envelope);
        world.stops.payment(FINANCE, payment, "reported fraud");

        world.decide(DecisionKind.REISSUE, payment);
        dayOfPaymentComes();
        world.awaitSent(envelope);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("in_flight", 1L));
        assertThat(world.payments.availableMinor("FAMILY", TOMORROW.getYear())).isEqualTo(9_000);
    }
}
