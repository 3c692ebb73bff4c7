package org.annona.payments.statement;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.annona.payments.PaymentsWorld.OTHER_FINANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which line of a statement belongs to which. The bank of the world makes no statements here; a test writes them. */
class PairingTest {

    private PaymentsWorld world;
    private StatementsByHand bank;
    private UUID envelope;

    @BeforeEach
    void open() {
        world = new PaymentsWorld();
        world.fund("FAMILY", 1_000_000);
        bank = new StatementsByHand(world, 1_000_000);
        envelope = world.envelope("FAMILY", world.lines(2, 250_000));
        world.awaitSent(envelope);
    }

    @AfterEach
    void close() {
        assertThat(world.check.faults()).isEmpty();
        world.close();
    }

    private String reference(int payment) {
        return world.database
                .sql()
                .fetch("select reference from attempt order by reference")
                .get(payment)
                .get(0, String.class);
    }

    private long unexplained() {
        return world.database
                .sql()
                .fetchSingle("select count(*) from statement_line where open_minor > 0")
                .get(0, Long.class);
    }

    @Test
    void a_bank_that_corrects_its_own_double_debit_leaves_the_good_payment_settled() {
        bank.debit(reference(0), 250_000).debit(reference(0), 250_000).take();
        assertThat(unexplained()).isEqualTo(1);

        bank.reversal(reference(0), 250_000).take();

        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(world.count(envelope, "returned")).isZero();
        assertThat(unexplained()).isZero();
    }

    @Test
    void a_double_debit_that_comes_back_as_a_return_leaves_the_good_payment_settled_too() {
        bank.debit(reference(0), 250_000).debit(reference(0), 250_000).take();

        bank.comesBack(reference(0), 250_000, "AC04").take();

        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(unexplained()).isZero();
    }

    @Test
    void when_both_of_a_double_debit_come_back_the_payment_came_back() {
        bank.debit(reference(0), 250_000).debit(reference(0), 250_000).take();

        bank.comesBack(reference(0), 250_000, "AC04")
                .comesBack(reference(0), 250_000, "AC04")
                .take();

        assertThat(world.count(envelope, "paid")).isZero();
        assertThat(world.count(envelope, "returned")).isEqualTo(1);
        assertThat(unexplained()).isZero();
    }

    @Test
    void a_double_debit_and_its_reversal_on_one_statement_leave_the_payment_settled() {
        bank.reversal(reference(0), 250_000)
                .debit(reference(0), 250_000)
                .debit(reference(0), 250_000)
                .take();

        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(unexplained()).isZero();
    }

    @Test
    void the_reversal_of_the_only_debit_takes_the_payment_back() {
        bank.debit(reference(0), 250_000).take();

        bank.reversal(reference(0), 250_000).take();

        assertThat(world.count(envelope, "returned")).isEqualTo(1);
        assertThat(unexplained()).isZero();
    }

    @Test
    void a_return_before_its_debit_waits_and_is_paired_when_the_debit_comes() {
        bank.comesBack(reference(0), 250_000, "AC04").take();
        assertThat(unexplained()).isEqualTo(1);
        assertThat(world.count(envelope, "in_flight")).isEqualTo(2);

        bank.debit(reference(0), 250_000).debit(reference(1), 250_000).take();

        assertThat(unexplained()).isZero();
        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(world.count(envelope, "returned")).isEqualTo(1);
        assertThat(world.database
                        .sql()
                        .fetchSingle("select reason from disbursement where state = 'returned'")
                        .get(0, String.class))
                .isEqualTo("AC04");
    }

    @Test
    void a_part_that_comes_back_beside_an_unexplained_debit_is_left_to_people() {
        bank.debit(reference(0), 250_000).debit(reference(0), 250_000).take();

        bank.comesBack(reference(0), 249_000, "AC04").take();

        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(unexplained()).isEqualTo(2);
    }

    @Test
    void a_wrong_debit_that_the_bank_corrects_leaves_nothing_behind() {
        bank.debit(reference(0), 205_000).take();
        bank.reversal(reference(0), 205_000).debit(reference(0), 250_000).take();

        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(unexplained()).isZero();
    }

    private UUID explain(String explanation) {
        UUID statement = world.database
                .sql()
                .fetch("select statement_id from statement_line where open_minor > 0 order by credit")
                .getFirst()
                .get(0, UUID.class);
        return world.decisions.ask(
                FINANCE, DecisionKind.EXPLAIN_LINE, statement, 1, explanation, "the bank confirmed it in writing");
    }

    @Test
    void a_debit_whose_reference_the_bank_garbled_settles_its_payment_once_two_people_say_so() {
        bank.debit("GARBLED", 250_000).take();

        world.decisions.confirm(OTHER_FINANCE, explain("settlement " + reference(0)));

        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(unexplained()).isZero();
        bank.debit("GARBLED TOO", 250_000).take();
        world.decisions.confirm(OTHER_FINANCE, explain("settlement " + reference(1)));
        for (int day = 0; day < 4; day++) {
            bank.take();
        }
        world.envelopes.closeFinished();
        assertThat(world.envelopes.show(FINANCE, envelope).state().name()).isEqualTo("CLOSED");
    }

    @Test
    void a_debit_of_too_much_that_the_bank_corrects_by_the_difference_is_the_payment_once_two_people_say_so() {
        bank.debit(reference(0), 275_000).take();
        bank.credit(reference(0), 25_000).take();
        assertThat(unexplained()).isEqualTo(2);
        String difference = world.database
                        .sql()
                        .fetchSingle("select max(sequence) from statement")
                        .get(0, String.class) + "/1";

        assertThatThrownBy(() -> explain("settlement " + reference(0))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> explain("corrected " + reference(0))).isInstanceOf(Problem.class);
        bank.credit("", 24_000).take();
        String other = world.database
                        .sql()
                        .fetchSingle("select max(sequence) from statement")
                        .get(0, String.class) + "/1";
        assertThatThrownBy(() -> explain("corrected " + reference(0) + " " + other))
                .isInstanceOf(Problem.class);
        UUID request = explain("corrected " + reference(0) + " " + difference);
        assertThatThrownBy(() -> world.decisions.confirm(FINANCE, request)).isInstanceOf(Problem.class);
        assertThat(unexplained()).isEqualTo(3);
        world.decisions.confirm(OTHER_FINANCE, request);

        assertThat(world.count(envelope, "paid")).isEqualTo(1);
        assertThat(unexplained()).as("the line of somebody else").isEqualTo(1);
        assertThat(world.check.faults()).isEmpty();
    }

    @Test
    void a_credit_without_reference_comes_back_from_the_payment_that_two_people_name() {
        bank.debit(reference(0), 250_000).take();
        bank.credit("", 250_000).take();

        world.decisions.confirm(OTHER_FINANCE, explain("return " + reference(0)));

        assertThat(world.count(envelope, "returned")).isEqualTo(1);
        assertThat(unexplained()).isZero();
    }

    @Test
    void funds_that_arrive_with_a_fee_deducted_reach_their_fund_by_two_people() {
        String funds = world.payments.announceFunds(FINANCE, "FAMILY", "KES", 100_000);
        bank.credit(funds, 99_950).take();
        assertThat(unexplained()).isEqualTo(1);

        world.decisions.confirm(OTHER_FINANCE, explain("funding " + funds));

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(500_000 + 99_950);
        assertThat(unexplained()).isZero();
    }

    @Test
    void a_fee_that_the_bank_does_not_mark_is_booked_as_one_by_two_people() {
        bank.debit("MONTHLY CHARGE", 1_250).take();

        world.decisions.confirm(OTHER_FINANCE, explain("fee "));

        assertThat(unexplained()).isZero();
    }

    @Test
    void two_lines_without_reference_that_cancel_each_other_are_joined_by_two_people() {
        bank.debit("", 4_000).take();
        refused(() -> explain("reversal 3/1"));
        bank.credit("", 4_000).take();

        world.decisions.confirm(OTHER_FINANCE, explain("reversal 3/1"));

        assertThat(unexplained()).isZero();
    }

    @Test
    void an_explanation_that_does_not_fit_is_refused_and_books_nothing() {
        bank.debit("GARBLED", 240_000).take();

        refused(() -> explain("settlement " + reference(0)));
        refused(() -> explain("return " + reference(0)));
        refused(() -> explain("funding " + reference(0)));
        refused(() -> explain("nonsense x"));

        assertThat(unexplained()).isEqualTo(1);
        assertThat(world.count(envelope, "in_flight")).isEqualTo(2);
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(Problem.class);
    }

    @Test
    void a_payment_that_the_bank_rejected_and_debited_is_not_paid_again_before_the_line_is_explained() {
        world.misbehave("allRejected=1");
        UUID rejected = world.envelope("FAMILY", world.lines(1, 100_000));
        world.awaitSent(rejected);
        assertThat(world.count(rejected, "rejected")).isEqualTo(1);
        var attempt = world.database
                .sql()
                .fetchSingle("select reference, disbursement_id from attempt where state = 'rejected'");
        bank.debit(attempt.get(0, String.class), 100_000).take();

        refused(() -> world.decide(DecisionKind.REISSUE, attempt.get(1, UUID.class)));

        bank.reversal(attempt.get(0, String.class), 100_000).take();
        world.decide(DecisionKind.REISSUE, attempt.get(1, UUID.class));
    }

    @Test
    void lines_without_a_reference_are_never_paired_by_themselves() {
        bank.debit("", 4_000).take();
        bank.credit("", 4_000).take();

        assertThat(unexplained()).isEqualTo(2);
        assertThat(world.statements
                        .page(FINANCE, org.annona.foundation.listing.PageRequest.first(10))
                        .rows())
                .hasSize(3);
    }
}
