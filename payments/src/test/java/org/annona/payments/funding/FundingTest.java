package org.annona.payments.funding;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.payments.AnnouncedFunds;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.statement.StatementsByHand;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What programmes may spend. */
class FundingTest {

    private static final int YEAR = LocalDate.now().getYear();

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

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(PaymentsProblem.FUNDING_UNFIT));
    }

    @Test
    void funds_are_announced_only_for_a_programme_that_exists_in_its_currency_and_for_this_year_or_the_next() {
        refused(() -> world.funding.announce(FINANCE, "FAMLY", YEAR, "KES", 100));
        refused(() -> world.funding.announce(FINANCE, "FAMILY", YEAR, "USD", 100));
        refused(() -> world.funding.announce(FINANCE, "FAMILY", YEAR - 1, "KES", 100));
        refused(() -> world.funding.announce(FINANCE, "FAMILY", YEAR + 2, "KES", 100));
        refused(() -> world.funding.announce(FINANCE, "FAMILY", YEAR, "KES", 0));
    }

    @Test
    void what_is_announced_counts_until_a_statement_shows_it_or_it_is_withdrawn() {
        String first =
                world.funding.announce(FINANCE, "FAMILY", YEAR, "KES", 50_000).reference();
        UUID second =
                world.funding.announce(FINANCE, "FAMILY", YEAR, "KES", 20_000).id();
        world.funding.announce(FINANCE, "FAMILY", YEAR + 1, "KES", 7);
        world.funding.announce(FINANCE, "PENSION", YEAR, "KES", 9);
        UUID envelope = world.envelope("FAMILY", world.lines(1, 100_000));
        world.await(() -> world.envelopes.waitingForFunds() == 1);

        assertThat(world.payments.announcedFunds("FAMILY", YEAR).minor()).isEqualTo(70_000);
        assertThat(world.payments.announcedFunds("FAMILY", YEAR).since()).isNotNull();
        assertThat(world.envelopes.show(FINANCE, envelope).note())
                .contains("700.00 KES are announced since")
                .contains("Announce the rest");

        new StatementsByHand(world, 0).credit(first, 50_000).take();
        assertThat(world.payments.announcedFunds("FAMILY", YEAR).minor()).isEqualTo(20_000);
        world.funding.withdraw(FINANCE, second);
        assertThat(world.payments.announcedFunds("FAMILY", YEAR)).isEqualTo(new AnnouncedFunds(0, null));
    }

    @Test
    void payments_of_january_are_funded_in_december() {
        String reference = world.funding
                .announce(FINANCE, "FAMILY", YEAR + 1, "KES", 50_000)
                .reference();
        new StatementsByHand(world, 0).credit(reference, 50_000).take();

        assertThat(world.payments.availableMinor("FAMILY", YEAR + 1)).isEqualTo(50_000);
        assertThat(world.payments.availableMinor("FAMILY", YEAR)).isZero();
    }

    @Test
    void money_that_comes_a_second_time_under_an_announcement_is_explained_by_people_and_not_spent() {
        String reference =
                world.funding.announce(FINANCE, "FAMILY", YEAR, "KES", 50_000).reference();
        StatementsByHand bank = new StatementsByHand(world, 0);
        bank.credit(reference, 50_000).take();
        bank.credit(reference, 50_000).take();

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(50_000);
        assertThat(world.statements.unexplained()).isEqualTo(1);
    }

    private UUID carryOver(int year, long minor) {
        CarryOver.Rest rest = new CarryOver.Rest("FAMILY", year, minor);
        return world.decisions.ask(FINANCE, DecisionKind.CARRY_OVER, rest.subject(), 0, rest.text(), "budget law");
    }

    @Test
    void what_is_left_of_a_year_is_carried_over_by_two_people_and_only_what_is_not_reserved() {
        world.fund("FAMILY", 100_000);
        world.envelope("FAMILY", world.lines(1, 30_000));
        world.await(() -> world.payments.availableMinor("FAMILY") == 70_000);

        assertThatThrownBy(() -> carryOver(YEAR, 70_001)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> carryOver(YEAR + 1, 1)).isInstanceOf(Problem.class);
        UUID request = carryOver(YEAR, 70_000);
        assertThatThrownBy(() -> world.decisions.confirm(FINANCE, request)).isInstanceOf(Problem.class);
        assertThat(world.payments.availableMinor("FAMILY", YEAR + 1)).isZero();
        world.decisions.confirm(PaymentsWorld.OTHER_FINANCE, request);

        assertThat(world.payments.availableMinor("FAMILY", YEAR)).isZero();
        assertThat(world.payments.availableMinor("FAMILY", YEAR + 1)).isEqualTo(70_000);
    }

    @Test
    void money_that_was_spent_meanwhile_is_not_carried_over() {
        world.fund("FAMILY", 100_000);
        UUID request = carryOver(YEAR, 100_000);
        world.envelope("FAMILY", world.lines(1, 30_000));
        world.await(() -> world.payments.availableMinor("FAMILY") == 70_000);

        assertThatThrownBy(() -> world.decisions.confirm(PaymentsWorld.OTHER_FINANCE, request))
                .isInstanceOf(Problem.class);
    }

    @Test
    void money_given_back_to_the_treasury_leaves_the_fund_when_its_debit_is_explained() {
        world.fund("FAMILY", 100_000);
        StatementsByHand bank = new StatementsByHand(world, 100_000);
        UUID statement = bank.debit("TREASURY SWEEP", 40_000).take().id();
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(60_000);

        assertThatThrownBy(() -> surrender(statement, "FAMILY")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> surrender(statement, "OTHER " + YEAR)).isInstanceOf(Problem.class);
        world.decisions.confirm(PaymentsWorld.OTHER_FINANCE, surrender(statement, "family " + YEAR));

        assertThat(world.statements.unexplained()).isZero();
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(60_000);
    }

    private UUID surrender(UUID statement, String fund) {
        return world.decisions.ask(
                FINANCE, DecisionKind.EXPLAIN_LINE, statement, 1, "surrender " + fund, "end of the year");
    }

    @Test
    void an_announcement_is_withdrawn_until_its_money_arrives_and_not_recognised_afterwards() {
        UUID announced =
                world.funding.announce(FINANCE, "FAMILY", YEAR, "KES", 50_000).id();
        world.funding.withdraw(FINANCE, announced);
        String reference = world.funding
                .page(FINANCE, PageRequest.first(1))
                .rows()
                .getFirst()
                .reference();

        new StatementsByHand(world, 0).credit(reference, 50_000).take();

        assertThat(world.payments.availableMinor("FAMILY")).isZero();
        assertThat(world.statements.unexplained()).isEqualTo(1);
        assertThatThrownBy(() -> world.funding.withdraw(FINANCE, announced)).isInstanceOf(Problem.class);
    }

    @Test
    void money_that_the_bank_took_for_itself_or_for_nobody_known_is_not_available() {
        world.fund("FAMILY", 100_000);
        StatementsByHand bank = new StatementsByHand(world, 100_000);
        bank.debit("NOBODY KNOWS", 30_000).take();

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(70_000);
        UUID envelope = world.envelope("FAMILY", world.lines(1, 80_000));
        world.await(() -> world.envelopes.show(FINANCE, envelope).note().contains("missing at the bank"));
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(70_000);
    }

    @Test
    void money_that_came_in_unexplained_is_not_available() {
        world.fund("FAMILY", 100_000);
        StatementsByHand bank = new StatementsByHand(world, 100_000);
        bank.debit("NOBODY KNOWS", 30_000).credit("NOR THIS", 30_000).take();

        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(70_000);
    }
}
