package org.annona.payments.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.annona.payments.rail.Answer;
import org.annona.payments.rail.Answer.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a report of the bank says of a message, of its one block, and of its payments. */
class Pain002Test {

    private static final Outcome ACCEPTED = new Outcome(true, "");

    private static String reason(String code) {
        return code.isEmpty() ? "" : "<StsRsnInf><Rsn><Cd>" + code + "</Cd></Rsn></StsRsnInf>";
    }

    private static String group(String status, String reason) {
        return "<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>"
                + (status.isEmpty() ? "" : "<GrpSts>" + status + "</GrpSts>")
                + reason(reason)
                + "</OrgnlGrpInfAndSts>";
    }

    private static String block(String id, String status, String reason, String... payments) {
        return "<OrgnlPmtInfAndSts><OrgnlPmtInfId>" + id + "</OrgnlPmtInfId>"
                + (status.isEmpty() ? "" : "<PmtInfSts>" + status + "</PmtInfSts>")
                + reason(reason) + String.join("", payments) + "</OrgnlPmtInfAndSts>";
    }

    private static String payment(String reference, String status, String reason) {
        return "<TxInfAndSts><OrgnlEndToEndId>" + reference + "</OrgnlEndToEndId>"
                + (status.isEmpty() ? "" : "<TxSts>" + status + "</TxSts>")
                + reason(reason)
                // The order is repeated, which has codes too.
                + "<OrgnlTxRef><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf></OrgnlTxRef></TxInfAndSts>";
    }

    private static java.util.Optional<Answer> read(String... parts) {
        return Pain002.read(
                ("<Document><CstmrPmtStsRpt><GrpHdr><MsgId>R</MsgId></GrpHdr>" + String.join("", parts)
                                + "</CstmrPmtStsRpt></Document>")
                        .getBytes(StandardCharsets.UTF_8),
                "M1");
    }

    private static void heard(Map<String, Outcome> outcomes, @Nullable Outcome whole, String... parts) {
        assertThat(read(parts)).contains(new Answer.Heard(outcomes, whole));
    }

    private static Outcome refused(String reason) {
        return new Outcome(false, reason);
    }

    @Test
    void a_rejected_block_rejects_its_payments_with_its_reason() {
        heard(Map.of(), refused("AM04"), group("", ""), block("M1", "RJCT", "AM04"));
        heard(Map.of(), refused("AM04"), group("PART", ""), block("M1", "RJCT", "AM04"));
        heard(Map.of(), refused("MS03"), group("", ""), block("M1", "CANC", ""));
    }

    @Test
    void a_rejected_block_rejects_those_of_its_payments_that_are_not_listed() {
        heard(
                Map.of("A", refused("AC01"), "B", ACCEPTED),
                refused("AM04"),
                group("", ""),
                block("M1", "RJCT", "AM04", payment("A", "RJCT", "AC01"), payment("B", "ACSP", "")));
    }

    @ParameterizedTest
    @CsvSource({
        // group, block, payment, accepted or reason of the payment
        "RJCT, ACCP, ACSP, accepted",
        "RJCT, RJCT, ACSP, accepted",
        "ACCP, ACCP, RJCT, P",
        "ACCP, RJCT, ACSP, accepted",
        "RJCT, ACCP, '', accepted",
        "ACCP, RJCT, '', P",
        "ACCP, '', '', accepted",
        "RJCT, '', '', P",
        "RJCT, PART, '', ''",
        "'', '', '', ''",
        "'', '', NEWS, ''"
    })
    void a_payment_counts_more_than_its_block_and_the_block_more_than_the_message(
            String group, String block, String payment, String outcome) {
        Map<String, Outcome> expected = switch (outcome) {
            case "accepted" -> Map.of("A", ACCEPTED);
            case "" -> Map.of();
            default -> Map.of("A", refused(outcome));
        };
        assertThat(read(group(group, "G"), block("M1", block, "B", payment("A", payment, "P"))))
                .hasValueSatisfying(
                        answer -> assertThat(((Answer.Heard) answer).outcomes()).isEqualTo(expected));
    }

    @ParameterizedTest
    @CsvSource({"ACCP, accepted", "RJCT, G", "PART, ''", "'', ''"})
    void what_is_said_of_the_whole_message_holds_where_nothing_else_is_said(String status, String outcome) {
        heard(
                Map.of(),
                switch (outcome) {
                    case "accepted" -> ACCEPTED;
                    case "" -> null;
                    default -> refused(outcome);
                },
                group(status, "G"));
    }

    @Test
    void a_rejected_payment_without_a_reason_has_that_of_the_rejection_around_it() {
        heard(
                Map.of("A", refused("AM04")),
                refused("AM04"),
                group("", ""),
                block("M1", "RJCT", "AM04", payment("A", "RJCT", "")));
        heard(Map.of("A", refused("MS03")), null, group("ACCP", "G"), block("M1", "", "", payment("A", "RJCT", "")));
    }

    @Test
    void an_acceptance_of_the_whole_does_not_accept_what_a_list_leaves_out() {
        heard(Map.of("A", ACCEPTED), null, group("ACCP", ""), block("M1", "ACCP", "", payment("A", "ACSP", "")));
    }

    @Test
    void a_block_of_another_message_is_not_listened_to() {
        heard(
                Map.of("A", ACCEPTED),
                null,
                group("", ""),
                block("M2", "RJCT", "AM04", payment("A", "RJCT", "AC01"), payment("B", "RJCT", "AC01")),
                block("M1", "", "", payment("A", "ACSP", "")));
        heard(Map.of(), null, group("", ""), block("M2", "RJCT", "AM04"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NOTPROVIDED"})
    void a_block_without_a_name_is_the_only_one_that_was_sent(String id) {
        heard(Map.of(), refused("AM04"), group("", ""), block(id, "RJCT", "AM04"));
    }

    @Test
    void a_status_that_is_not_understood_or_a_payment_without_a_name_leaves_the_others_unknown() {
        heard(Map.of(), null, group("RJCT", "G"), block("M1", "", "", payment("A", "NEWS", "")));
        heard(Map.of(), null, group("ACCP", ""), block("M1", "", "", payment("", "RJCT", "AC01")));
    }

    @Test
    void payments_are_heard_without_a_block_around_them_and_with_reasons_of_the_banks_own() {
        heard(
                Map.of("A", refused("closed"), "B", ACCEPTED),
                null,
                group("PART", ""),
                payment("A", "RJCT", "closed").replace("<Cd>closed</Cd>", "<Prtry>closed</Prtry>"),
                payment("B", "PDNG", ""));
    }

    @Test
    void a_report_on_another_message_or_no_report_at_all_is_no_answer() {
        assertThat(read(group("RJCT", "").replace("M1", "M2"))).isEmpty();
        // The payment names another message inside; that is not what the report is about.
        assertThat(read(
                        group("", ""),
                        block(
                                "M1",
                                "RJCT",
                                "AM04",
                                "<TxInfAndSts><OrgnlGrpInf><OrgnlMsgId>M2</OrgnlMsgId></OrgnlGrpInf></TxInfAndSts>")))
                .contains(new Answer.Heard(Map.of(), refused("AM04")));
        assertThat(Pain002.read("<html>".getBytes(StandardCharsets.UTF_8), "M1"))
                .isEmpty();
        assertThat(Pain002.read(
                        ("<!DOCTYPE d SYSTEM \"http://127.0.0.1:1/\"><Document><CstmrPmtStsRpt>" + group("RJCT", "")
                                        + "</CstmrPmtStsRpt></Document>")
                                .getBytes(StandardCharsets.UTF_8),
                        "M1"))
                .isEmpty();
    }
}
