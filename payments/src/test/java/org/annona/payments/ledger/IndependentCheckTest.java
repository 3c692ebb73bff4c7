package org.annona.payments.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.annona.payments.PaymentsWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever changes what was paid, past every guard, is contradicted by the lines of the bank. */
class IndependentCheckTest {

    private PaymentsWorld world;

    @BeforeEach
    void open() {
        world = new PaymentsWorld();
        world.fund("FAMILY", 100_000);
        UUID envelope = world.envelope("FAMILY", world.lines(3, 1_000));
        world.awaitSent(envelope);
        world.days(1);
        assertThat(world.count(envelope, "paid")).isEqualTo(3);
        assertThat(world.check.faults()).isEmpty();
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** As somebody who holds the database itself. */
    private void tamper(String... statements) {
        try (Connection admin = world.address.connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute("set session_replication_role = replica");
            sql.execute("set search_path = payments");
            for (String statement : statements) {
                sql.execute(statement);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a payment has another amount than we show as paid | update disbursement set settled_minor = 999, state = 'returned' where line_key = (select min(line_key) from disbursement)
                    an attempt has another amount than we show | update attempt set settled_minor = 0 where reference = (select min(reference) from attempt)
                    lead from its opening to its closing balance | update statement_line set amount_minor = 900 where meaning = 'settlement' and reference = (select min(reference) from attempt)
                    posted at the bank with its amount and side | update statement_line set amount_minor = 900 where meaning = 'settlement' and reference = (select min(reference) from attempt)
                    lead from its opening to its closing balance | delete from statement_line where meaning = 'settlement' and reference = (select min(reference) from attempt)
                    may have been paid | insert into attempt (id, disbursement_id, number, batch_id, reference, amount_minor, state) select gen_random_uuid(), disbursement_id, 2, batch_id, '0000000000000000', 1000, 'rejected' from attempt limit 1
                    without a line of the bank, or with another amount | update funding set received_minor = 200000
                    credited without a line of the bank | insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency) select gen_random_uuid(), 'settle', b.id, f.id, 5, 'KES' from ledger_account b, ledger_account f where b.kind = 'BANK' and f.kind = 'FUND' limit 1
                    more was carried over than two people decided | insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency) select gen_random_uuid(), 'carry_over', b.id, f.id, 5, 'KES' from ledger_account b, ledger_account f where b.kind = 'BANK' and f.kind = 'FUND' limit 1
                    explained by nobody | insert into clearing (id, statement_id, line_number, kind, amount_minor) select gen_random_uuid(), statement_id, number, 'fee', 5 from statement_line limit 1
                    """)
    void a_change_behind_the_back_of_the_program_is_named(String words, String statement) {
        tamper(statement);

        assertThat(world.check.faults()).anyMatch(fault -> fault.contains(words));
    }

    /** The bank took the money twice, and somebody hides the second line among the explained ones. */
    @Test
    void a_second_debit_that_is_made_to_look_like_a_settled_one_is_named() {
        tamper(
                "insert into statement_line (statement_id, number, credit, amount_minor, reference, bank_reference, charge, booked_on,"
                        + " meaning) select statement_id, 99, false, amount_minor, reference, 'x', false, booked_on, 'fee' from"
                        + " statement_line where meaning = 'settlement' limit 1");

        assertThat(world.check.faults()).anyMatch(fault -> fault.contains("more went out for a payment than was owed"));
    }
}
