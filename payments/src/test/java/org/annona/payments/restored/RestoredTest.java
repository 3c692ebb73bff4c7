package org.annona.payments.restored;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.annona.payments.PaymentsWorld.REGISTRAR;
import static org.annona.payments.internal.tables.Tables.BATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsAtRest;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsWorld;
import org.annona.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent after a restore, with the bank's own book as the witness. */
class RestoredTest {

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

    private void restore() throws SQLException {
        String database = String.valueOf(world.database.sql().fetchValue("select current_database()"));
        try (Connection owner = TestPostgres.asAdministrator(database)) {
            owner.setAutoCommit(false);
            // The command of the operator acts for no organisation.
            try (Statement sql = owner.createStatement()) {
                sql.execute("set annona.organisation = ''");
            }
            PaymentsAtRest.markRestored(owner, Instant.now());
            owner.commit();
        }
    }

    private long messages() {
        return world.book().get("messages").asLong();
    }

    private void allPaidOnce(UUID envelope, int payments) {
        world.awaitSentOverDays(envelope);
        world.days(1);
        assertThat(world.counts(envelope)).isEqualTo(Map.of("paid", (long) payments));
        assertThat(world.book().get("accountsPaidTwice").asLong()).isZero();
    }

    private void refused(PaymentsProblem code) {
        assertThatThrownBy(() -> world.restored.confirm(FINANCE))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test
    void nothing_is_sent_until_a_statement_was_read_and_finance_has_confirmed() throws SQLException {
        restore();
        UUID envelope = world.envelope("FAMILY", world.lines(5, 1_000));
        world.await(() -> world.database
                .sql()
                .fetchValues("select message from foundation.job where state = 'waiting'")
                .contains(Restored.WAITS));
        refused(PaymentsProblem.NOT_POSSIBLE);
        assertThat(messages()).isZero();

        // The fund took the first day of the bank; this one is the booking day, of which another statement may come.
        world.days(1);
        refused(PaymentsProblem.NOT_POSSIBLE);
        world.days(1);
        assertThatThrownBy(() -> world.restored.confirm(REGISTRAR)).isInstanceOf(Problem.class);
        assertThat(world.restored.waits()).isTrue();
        world.restored.confirm(FINANCE);

        allPaidOnce(envelope, 5);
        refused(PaymentsProblem.NOT_POSSIBLE);
        assertThat(world.restored.all(FINANCE))
                .singleElement()
                .satisfies(one -> assertThat(one.confirmedBy()).isEqualTo(FINANCE.name()));
    }

    @Test
    void a_message_that_the_bank_never_heard_of_is_not_sent_again_before_it() throws SQLException {
        world.misbehave("errorBeforeAccepting=1");
        UUID envelope = world.envelope("FAMILY", world.lines(5, 1_000));
        world.await(() -> world.count(envelope, "unknown") == 5);
        restore();
        world.days(2);
        int asked = queries();
        world.await(() -> queries() > asked + 2);
        assertThat(messages()).isZero();

        world.restored.confirm(FINANCE);
        allPaidOnce(envelope, 5);
    }

    private int queries() {
        return world.database.sql().fetchSingle(BATCH).getQueries();
    }

    @Test
    void what_was_prepared_counts_as_sent_because_it_may_have_been() throws Exception {
        world.bank.close();
        UUID envelope = world.envelope("FAMILY", world.lines(5, 1_000));
        // Its pauses grow, so that nobody takes it in this moment.
        world.await(() -> world.database
                .sql()
                .fetchExists(BATCH, BATCH.STATE.eq("prepared").and(BATCH.QUERIES.gt(2))));
        restore();
        assertThat(world.count(envelope, "unknown")).isEqualTo(5);
        assertThat(world.database.sql().fetchSingle(BATCH).getSubmissions()).isEqualTo(1);
    }
}
