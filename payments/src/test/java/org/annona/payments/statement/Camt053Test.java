package org.annona.payments.statement;

import static org.annona.payments.statement.StatementText.balance;
import static org.annona.payments.statement.StatementText.family;
import static org.annona.payments.statement.StatementText.file;
import static org.annona.payments.statement.StatementText.reference;
import static org.annona.payments.statement.StatementText.statement;
import static org.annona.payments.statement.StatementText.transactions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.dispatch.RailReference;
import org.annona.payments.statement.StatementFile.Bundle;
import org.annona.payments.statement.StatementFile.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to write a statement, and what is said of those that cannot be taken. */
class Camt053Test {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final String CLOSED = balance("CLBD", "0.00", "CRDT", "2026-11-20");

    private static void refused(String reason, byte[] file) {
        assertThatThrownBy(() -> Camt053.read(file))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(PaymentsProblem.STATEMENT_UNREADABLE))
                .hasMessageContaining("taken: " + reason);
    }

    private static void refused(String reason, StatementText text) {
        refused(reason, file(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Dt>2026-11-28</Dt>",
                "<Dt> 2026-11-28 </Dt>",
                "<Dt>2026-11-28Z</Dt>",
                "<Dt>2026-11-28+03:00</Dt>",
                "<DtTm>2026-11-28T00:30:00</DtTm>",
                "<DtTm>2026-11-28T23:59:59.999999999</DtTm>",
                "<DtTm>2026-11-28T00:30:00+03:00</DtTm>",
                "<DtTm>2026-11-28T23:30:00-11:00</DtTm>",
                "<DtTm>2026-11-28T24:00:00Z</DtTm>"
            })
    void a_day_is_the_one_that_the_bank_wrote_in_its_own_time(String day) {
        assertThat(statement().entry("<BookgDt>" + day + "</BookgDt>").line().bookedOn())
                .isEqualTo(LocalDate.of(2026, 11, 28));
    }

    @Test
    void an_entry_without_a_day_was_booked_on_the_day_of_the_statement() {
        assertThat(statement().entry("").line().bookedOn()).isEqualTo(DAY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30", "28.11.2026", "2026-11", "20261128"})
    void what_is_no_day_is_refused_with_its_place(String day) {
        refused(
                "the day (BookgDt) of entry 2 of statement S1 is no date: '" + day + "'",
                statement().entry("").entry("<BookgDt><Dt>" + day + "</Dt></BookgDt>"));
    }

    @ParameterizedTest
    @CsvSource({
        "<Id><IBAN>ke12 abcd 3456</IBAN></Id>, KE12ABCD3456",
        "<Id><Othr><Id> 01 234\u00a0567 </Id></Othr></Id>, 01234567",
        "<Id><Othr><Id>gov</Id><Issr>X</Issr></Othr></Id>, gov",
        "<Id><IBAN>KE1</IBAN></Id><Ownr><Id><OrgId><Othr><Id>999</Id></Othr></OrgId></Id></Ownr>, KE1",
    })
    void an_account_is_read_without_blanks_and_taken_for_no_other_number(String id, String account) {
        assertThat(statement().account("<Acct>" + id + "</Acct>").read().account())
                .isEqualTo(account);
    }

    @ParameterizedTest
    @CsvSource({
        "<Sts>BOOK</Sts>, true",
        "<Sts><Cd>BOOK</Cd></Sts>, true",
        "'<Sts> <Cd> BOOK </Cd> </Sts>', true",
        "<Sts><Prtry>Booked</Prtry></Sts>, true",
        "<Sts><Cd>BOOK</Cd><X>PDNG</X></Sts>, true",
        "'', true",
        "<Sts>PDNG</Sts>, false",
        "<Sts>INFO</Sts>, false",
        "<Sts><Cd>FUTR</Cd></Sts>, false",
        "<Sts><Prtry>provisional</Prtry></Sts>, false",
    })
    void only_what_is_booked_is_a_line_and_the_rest_is_kept_apart(String status, boolean booked) {
        StatementFile read = statement().entry(status).read();

        assertThat(read.lines()).hasSize(booked ? 1 : 0);
        assertThat(read.pending()).hasSize(booked ? 0 : 1);
    }

    @Test
    void an_entry_of_nothing_is_shown_and_not_booked() {
        StatementFile read = statement().entry("<Amt Ccy=\"KES\">0.00</Amt>").read();

        assertThat(read.lines()).isEmpty();
        assertThat(read.pending()).extracting(Line::amountMinor).containsExactly(0L);
    }

    @Test
    void a_pending_bundle_that_does_not_sum_yet_is_no_reason_to_refuse_the_statement() {
        StatementFile read = statement()
                .entry("<Sts>PDNG</Sts>" + transactions(reference("A"), reference("B")))
                .read();

        assertThat(read.pending()).extracting(Line::amountMinor).containsExactly(10_00L);
    }

    @ParameterizedTest
    @CsvSource({"<EndToEndId>A</EndToEndId>, A", "<EndToEndId>NOTPROVIDED</EndToEndId>, ''", "<InstrId>A</InstrId>, ''"
    })
    void only_the_end_to_end_id_is_a_reference(String refs, String reference) {
        assertThat(statement()
                        .entry(transactions("<Refs>" + refs + "</Refs>"))
                        .line()
                        .reference())
                .isEqualTo(reference);
    }

    @ParameterizedTest
    @CsvSource({
        "<Rsn><Cd>AC04</Cd></Rsn>, AC04",
        "<Rsn><Prtry>Closed</Prtry></Rsn>, Closed",
        "<OrgnlBkTxCd><Domn><Cd>PMNT</Cd></Domn></OrgnlBkTxCd><Rsn><Cd>AC04</Cd></Rsn>, AC04",
        "<AddtlInf>no such account</AddtlInf>, MS03",
    })
    void money_that_comes_back_has_a_reason(String why, String reason) {
        assertThat(statement()
                        .entry(transactions(reference("A") + "<RtrInf>" + why + "</RtrInf>"))
                        .line()
                        .returnReason())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "1, true", "false, false", "0, false"})
    void a_reversal_is_what_the_bank_calls_one(String indicator, boolean reversal) {
        assertThat(statement().entry("<RvslInd>" + indicator + "</RvslInd>").line())
                .extracting(Line::reversal, Line::returnReason)
                .containsExactly(reversal, "");
    }

    @ParameterizedTest
    @CsvSource({
        "CHRG, true",
        "FEES, true",
        "COMM, true",
        "ESCT, false",
        "NCHG, true",
        "FCHG, true",
        "nchg+808+0391, true",
        "NTRF, false",
        "NCHGX, false"
    })
    void a_charge_is_known_by_the_code_of_the_standard_or_that_of_the_bank(String code, boolean charge) {
        String proprietary = "<BkTxCd><Prtry><Cd>" + code + "</Cd></Prtry></BkTxCd>";
        String kind = code.length() == 4 && !code.startsWith("N") && !code.startsWith("F") || code.equals("FEES")
                ? family(code)
                : proprietary;

        assertThat(statement().entry(kind).line().charge()).isEqualTo(charge);
        assertThat(statement().entry(family("OTHR") + transactions(kind)).line().charge())
                .isEqualTo(charge);
    }

    @Test
    void a_payment_of_ours_is_no_charge_whatever_the_bank_calls_it() {
        String ours = RailReference.next();

        for (String written : List.of(ours, ours.toLowerCase(java.util.Locale.ROOT), " " + ours)) {
            assertThat(statement()
                            .entry(transactions(reference(written) + family("CHRG")))
                            .line()
                            .charge())
                    .isFalse();
        }
        assertThat(statement()
                        .entry(transactions(reference("FEE OF MAY") + family("CHRG")))
                        .line()
                        .charge())
                .isTrue();
    }

    @Test
    void elements_that_nobody_knows_and_others_of_the_same_names_change_nothing() {
        StatementText odd = statement()
                .account("<Acct><Id><Othr><Id>GOV</Id></Othr></Id><Svcr><FinInstnId><Othr><Id>BANK</Id></Othr>"
                        + "</FinInstnId></Svcr></Acct><TxsSummry><TtlNtries><Sum>9</Sum></TtlNtries></TxsSummry>")
                .entry(
                        "<ValDt><Dt>1999-01-01</Dt></ValDt>"
                                + transactions(
                                        "<X><Amt Ccy=\"USD\"><Y/>7</Amt></X><Chrgs><Rcrd><Amt Ccy=\"USD\">1</Amt></Rcrd></Chrgs>"
                                                + reference("A")
                                                + "<RltdDts><Prtry><Tp>x</Tp><Dt><Dt>1999-01-01</Dt></Dt></Prtry></RltdDts>"
                                                + "<RmtInf><Strd><Refs><EndToEndId>NO</EndToEndId></Refs></Strd></RmtInf>")
                                + "<SplmtryData><Envlp><BkToCstmrStmt><Stmt><Id>NO</Id></Stmt></BkToCstmrStmt></Envlp></SplmtryData>");

        assertThat(odd.read())
                .isEqualTo(statement().entry(transactions(reference("A"))).read());
    }

    private static String amount(String amount) {
        return "<Amt Ccy=\"KES\">" + amount + "</Amt>";
    }

    private static String within(String amount) {
        return "<AmtDtls><InstdAmt><Amt Ccy=\"USD\">1</Amt></InstdAmt><TxAmt>" + amount(amount) + "</TxAmt></AmtDtls>";
    }

    @Test
    void an_entry_that_lists_its_payments_becomes_a_line_for_each() {
        StatementFile read = statement()
                .entry("<AcctSvcrRef>E</AcctSvcrRef>"
                        + transactions(reference("A") + amount("4.00"), reference("B") + within("7.00"))
                        + transactions("<Refs><AcctSvcrRef>T</AcctSvcrRef><EndToEndId>C</EndToEndId></Refs>"
                                + amount("1.00")
                                + "<CdtDbtInd>CRDT</CdtDbtInd>"))
                .read();

        assertThat(read.lines())
                .containsExactly(
                        new Line(false, 4_00, "A", "E", "", false, false, DAY, null),
                        new Line(false, 7_00, "B", "E", "", false, false, DAY, null),
                        new Line(true, 1_00, "C", "T", "", false, false, DAY, null));
        assertThat(read.movementMinor()).isEqualTo(-10_00);
    }

    @Test
    void an_entry_whose_payments_do_not_sum_or_have_no_amount_is_refused_by_its_number() {
        refused(
                "the 2 payments in entry 2 of statement S1 do not sum to its amount of 10.00 KES",
                statement()
                        .entry("")
                        .entry(transactions(reference("A") + amount("4.00"), reference("B") + amount("7.00"))));
        refused(
                "entry 1 of statement S1 bundles 2 payments, and for payment 2 of them there is no amount in KES",
                statement()
                        .entry(transactions(
                                reference("A") + amount("4.00"), reference("B") + "<Amt Ccy=\"USD\">6</Amt>")));
    }

    @Test
    void the_amount_of_a_single_payment_is_what_was_booked_and_not_what_was_ordered() {
        assertThat(statement()
                        .entry(transactions(reference("A") + amount("9.50")))
                        .line()
                        .amountMinor())
                .isEqualTo(10_00);
    }

    @ParameterizedTest
    @CsvSource({
        "<Btch><MsgId>M</MsgId><PmtInfId>P</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>, P, 3",
        "<Btch><MsgId>M</MsgId></Btch>, M, 0",
        "<Btch><NbOfTxs>3</NbOfTxs></Btch>, '', 3",
        "<Btch><NbOfTxs>3</NbOfTxs></Btch><TxDtls><Refs><PmtInfId>P</PmtInfId></Refs></TxDtls>, P, 3",
        "<TxDtls><Refs><MsgId>M</MsgId><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls>, M, 0",
    })
    void a_booking_that_names_our_message_and_not_its_payments_is_a_bundle(String details, String id, int payments) {
        assertThat(statement().entry("<NtryDtls>" + details + "</NtryDtls>").line())
                .extracting(Line::bundle, Line::amountMinor, Line::reference)
                .containsExactly(new Bundle(id, payments), 10_00L, "");
    }

    @Test
    void a_payment_with_a_reference_is_no_bundle_although_it_names_its_message() {
        String details =
                "<Btch><NbOfTxs>1</NbOfTxs></Btch><TxDtls><Refs><PmtInfId>P</PmtInfId><EndToEndId>A</EndToEndId>"
                        + "</Refs></TxDtls>";

        assertThat(statement().entry("<NtryDtls>" + details + "</NtryDtls>").line())
                .extracting(Line::bundle, Line::reference)
                .containsExactly(null, "A");
    }

    private static StatementText page(int number, boolean last, String account, String... balances) {
        return statement()
                .id("<Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><StmtPgntn><PgNb>" + number + "</PgNb><LastPgInd>" + last
                        + "</LastPgInd></StmtPgntn>")
                .account("<Acct><Id><Othr><Id>" + account + "</Id></Othr></Id></Acct>")
                .balances(balances)
                .entry("<AcctSvcrRef>" + account + number + "</AcctSvcrRef>");
    }

    @Test
    void pages_of_one_statement_are_joined_in_their_order_whatever_their_order_in_the_file() {
        String between = balance("ITBD", "5.00", "CRDT", "2026-11-20");
        List<StatementFile> read = Camt053.read(file(
                page(1, false, "A", balance("OPBD", "30.00", "CRDT", "2026-11-20"), between),
                page(3, true, "A", between, balance("CLBD", "0.00", "CRDT", "2026-11-20")),
                page(1, true, "B", balance("PRCD", "10.00", "CRDT", "2026-11-19"), CLOSED),
                page(2, false, "A", between, between)));

        assertThat(read).extracting(StatementFile::account).containsExactly("A", "B");
        assertThat(read.getFirst().lines()).extracting(Line::bankReference).containsExactly("A1", "A2", "A3");
        assertThat(read.getFirst())
                .extracting(StatementFile::openingMinor, StatementFile::closingMinor)
                .containsExactly(30_00L, 0L);
        assertThat(read.getLast().openingMinor()).isEqualTo(10_00);
    }

    @Test
    void pages_that_do_not_fit_together_are_refused_by_their_number() {
        String open = balance("OPBD", "0.00", "CRDT", "2026-11-20");

        refused("page 1 of statement S1 is missing", file(page(2, true, "A", CLOSED)));
        refused("page 2 of statement S1 is missing", file(page(1, false, "A", open), page(3, true, "A", CLOSED)));
        refused("page 3 of statement S1 is missing", file(page(1, false, "A", open), page(2, false, "A", CLOSED)));
        refused(
                "page 1 of statement S1 is in the file twice",
                file(page(1, false, "A", open), page(1, true, "A", CLOSED)));
        refused(
                "page 1 of statement S1 says that it is the last",
                file(page(1, true, "A", open), page(2, true, "A", CLOSED)));
    }

    @Test
    void what_is_missing_is_named() {
        refused(
                "statement S1 has no closing balance (CLBD)",
                statement().balances(balance("OPBD", "0", "CRDT", "2026-11-20")));
        refused(
                "statement S1 has no account (Acct/Id) and no opening balance (OPBD or PRCD)",
                statement().account("").balances(CLOSED));
        refused("a statement has no id (Stmt/Id)", statement().id(""));
        refused("entry 1 of statement S1 has no amount (Amt)", statement().entry("<Amt Ccy=\"KES\"></Amt>"));
        refused(
                "entry 1 of statement S1 has no direction (CdtDbtInd)",
                statement().entry("<CdtDbtInd></CdtDbtInd>"));
        refused(
                "statement S1 has no closing balance (CLBD); the file is page 1 of several of the message M",
                StatementText.document(
                                "<GrpHdr><MsgId>M</MsgId><MsgPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></MsgPgntn></GrpHdr>",
                                statement().balances(balance("OPBD", "0", "CRDT", "2026-11-20")))
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_statement_without_its_own_id_goes_by_that_of_its_message() {
        byte[] file = StatementText.document(
                        "<GrpHdr><MsgId>M</MsgId></GrpHdr>", statement().id(""))
                .getBytes(StandardCharsets.UTF_8);

        assertThat(Camt053.read(file)).extracting(StatementFile::id).containsExactly("M");
    }

    @Test
    void two_balances_that_contradict_each_other_are_not_chosen_from() {
        refused(
                "statement S1 has several balances of the kind CLBD",
                statement()
                        .balances(
                                balance("OPBD", "0", "CRDT", "2026-11-20"),
                                CLOSED,
                                balance("CLBD", "5.00", "CRDT", "2026-11-20")));
    }

    @ParameterizedTest
    @CsvSource({
        "'1,00', 'the amount of entry 1 of statement S1 is no number: ''1,00'''",
        "1E3, 'the amount of entry 1 of statement S1 is no number'",
        "1E999999999, 'the amount of entry 1 of statement S1 is no number'",
        "1.005, 'the amount of entry 1 of statement S1 has more decimals than KES has: ''1.005'''",
        "-1.00, 'the amount of entry 1 of statement S1 is negative'",
        "92233720368547758.08, 'the amount of entry 1 of statement S1 is larger than can be booked'",
    })
    void an_amount_that_cannot_be_booked_is_refused(String text, String reason) {
        refused(reason, statement().entry(amount(text)));
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "1.5, 150", "+.50, 50", "01.000, 100", "92233720368547758.07, 9223372036854775807"})
    void an_amount_is_read_as_the_standard_writes_decimals(String text, long minor) {
        assertThat(statement().entry(amount(text)).line().amountMinor()).isEqualTo(minor);
    }

    @Test
    void sums_beyond_what_can_be_counted_are_refused_and_never_wrap_around() {
        String most = "92233720368547758.07";
        refused(
                "what went out by statement S1 is larger",
                statement().entry(amount(most)).entry(amount("0.01")));
        refused(
                "the opening balance of statement S1 with all its entries is larger",
                statement()
                        .balances(balance("OPBD", most, "CRDT", "2026-11-20"), CLOSED)
                        .entry(amount("0.01") + "<CdtDbtInd>CRDT</CdtDbtInd>"));

        StatementFile inAndOut = statement()
                .balances(balance("OPBD", "0", "CRDT", "2026-11-20"), CLOSED)
                .entry(amount(most) + "<CdtDbtInd>CRDT</CdtDbtInd>")
                .entry(amount(most))
                .read();
        assertThat(inAndOut.movementMinor()).isZero();
    }

    @Test
    void another_currency_or_one_that_nobody_knows_is_refused() {
        refused(
                "entry 1 of statement S1 is in 'USD', the statement in KES",
                statement().entry("<Amt Ccy=\"USD\">1</Amt>"));
        refused(
                "entry 1 of statement S1 is in no currency (Ccy), the statement in KES",
                statement().entry("<Amt>1</Amt>"));
        refused(
                "the currency of statement S1 is not known: 'XXX'",
                statement().account("<Acct><Id><IBAN>K</IBAN></Id><Ccy>XXX</Ccy></Acct>"));
        refused(
                "the opening balance of statement S1 is in 'KES', the statement in USD",
                statement().account("<Acct><Id><IBAN>K</IBAN></Id><Ccy>USD</Ccy></Acct>"));
    }

    @Test
    void a_number_that_is_none_is_refused() {
        refused(
                "the number (ElctrncSeqNb) of statement S1 is no number: '7a'",
                statement().id("<Id>S1</Id><ElctrncSeqNb>7a</ElctrncSeqNb>"));
        refused(
                "the number (LglSeqNb) of statement S1 is no number",
                statement().id("<Id>S1</Id><LglSeqNb>9999999999999999999999</LglSeqNb>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Document><BkToCstmrStmt>&e;</BkToCstmrStmt></Document>",
                "<!DOCTYPE d SYSTEM \"http://127.0.0.1:1/d.dtd\"><Document/>",
                "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><Document>&b;</Document>",
                "<Document>&e;</Document>",
                "<Document><BkToCstmrStmt>",
                "",
                "a,b,c"
            })
    void what_declares_a_document_type_or_is_no_xml_is_refused(String xml) {
        refused("it is not well-formed XML, or it declares a document type", xml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bytes_that_are_no_text_in_the_encoding_of_the_file_are_refused() {
        refused(
                "it is not well-formed XML",
                StatementText.document("", statement().entry("<X>\u00e9</X>")).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void a_document_type_does_no_harm_even_around_a_statement_that_is_good() {
        String good = StatementText.document("", statement());
        refused(
                "it is not well-formed XML, or it declares a document type (line 1)",
                ("<!DOCTYPE Document SYSTEM \"http://127.0.0.1:1/d.dtd\">" + good).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void another_message_is_no_statement() {
        refused(
                "it holds no statement (BkToCstmrStmt/Stmt)",
                "<Document><BkToCstmrAcctRpt><Rpt><Id>1</Id></Rpt></BkToCstmrAcctRpt></Document>"
                        .getBytes(StandardCharsets.UTF_8));
    }
}
