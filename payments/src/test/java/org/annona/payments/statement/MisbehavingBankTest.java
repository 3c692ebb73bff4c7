package org.annona.payments.statement;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.annona.payments.PaymentsWorld.OTHER_FINANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentLine;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A bank over HTTP that does one thing wrong, or everything. Its own book says what became of each payment. */
class MisbehavingBankTest {

    private static final Logger LOG = LoggerFactory.getLogger(MisbehavingBankTest.class);
    private static final long FUNDS = 10_000_000;
    private static final long FEE = 150;

    private PaymentsWorld world;

    @BeforeEach
    void open() {
        world = new PaymentsWorld();
        world.fund("FAMILY", FUNDS);
    }

    /** Whatever the bank did: in the end both books say the same, and nobody has more than is owed. */
    @AfterEach
    void close() {
        world.misbehave("outage=false");
        for (int day = 0; day < 3; day++) {
            day();
        }
        assertThat(world.check.faults()).isEmpty();
        assertThat(open("true")).as("lines that nobody explained").isEmpty();
        bothBooksSayTheSame();
        world.close();
    }

    private void bothBooksSayTheSame() {
        JsonNode book = world.book();
        assertThat(book.get("referencesPaidTwice").asLong()).isZero();
        assertThat(book.get("accountsPaidTwice").asLong()).isZero();
        assertThat(number("select debits - credits from ledger_account where code = 'BANK:GOV'"))
                .as("our account in the ledger")
                .isEqualTo(book.get("balanceMinor").asLong())
                .isEqualTo(number("select closing_minor from statement order by sequence desc limit 1"));
        assertThat(number("select coalesce(sum(debits - credits), 0) from ledger_account where kind = 'FEES'"))
                .as("fees")
                .isEqualTo(book.get("feesMinor").asLong());
        for (JsonNode payment : world.bankOutcomes()) {
            Record attempt = world.database
                    .sql()
                    .fetchSingle(
                            "select a.state, a.settled_minor - a.returned_minor, a.returned_minor, a.amount_minor, d.state,"
                                    + " d.number_of_attempts from attempt a join (select d.*, (select count(*) from attempt n where"
                                    + " n.disbursement_id = d.id) as number_of_attempts from disbursement d) d on d.id ="
                                    + " a.disbursement_id where a.reference = ?",
                            payment.get("reference").asString());
            assertThat(attempt.get(1, Long.class))
                    .as("what stays with the beneficiary of %s", payment)
                    .isEqualTo(payment.get("staysMinor").asLong());
            assertThat(List.of("rejected", "voided").contains(attempt.get(0, String.class)))
                    .as("rejected, of %s", payment)
                    .isEqualTo(payment.get("rejected").asBoolean());
            if (attempt.get(5, Long.class) == 1) {
                assertThat(attempt.get(4, String.class))
                        .as("state of %s", payment)
                        .isEqualTo(stateOf(payment));
            }
        }
    }

    private static String stateOf(JsonNode payment) {
        if (payment.get("rejected").asBoolean()) {
            return "rejected";
        }
        return payment.get("staysMinor").asLong() == payment.get("askedMinor").asLong() ? "paid" : "returned";
    }

    private long number(String sql) {
        return world.database.sql().fetchSingle(sql).get(0, Long.class);
    }

    private long unexplained() {
        return number("select count(*) from statement_line where open_minor > 0");
    }

    /** A day passes at the bank, and its statements are fetched until it gives what is to be had. */
    private void day() {
        try {
            world.days(1);
        } catch (Problem refused) {
            fetch();
        }
    }

    private void fetch() {
        for (int tries = 0; tries < 5; tries++) {
            try {
                world.payments.fetchStatements();
                return;
            } catch (Problem refused) {
                LOG.info("not taken: {}", refused.sentence());
            }
        }
    }

    private UUID paid(int payments, String... faults) {
        for (String fault : faults) {
            world.misbehave(fault);
        }
        UUID envelope = world.envelope("FAMILY", world.lines(payments, 250_000));
        world.awaitSent(envelope);
        return envelope;
    }

    private void explain(Record line, String explanation) {
        UUID request = world.decisions.ask(
                FINANCE,
                DecisionKind.EXPLAIN_LINE,
                line.get("statement_id", UUID.class),
                line.get("number", Integer.class),
                explanation,
                "the bank confirmed it in writing");
        world.decisions.confirm(OTHER_FINANCE, request);
    }

    private List<Record> open(String condition) {
        return new ArrayList<>(
                world.database.sql().fetch("select l.* from statement_line l where l.open_minor > 0 and " + condition));
    }

    @Test
    void a_debit_that_is_made_twice_and_reversed_on_the_next_day_leaves_the_payment_paid() {
        UUID envelope = paid(4, "debitedTwice=2");
        assertThat(world.book().get("referencesPaidTwice").asLong()).isEqualTo(2);
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 4L));
        assertThat(unexplained()).isEqualTo(2);

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 4L));
        assertThat(world.book().get("paidCount").asLong()).isEqualTo(4);
    }

    @Test
    void a_debit_that_is_made_twice_and_reversed_within_the_day_leaves_the_payment_paid() {
        UUID envelope = paid(4, "debitedTwiceWithinDay=2");

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 4L));
        assertThat(unexplained()).isZero();
    }

    @Test
    void a_debit_that_the_bank_takes_back_is_no_payment_and_is_made_again_by_two_people() {
        UUID envelope = paid(3, "reversed=2");
        day();
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L, "returned", 2L));

        payAgain(1);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 2L, "returned", 1L));
    }

    /** Two people have so many of what came back paid again. */
    private void payAgain(int payments) {
        List<UUID> back = world.database
                .sql()
                .fetch("select id from disbursement where state = 'returned' order by id limit ?", payments)
                .map(row -> row.get(0, UUID.class));
        back.forEach(payment -> world.decide(DecisionKind.REISSUE, payment));
        world.await(() -> number("select count(*) from disbursement where state in ('received', 'ready')") == 0
                && world.messagesOnTheirWay() == 0);
        day();
    }

    @Test
    void payments_that_are_decided_on_while_others_of_their_envelope_are_sent_hinder_nobody() {
        UUID envelope = paid(30, "reversed=30");
        day();
        day();

        payAgain(30);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 30L));
        assertThat(new Jobs(world.database).ofSubject("envelope/" + envelope, 50))
                .noneMatch(job -> job.state() == JobState.FAILED);
    }

    @Test
    void a_debit_of_another_amount_is_paid_when_the_bank_has_corrected_it() {
        UUID envelope = paid(3, "wrongAmount=2");
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L, "in_flight", 2L));
        assertThat(unexplained()).isEqualTo(2);

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
    }

    @Test
    void money_that_comes_back_is_paid_again_by_two_people() {
        UUID envelope = paid(3, "returned=1");
        day();
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 2L, "returned", 1L));

        payAgain(1);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
    }

    @Test
    void money_that_comes_back_before_its_debit_waits_for_it() {
        UUID envelope = paid(3, "returnedBeforeDebit=2");
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L, "in_flight", 2L));
        assertThat(unexplained()).isEqualTo(2);

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L, "returned", 2L));
    }

    @Test
    void a_part_that_comes_back_is_paid_again_and_nothing_more() {
        UUID envelope = paid(2, "returnedInPart=1");
        day();
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L, "returned", 1L));

        payAgain(1);

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 2L));
        assertThat(number("select max(amount_minor) from attempt where number = 2"))
                .isEqualTo(125_000);
    }

    @Test
    void a_fee_that_the_bank_marks_is_booked_as_one() {
        paid(3, "charged=2");

        day();

        assertThat(unexplained()).isZero();
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(FUNDS - 750_000 - 2 * FEE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chargedUnmarked=2", "chargedUnderReference=2"})
    void a_fee_that_cannot_be_told_from_a_payment_is_one_when_two_people_say_so(String fault) {
        UUID envelope = paid(3, fault);
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
        assertThat(unexplained()).isEqualTo(2);

        open("not credit").forEach(line -> explain(line, "fee "));

        assertThat(unexplained()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"statementsSplit=2", "statementsInPages=2", "batchBooked=2", "batchBookedWithDetails=2"})
    void the_shape_of_a_statement_changes_nothing(String fault) {
        UUID envelope = paid(15, fault);

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 15L));
        assertThat(unexplained()).isZero();
    }

    @Test
    void a_statement_that_is_given_again_is_taken_once_and_the_next_one_follows() {
        UUID envelope = paid(3, "statementsRepeated=2");
        day();
        day();

        fetch();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
        assertThat(number("select count(*) from statement")).isEqualTo(3);
    }

    @Test
    void a_statement_that_comes_late_is_taken_before_the_one_after_it() {
        UUID envelope = paid(3, "statementsLate=1");
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("in_flight", 3L));

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batchBookedTwice=1", "batchBookedTwiceWithinDay=1"})
    void an_entry_for_a_message_that_is_made_twice_and_reversed_leaves_the_payments_paid(String fault) {
        UUID envelope = paid(3, fault);
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
        assertThat(unexplained()).isZero();
    }

    @Test
    void an_entry_for_a_message_that_is_taken_back_takes_its_payments_back() {
        UUID envelope = paid(3, "batchReversed=1");
        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));

        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("returned", 3L));
        payAgain(3);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 3L));
    }

    /** The answer was lost, the bank forgot, and its entry is the sum of all payments but the one that it refused. */
    @Test
    void a_message_that_an_entry_names_is_not_sent_again_and_its_payments_are_explained_by_two_people() {
        world.misbehave("batchBooked=1&silentAfterAccepting=1&firstRejected=1");
        UUID envelope = world.envelope("FAMILY", world.lines(3, 250_000));
        world.await(() -> world.count(envelope, "unknown") == 3);
        world.forget();

        day();
        day();

        assertThat(unexplained()).isEqualTo(1);
        neverSentAgain();
        Record line = open("true").getFirst();
        String message = line.get("reference", String.class);
        assertThatThrownBy(() -> explain(line, "settlement " + message)).isInstanceOf(Problem.class);
        refused().forEach(payment -> world.decide(DecisionKind.DECLARE_UNPAID, payment));
        explain(line, "settlement " + message);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 2L, "rejected", 1L));
    }

    /** The answer was lost, the bank forgot, and of its books only the money that came back has been seen. */
    @Test
    void a_message_of_which_money_came_back_is_not_sent_again() {
        world.misbehave("returnedBeforeDebit=1&silentAfterAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(1, 250_000));
        world.await(() -> world.count(envelope, "unknown") == 1);
        world.forget();
        // Its booking day is over with the next statement, so that only the money that came back speaks against sending
        // it again.
        world.database.sql().execute("update batch set sent_at = sent_at - interval '1 day'");

        day();
        neverSentAgain();
        day();

        assertThat(world.counts(envelope)).isEqualTo(Map.of("returned", 1L));
    }

    /** The bank debited another amount, lost the answer and forgot the message. */
    @Test
    void a_payment_is_not_declared_unpaid_while_a_line_under_its_reference_is_not_explained() {
        world.misbehave("wrongAmount=1&silentAfterAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(1, 250_000));
        world.await(() -> world.count(envelope, "unknown") == 1);
        world.forget();
        day();
        UUID payment =
                world.database.sql().fetchSingle("select id from disbursement").get(0, UUID.class);

        assertThatThrownBy(() -> world.decide(DecisionKind.DECLARE_UNPAID, payment))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("explain that line first");

        day();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L));
    }

    /** An entry for a message whose sum people had to find out, and money that came back before they did. */
    @Test
    void money_that_came_back_early_is_paired_when_people_explain_the_debit() {
        world.misbehave("batchBooked=1&silentAfterAccepting=1&firstRejected=1&returnedInPart=1");
        UUID envelope = world.envelope("FAMILY", world.lines(3, 250_000));
        world.await(() -> world.count(envelope, "unknown") == 3);
        world.forget();
        day();
        day();
        assertThat(unexplained()).isEqualTo(2);
        refused().forEach(payment -> world.decide(DecisionKind.DECLARE_UNPAID, payment));
        Record bundle = open("not credit").getFirst();

        explain(bundle, "settlement " + bundle.get("reference", String.class));

        assertThat(unexplained()).isZero();
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", 1L, "returned", 1L, "rejected", 1L));
    }

    /** The bank is asked, longer than its word needs to be believed. */
    private void neverSentAgain() {
        int queries = 1 + (int) number("select max(queries) from batch") + 1;
        world.await(() -> number("select max(queries) from batch") >= queries);
        assertThat(number("select max(submissions) from batch")).isEqualTo(1);
    }

    /** Another one each time, and those that are asked for: -Dannona.bank.seeds=1,2. */
    private static LongStream seeds() {
        String asked = System.getProperty("annona.bank.seeds", "1," + System.nanoTime());
        return Arrays.stream(asked.split(",")).mapToLong(Long::parseLong);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_the_bank_does_nobody_is_paid_twice_and_both_books_agree(long seed) {
        LOG.info("seed {}", seed);
        world.close();
        world = PaymentsWorld.withBankBehind(30);
        world.fund("FAMILY", FUNDS);
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            misbehaveSomehow(random);
            world.envelope("FAMILY", someLines(random, 30));
            world.await(() -> number("select count(*) from disbursement where state in ('received', 'ready')") == 0
                    && world.messagesOnTheirWay() == 0);
            if (random.nextInt(4) == 0) {
                world.forget();
            }
            for (int days = random.nextInt(3); days >= 0; days--) {
                day();
            }
        }
        behaves();
        while (number("select count(*) from statement where day > current_date + 1") == 0) {
            day();
        }
        peopleExplain();
        // A message that never arrived is sent again when no statement shows it; of one that the bank answered in part
        // the rest is open.
        world.await(() -> number("select count(*) from batch b where b.state = 'unknown' and not exists"
                                + " (select from attempt a where a.batch_id = b.id and a.state <> 'unknown')")
                        == 0
                && world.messagesOnTheirWay() == 0);
        for (int days = 0; days < 3; days++) {
            day();
        }
        peopleExplain();
        refused().forEach(payment -> world.decide(DecisionKind.DECLARE_UNPAID, payment));
        payAgain((int) number("select count(*) / 2 from disbursement where state = 'returned'"));
    }

    private static final List<String> OF_MESSAGES = List.of(
            "silentAfterAccepting",
            "errorAfterAccepting",
            "errorBeforeAccepting",
            "garbageAfterAccepting",
            "calledRepetition",
            "firstRejectedLastLeftOut",
            "allRejected",
            "firstRejected",
            "batchBooked",
            "batchBookedWithDetails",
            "batchBookedTwice",
            "batchBookedTwiceWithinDay",
            "batchReversed");
    private static final List<String> OF_PAYMENTS = List.of(
            "debitedTwice",
            "debitedTwiceWithinDay",
            "reversed",
            "wrongAmount",
            "returned",
            "returnedBeforeDebit",
            "returnedInPart",
            "charged",
            "chargedUnmarked",
            "chargedUnderReference");
    private static final List<String> OF_STATEMENTS =
            List.of("statementsSplit", "statementsInPages", "statementsLate", "statementsRepeated", "wrongOpening");

    private void misbehaveSomehow(Random random) {
        OF_MESSAGES.forEach(fault -> world.misbehave(fault + "=" + (random.nextInt(4) == 0 ? 1 : 0)));
        OF_PAYMENTS.forEach(fault -> world.misbehave(fault + "=" + random.nextInt(3)));
        OF_STATEMENTS.forEach(fault -> world.misbehave(fault + "=" + (random.nextInt(2))));
    }

    private void behaves() {
        for (List<String> faults : List.of(OF_MESSAGES, OF_PAYMENTS, OF_STATEMENTS)) {
            faults.forEach(fault -> world.misbehave(fault + "=0"));
        }
    }

    private List<PaymentLine> someLines(Random random, int count) {
        List<PaymentLine> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new PaymentLine(
                    UUID.randomUUID().toString(), world.somebody(), 1_000 + random.nextInt(20) * 500, 1));
        }
        return lines;
    }

    /** What the bank tells people who ask it about their lines. */
    private void peopleExplain() {
        open("not credit and amount_minor = " + FEE).forEach(line -> explain(line, "fee "));
        String bundle = "exists (select from batch b where b.message_id = l.reference)";
        if (!open(bundle).isEmpty()) {
            refused().forEach(payment -> world.decide(DecisionKind.DECLARE_UNPAID, payment));
        }
        // The first entry for a message made its payments, the next one is a mistake that the bank reverses.
        for (String message : messages(open(bundle + " and not credit"))) {
            boolean isOpen =
                    number("select count(*) from attempt a join batch b on b.id = a.batch_id where b.message_id = '"
                                    + message + "' and a.state in ('sending', 'unknown', 'accepted')")
                            > 0;
            if (isOpen) {
                explain(open("not credit and l.reference = '" + message + "'").getFirst(), "settlement " + message);
            }
            for (Record debit : open("not credit and l.reference = '" + message + "'")) {
                Record credit =
                        open("credit and l.reference = '" + message + "'").getFirst();
                explain(
                        debit,
                        "reversal "
                                + number("select sequence from statement where id = '" + credit.get("statement_id")
                                        + "'")
                                + "/" + credit.get("number"));
            }
        }
        open(bundle + " and credit").forEach(line -> explain(line, "return " + line.get("reference", String.class)));
        open("credit and exists (select from attempt a where a.reference = l.reference and a.settled_minor -"
                        + " a.returned_minor >= l.open_minor)")
                .forEach(line -> explain(line, "return " + line.get("reference", String.class)));
    }

    private static Set<String> messages(List<Record> lines) {
        return lines.stream().map(line -> line.get("reference", String.class)).collect(Collectors.toSet());
    }

    /** Payments that are unknown here, and that the bank by its own word did not make. */
    private List<UUID> refused() {
        List<UUID> refused = new ArrayList<>();
        for (JsonNode payment : world.bankOutcomes()) {
            if (payment.get("rejected").asBoolean()) {
                world.database
                        .sql()
                        .fetch(
                                "select disbursement_id from attempt where reference = ? and state = 'unknown'",
                                payment.get("reference").asString())
                        .forEach(row -> refused.add(row.get(0, UUID.class)));
            }
        }
        return refused;
    }
}
