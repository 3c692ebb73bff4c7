package org.annona.payments.statement;

import static org.annona.payments.PaymentsWorld.FINANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.PaymentsWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that people bring, good and bad ones. */
class StatementsTest {

    private static final String ENTRY = """
            <Ntry><Amt Ccy="KES">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>%s</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
            <NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>""";

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

    private static byte[] statement(String account, int number, String opening, String closing, String... entries) {
        LocalDate day = LocalDate.now().plusDays(number);
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
                <Id>S%d</Id><ElctrncSeqNb>%d</ElctrncSeqNb><Acct><Id><Othr><Id>%s</Id></Othr></Id></Acct>
                <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="KES">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>
                <Dt><Dt>%s</Dt></Dt></Bal>
                <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="KES">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd>
                <Dt><Dt>%s</Dt></Dt></Bal>
                %s</Stmt></BkToCstmrStmt></Document>
                """.formatted(number, number, account, opening, day, closing, day, String.join("", entries))
                .strip()
                .getBytes(StandardCharsets.UTF_8);
    }

    private void refused(ProblemCode code, byte[] file) {
        assertThatThrownBy(() -> world.statements.upload(FINANCE, file))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test
    void funds_are_recognised_by_their_reference_also_in_lower_case_and_nothing_else_is() {
        String reference = world.payments.announceFunds(FINANCE, "FAMILY", "KES", 50_000);
        byte[] file = statement(
                "GOV",
                1,
                "0.00",
                "512.00",
                ENTRY.formatted("500.00", "CRDT", "BOOK", reference.toLowerCase(java.util.Locale.ROOT)),
                ENTRY.formatted("12.00", "CRDT", "BOOK", "WHOEVER"),
                ENTRY.formatted("99.00", "CRDT", "PDNG", "NOT YET"));

        var taken = world.statements.upload(FINANCE, file);

        assertThat(taken.suspense()).isEqualTo(1);
        assertThat(taken.lines()).isEqualTo(2);
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(50_000);
    }

    @Test
    void a_statement_of_the_bank_that_does_not_fit_is_shown_until_a_good_one_is_taken() {
        world.misbehave("wrongOpening=2");
        assertThatThrownBy(() -> world.fund("FAMILY", 100_000)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> world.payments.fetchStatements()).isInstanceOf(Problem.class);

        assertThat(world.statements.refusal(FINANCE)).hasValueSatisfying(refusal -> {
            assertThat(refusal.code()).isEqualTo(PaymentsProblem.STATEMENT_OPENING.code());
            assertThat(refusal.last()).isAfter(refusal.since());
        });
        assertThat(world.payments.availableMinor("FAMILY")).isZero();

        world.payments.fetchStatements();
        assertThat(world.statements.refusal(FINANCE)).isEmpty();
        assertThat(world.payments.availableMinor("FAMILY")).isEqualTo(100_000);
    }

    @Test
    void the_same_file_again_has_no_effect() {
        byte[] file = statement("GOV", 1, "0.00", "10.00", ENTRY.formatted("10.00", "CRDT", "BOOK", "X"));

        var first = world.statements.upload(FINANCE, file);
        var again = world.statements.upload(FINANCE, file);

        assertThat(again.id()).isEqualTo(first.id());
    }

    @Test
    void a_statement_that_does_not_follow_the_last_one_is_refused_whole() {
        world.statements.upload(FINANCE, statement("GOV", 1, "0.00", "0.00"));

        refused(PaymentsProblem.STATEMENT_GAP, statement("GOV", 3, "7.00", "7.00"));
        refused(PaymentsProblem.STATEMENT_GAP, statement("GOV", 2, "5.00", "5.00"));
        refused(
                PaymentsProblem.STATEMENT_UNREADABLE,
                statement("GOV", 2, "0.00", "9.00", ENTRY.formatted("10.00", "CRDT", "BOOK", "X")));
        refused(PaymentsProblem.STATEMENT_FOREIGN, statement("OTHER", 2, "0.00", "0.00"));
    }

    @Test
    void what_is_no_statement_is_refused_with_a_sentence() {
        refused(PaymentsProblem.STATEMENT_UNREADABLE, "a,b,c".getBytes(StandardCharsets.UTF_8));
        refused(PaymentsProblem.STATEMENT_UNREADABLE, new byte[0]);
        refused(PaymentsProblem.STATEMENT_UNREADABLE, "<Document/>".getBytes(StandardCharsets.UTF_8));
        refused(
                PaymentsProblem.STATEMENT_UNREADABLE,
                statement("GOV", 1, "0.00", "1.00", ENTRY.formatted("1,00", "CRDT", "BOOK", "X")));
        refused(
                PaymentsProblem.STATEMENT_UNREADABLE,
                ("<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Document>&e;</Document>")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_debit_that_nobody_ordered_goes_to_suspense_and_the_balance_still_fits_the_bank() {
        world.fund("FAMILY", 10_000);
        world.payments.fetchStatements();
        var taken = world.statements.upload(
                FINANCE, statement("GOV", 2, "100.00", "60.00", ENTRY.formatted("40.00", "DBIT", "BOOK", "UNKNOWN")));

        assertThat(taken.suspense()).isEqualTo(1);
    }
}
