package org.annona.payments.envelope;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.annona.payments.PaymentsWorld.REGISTRAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.AccessProblem;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentOrder;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders that come in, and what people do about payments that did not go through. */
class EnvelopesTest {

    private PaymentsWorld world;

    @BeforeEach
    void open() {
        world = new PaymentsWorld();
    }

    @AfterEach
    void close() {
        assertThat(world.check.faults()).isEmpty();
        world.close();
    }

    private static void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test
    void the_same_order_again_has_no_effect_and_another_one_under_its_key_is_refused() {
        List<PaymentLine> lines = world.lines(3, 100);
        PaymentOrder order = PaymentsWorld.order("cycle/x", "FAMILY", lines);
        world.payments.open(order);
        world.payments.open(order);
        world.payments.deliver("cycle/x", lines);
        world.payments.deliver("cycle/x", lines);
        world.payments.complete("cycle/x");
        world.payments.complete("cycle/x");

        UUID envelope = world.payments.envelopeOf("cycle/x").orElseThrow();
        assertThat(world.counts(envelope).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(3);
        refused(
                PaymentsProblem.ORDER_CONFLICT,
                () -> world.payments.open(PaymentsWorld.order("cycle/x", "FAMILY", world.lines(2, 100))));
    }

    @Test
    void a_line_with_another_amount_under_a_known_key_is_refused() {
        List<PaymentLine> lines = world.lines(2, 100);
        world.payments.open(PaymentsWorld.order("cycle/x", "FAMILY", lines));
        world.payments.deliver("cycle/x", lines);
        PaymentLine first = lines.getFirst();

        refused(
                PaymentsProblem.LINE_CONFLICT,
                () -> world.payments.deliver(
                        "cycle/x", List.of(new PaymentLine(first.key(), first.beneficiary(), 101, 1))));
    }

    @Test
    void an_order_whose_lines_are_not_the_announced_ones_is_never_paid() {
        List<PaymentLine> lines = world.lines(3, 100);
        world.payments.open(PaymentsWorld.order("cycle/fewer", "FAMILY", lines));
        world.payments.deliver("cycle/fewer", lines.subList(0, 2));
        refused(PaymentsProblem.TOTALS_DIFFER, () -> world.payments.complete("cycle/fewer"));

        // Count and sum fit, yet the money would go to somebody else.
        List<PaymentLine> swapped = new ArrayList<>(lines);
        swapped.set(0, new PaymentLine(lines.getFirst().key(), world.somebody(), 100, 1));
        world.payments.open(PaymentsWorld.order("cycle/swapped", "FAMILY", lines));
        world.payments.deliver("cycle/swapped", swapped);
        refused(PaymentsProblem.TOTALS_DIFFER, () -> world.payments.complete("cycle/swapped"));
    }

    @Test
    void beneficiaries_without_account_are_unresolved_the_others_paid_and_unresolved_ones_follow_when_they_have_one() {
        world.fund("FAMILY", 100_000);
        List<PaymentLine> lines = new ArrayList<>(world.lines(4, 100));
        UUID late = UUID.randomUUID();
        lines.add(new PaymentLine(UUID.randomUUID().toString(), late, 100, 0));
        UUID envelope = world.envelope("FAMILY", lines);
        world.awaitSent(envelope);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("in_flight", 4L, "unresolved", 1L));

        world.openAccount(late);
        world.envelopes.retryResolution(FINANCE, envelope);
        // The list was approved without this account, so two people say that it is right.
        world.await(() -> reason(envelope, late).equals("ACCOUNT_CHANGED"));
        world.decide(DecisionKind.ACCEPT_ACCOUNTS, envelope);
        // Also a payment that is just being sent counts as in flight; the bank may hear of it a day later.
        world.await(() -> {
            world.days(1);
            return world.counts(envelope).equals(Map.of("paid", 5L));
        });
    }

    private String reason(UUID envelope, UUID beneficiary) {
        return world.envelopes.disbursements(FINANCE, envelope, PageRequest.first(100)).rows().stream()
                .filter(row -> row.beneficiary().equals(beneficiary))
                .findFirst()
                .orElseThrow()
                .reason();
    }

    @Test
    void unresolved_payments_that_are_given_up_return_their_money_to_the_fund_at_the_end() {
        world.fund("FAMILY", 1_000);
        List<PaymentLine> lines = new ArrayList<>(world.lines(1, 100));
        lines.add(new PaymentLine(UUID.randomUUID().toString(), UUID.randomUUID(), 300, 0));
        UUID envelope = world.envelope("FAMILY", lines);
        world.awaitSent(envelope);

        refused(PaymentsProblem.REASON_MISSING, () -> world.envelopes.cancelUnresolved(FINANCE, envelope, " "));
        world.envelopes.cancelUnresolved(FINANCE, envelope, "paid by hand");
        world.days(4);

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(900);
    }

    @Test
    void only_finance_officers_act_on_payments_and_a_registrar_does_not_even_see_them() {
        UUID envelope = world.envelope("FAMILY", world.lines(1, 100));
        UUID payment = world.envelopes
                .disbursements(FINANCE, envelope, PageRequest.first(1))
                .rows()
                .getFirst()
                .id();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> world.envelopes.show(REGISTRAR, envelope),
                () -> world.envelopes.page(REGISTRAR, PageRequest.first(1)),
                () -> world.envelopes.disbursements(REGISTRAR, envelope, PageRequest.first(1)),
                () -> world.envelopes.retryResolution(REGISTRAR, envelope),
                () -> world.envelopes.cancelUnresolved(REGISTRAR, envelope, "x"),
                () -> world.decisions.ask(REGISTRAR, DecisionKind.REISSUE, payment, 0, "1", "x"),
                () -> world.requests.ask(REGISTRAR, DecisionKind.ACCEPT_ACCOUNTS, envelope, "x"),
                () -> world.decisions.confirm(REGISTRAR, payment),
                () -> world.decisions.refuse(REGISTRAR, payment, "x"),
                () -> world.decisions.withdraw(REGISTRAR, payment),
                () -> world.decisions.page(REGISTRAR, PageRequest.first(1)),
                () -> world.envelopes.unpaid(REGISTRAR, PageRequest.first(1)),
                () -> world.envelopes.queryStatus(REGISTRAR, payment),
                () -> world.payments.announceFunds(REGISTRAR, "FAMILY", "KES", 1),
                () -> world.statements.upload(REGISTRAR, new byte[0]))) {
            refused(AccessProblem.NOT_PERMITTED, call);
        }
    }

    @Test
    void the_database_itself_refuses_a_second_live_attempt_a_forbidden_step_and_a_changed_amount() {
        world.fund("FAMILY", 1_000);
        UUID envelope = world.envelope("FAMILY", world.lines(1, 100));
        world.awaitSent(envelope);
        world.days(1);

        for (String statement : List.of(
                "insert into attempt (id, disbursement_id, number, batch_id, reference, amount_minor, state)"
                        + " select gen_random_uuid(), disbursement_id, 2, batch_id, '0000000000000000', amount_minor,"
                        + " 'prepared' from attempt",
                "update attempt set state = 'prepared'",
                "update attempt set amount_minor = 1",
                "update attempt set reference = '0000000000000000'",
                "update disbursement set settled_minor = amount_minor + 1",
                "update envelope set released_by = approved_by",
                "insert into decision (id, kind, subject_id, reason, asked_by, expires_at, state, decided_by)"
                        + " values (gen_random_uuid(), 'reissue', gen_random_uuid(), 'x', 'omar', now(), 'done', 'omar')",
                "update ledger_account set credits = 0",
                "update transfer set amount_minor = 1",
                "delete from transfer",
                "delete from attempt",
                "insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency) select"
                        + " gen_random_uuid(), 'reserve', f.id, b.id, 100000000, 'KES' from ledger_account f,"
                        + " ledger_account b where f.kind = 'FUND' and b.kind = 'BANK'")) {
            assertThatThrownBy(() -> world.database.sql().execute(statement))
                    .as(statement)
                    .isInstanceOf(DataAccessException.class);
        }
    }
}
