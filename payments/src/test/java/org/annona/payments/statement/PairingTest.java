package org.annona.payments.statement;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.annona.payments.PaymentsWorld;
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
