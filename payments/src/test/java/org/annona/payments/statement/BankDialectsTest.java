package org.annona.payments.statement;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.annona.payments.PaymentsWorld.OTHER_FINANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.UUID;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsWorld;
import org.annona.payments.decision.DecisionKind;
import org.annona.payments.statement.Statements.StatementRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements as real banks write them are booked as a treasury expects. */
class BankDialectsTest {

    private static final Path FILES = Path.of("..", "..", "shared", "data", "statements");

    private PaymentsWorld world;

    @BeforeEach
    void open() {
        world = new PaymentsWorld("GOV0001");
    }

    @AfterEach
    void close() {
        assertThat(world.check.faults()).isEmpty();
        world.close();
    }

    private static byte[] file(String name) throws IOException {
        Assumptions.assumeTrue(
                Files.isDirectory(FILES), "The statements of real banks are not here: " + FILES.toAbsolutePath());
        return Files.readAllBytes(FILES.resolve(name));
    }

    private void begins(long minor) {
        UUID request = world.decisions.ask(
                FINANCE,
                DecisionKind.OPENING_BALANCE,
                OpeningBalance.subject("GOV0001"),
                0,
                Long.toString(minor),
                "the letter of the bank");
        world.decisions.confirm(OTHER_FINANCE, request);
    }

    /** Takes the balance over with which the first statement of the file opens. */
    private StatementRow taken(String name) throws IOException {
        byte[] file = file(name);
        StatementFile first = Camt053.read(file).stream()
                .filter(one -> one.account().equals("GOV0001"))
                .findFirst()
                .orElseThrow();
        if (first.openingMinor() != 0) {
            begins(first.openingMinor());
        }
        return world.statements.upload(FINANCE, file);
    }

    private void refused(ProblemCode code, byte[] file) {
        assertThatThrownBy(() -> world.statements.upload(FINANCE, file))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({
        "C01_plain_v02.xml, 1",
        "C02_datetime_without_offset.xml, 1",
        "C03_balance_datetime_without_offset.xml, 1",
        "C04_balance_availability.xml, 1",
        "C05_two_days_in_one_file.xml, 2",
        "C06_two_accounts_in_one_file.xml, 1",
        "C07_no_electronic_sequence.xml, 1",
        "C08_legal_sequence_only.xml, 1",
        "C10_batch_without_details.xml, 1",
        "C14_new_year_sequence_1.xml, 1",
        "C17_v08_status_code.xml, 1",
        "C19_pending_entry.xml, 1",
        "C20_prefixed_latin1.xml, 1",
        "C21_no_entries.xml, 1",
        "C23_reversal.xml, 1",
        "C24_return_reason_proprietary.xml, 1",
        "C25_closing_available_after_booked.xml, 1",
        "C27_negative_closing.xml, 1",
        "C28_group_header_ids.xml, 1"
    })
    void a_statement_as_a_bank_writes_it_is_taken(String name, int statements) throws IOException {
        StatementRow last = taken(name);

        assertThat(last.sequence()).isEqualTo(statements);
        assertThat(world.statements.upload(FINANCE, file(name)).id())
                .as("the same file again")
                .isEqualTo(last.id());
    }

    @Test
    void interim_pages_of_which_one_is_missing_are_refused() throws IOException {
        refused(PaymentsProblem.STATEMENT_UNREADABLE, file("C18_interim_pages.xml"));
    }

    @Test
    void a_pending_entry_is_shown_and_not_booked() throws IOException {
        StatementRow taken = taken("C19_pending_entry.xml");

        assertThat(world.statements.pending(taken.id())).hasSize(1);
        assertThat(taken.lines()).isEqualTo(1);
    }

    @Test
    void one_booking_for_payments_that_are_not_ours_is_one_unexplained_line_that_says_so() throws IOException {
        StatementRow taken = taken("C10_batch_without_details.xml");

        assertThat(taken.suspense()).isEqualTo(1);
        assertThat(world.statements.line(FINANCE, taken.id(), 1).note()).contains("bundles 3 payments");
    }

    private static byte[] statement(
            String id, String number, String day, String opening, String closing, String entries) {
        return """
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
                <Id>%s</Id>%s<Acct><Id><Othr><Id>GOV0001</Id></Othr></Id></Acct>
                <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="KES">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>
                <Dt><Dt>%s</Dt></Dt></Bal>
                <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="KES">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>
                <Dt><Dt>%s</Dt></Dt></Bal>%s</Stmt></BkToCstmrStmt></Document>
                """.formatted(
                        id,
                        number.isEmpty() ? "" : "<ElctrncSeqNb>" + number + "</ElctrncSeqNb>",
                        opening,
                        day,
                        closing,
                        day,
                        entries)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void numbers_that_begin_again_have_gaps_or_are_absent_are_no_obstacle_where_the_balances_join() {
        world.statements.upload(FINANCE, statement("S365", "365", "2026-12-31", "0.00", "0.00", ""));
        world.statements.upload(FINANCE, statement("S1", "1", "2027-01-02", "0.00", "0.00", ""));
        world.statements.upload(FINANCE, statement("S4", "4", "2027-01-05", "0.00", "0.00", ""));
        StatementRow last = world.statements.upload(FINANCE, statement("S5", "", "2027-01-06", "0.00", "0.00", ""));

        assertThat(last.sequence()).isEqualTo(4);
    }

    @Test
    void an_id_is_used_again_in_another_year_and_not_in_the_same() {
        world.statements.upload(FINANCE, statement("S1", "1", "2026-01-02", "0.00", "0.00", ""));
        world.statements.upload(FINANCE, statement("S1", "1", "2027-01-02", "0.00", "0.00", ""));

        refused(PaymentsProblem.STATEMENT_REPEATED, statement("S1", "1", "2027-01-03", "0.00", "0.00", ""));
        refused(PaymentsProblem.STATEMENT_UNREADABLE, statement("S9", "9", "2026-06-01", "0.00", "0.00", ""));
    }

    @Test
    void the_same_statement_in_other_bytes_is_the_same() {
        StatementRow first = world.statements.upload(FINANCE, statement("S1", "1", "2026-01-02", "0.00", "0.00", ""));

        assertThat(world.statements
                        .upload(FINANCE, statement("S1", "1", "2026-01-02", "0.00", "0.00", "  "))
                        .id())
                .isEqualTo(first.id());
    }

    @Test
    void a_first_statement_in_another_currency_changes_nothing() {
        byte[] dollars = new String(statement("S1", "1", "2026-01-02", "0.00", "0.00", ""), StandardCharsets.UTF_8)
                .replace("KES", "USD")
                .getBytes(StandardCharsets.UTF_8);

        refused(PaymentsProblem.STATEMENT_CURRENCY, dollars);

        assertThat(world.statements
                        .upload(FINANCE, statement("S1", "1", "2026-01-02", "0.00", "0.00", ""))
                        .currency())
                .isEqualTo("KES");
    }

    @Test
    void an_account_that_opens_with_money_is_taken_over_by_two_people() {
        byte[] first = statement("S1", "1", "2026-01-02", "1000.00", "1000.00", "");
        refused(PaymentsProblem.STATEMENT_OPENING, first);
        begins(100_000);

        assertThat(world.statements.upload(FINANCE, first).closingMinor()).isEqualTo(100_000);
        assertThatThrownBy(() -> begins(5)).isInstanceOf(Problem.class);
    }

    @Test
    void one_booking_for_a_message_of_ours_settles_its_payments() {
        world.fund("FAMILY", 10_000);
        UUID envelope = world.envelope("FAMILY", world.lines(3, 1_000));
        world.awaitSent(envelope);
        String message =
                world.database.sql().fetchSingle("select message_id from batch").get(0, String.class);

        StatementRow taken = world.statements.upload(
                FINANCE, statement("S2", "2", LocalDate.now().plusDays(1).toString(), "100.00", "70.00", """
                        <Ntry><Amt Ccy="KES">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><NtryDtls><Btch>
                        <PmtInfId>%s</PmtInfId><NbOfTxs>3</NbOfTxs></Btch></NtryDtls></Ntry>""".formatted(
                                message)));

        assertThat(world.statements.line(FINANCE, taken.id(), 1).note()).isEmpty();
        assertThat(taken.suspense()).isZero();
        assertThat(world.count(envelope, "paid")).isEqualTo(3);
    }
}
