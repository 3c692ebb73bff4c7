package org.annona.exchange.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.annona.exchange.ExchangeWorld;
import org.annona.exchange.PartnerSystem;
import org.annona.exchange.partner.Partner;
import org.annona.interop.signature.SignaturePolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Messages that come as a file within a form (DCI reference R12.19). */
@ExtendWith(ExchangeWorld.Shared.class)
class MessageFileTest {

    private static final String ASYNC = "/dci/sr/registry/search";
    private static final String FIRST_ROW = "reference_id,identifier_type,identifier_value\n";
    private ExchangeWorld world;
    private PartnerSystem partner;

    @BeforeEach
    void open(ExchangeWorld shared) {
        world = shared;
        partner = world.partnerKnowingEverything();
    }

    @AfterEach
    void close() {
        partner.close();
    }

    private JsonNode send(Map<String, String> fields, String file) {
        return PartnerSystem.json(partner.send(partner.form(ASYNC, fields, file.getBytes(StandardCharsets.UTF_8))));
    }

    private String somebody() {
        return world.country.somebody().reference();
    }

    /** A partner that may send without a signature: a table cannot have one. */
    private Map<String, String> table(String transactionId) {
        partner.change(draft -> draft.with(new Partner.Terms(
                SignaturePolicy.OPTIONAL, draft.terms().signer(), draft.terms().profile(), false, false)));
        Map<String, String> fields = new HashMap<>();
        fields.put("action", "search");
        fields.put("fileFormat", "csv");
        fields.put("message_id", UUID.randomUUID().toString());
        fields.put("message_ts", "2026-01-15T10:30:00Z");
        fields.put("sender_uri", partner.callbackAddress());
        fields.put("transaction_id", transactionId);
        return fields;
    }

    private static void assertRefused(JsonNode answer, String code, String word) {
        assertThat(answer.at("/message/ack_status").asString()).isEqualTo("ERR");
        assertThat(answer.at("/errors/0/code").asString()).isEqualTo(code);
        assertThat(answer.at("/errors/0/message").asString()).contains(word);
    }

    @Test
    void a_whole_message_in_a_file_is_answered_as_if_it_had_been_posted() {
        String transaction = UUID.randomUUID().toString();
        byte[] message = partner.signed(
                partner.header("search", 1),
                PartnerSystem.search(PartnerSystem.byReference(somebody())).put("transaction_id", transaction));

        JsonNode ack = send(Map.of("action", "search"), new String(message, StandardCharsets.UTF_8));

        assertThat(ack.at("/message/ack_status").asString()).isEqualTo("ACK");
        assertThat(partner.receivesAnswer(transaction).at("/message/search_response/0/data/reg_records"))
                .hasSize(1);
    }

    @Test
    void a_message_in_a_file_is_looked_at_like_any_other() {
        byte[] message =
                partner.signed(partner.header("search", 1), PartnerSystem.search(PartnerSystem.byReference("P-1")));
        String changed = new String(message, StandardCharsets.UTF_8).replace("P-1", "P-2");

        assertRefused(send(Map.of("action", "search"), changed), "err.signature.invalid", "");
        assertRefused(send(Map.of("action", "search"), "nonsense"), "err.request.bad", "cannot be read");
        assertRefused(send(Map.of("action", "subscribe"), changed), "err.request.bad", "rjct.action.invalid");
        assertRefused(send(Map.of(), changed), "err.request.bad", "rjct.action.invalid");
        assertRefused(
                send(Map.of("action", "search", "fileFormat", "xlsx"), changed), "err.request.bad", "json or csv");
    }

    @Test
    void a_table_is_a_question_a_row_and_each_is_answered_for_itself() {
        String transaction = UUID.randomUUID().toString();
        String somebody = somebody();
        JsonNode ack = send(
                table(transaction),
                "\uFEFF" + FIRST_ROW + "a,PERSON_REF," + somebody + "\n" + "b,PERSON_REF,P-000-000-000-0\n"
                        + "c,SHOE_SIZE,42\n\n");

        assertThat(ack.at("/message/ack_status").asString()).as(ack.toString()).isEqualTo("ACK");
        JsonNode answers = partner.receivesAnswer(transaction).at("/message/search_response");
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0).path("reference_id").asString()).isEqualTo("a");
        assertThat(answers.get(0).at("/data/reg_records")).hasSize(1);
        assertThat(answers.get(1).at("/pagination/total_count").asInt()).isZero();
        assertThat(answers.get(2).path("status_reason_code").asString()).isEqualTo("rjct.search_criteria.invalid");
    }

    @Test
    void a_spreadsheet_may_leave_empty_columns_behind() {
        JsonNode ack = send(
                table(UUID.randomUUID().toString()),
                "reference_id,identifier_type,identifier_value,,\r\na,PERSON_REF,P-1,,\r\n");

        assertThat(ack.at("/message/ack_status").asString()).as(ack.toString()).isEqualTo("ACK");
    }

    @Test
    void a_table_cannot_be_signed_and_is_taken_only_from_whom_need_not_sign() {
        Map<String, String> fields = table("t-1");
        partner.change(draft -> draft.with(new Partner.Terms(
                SignaturePolicy.REQUIRED, draft.terms().signer(), draft.terms().profile(), false, false)));

        assertRefused(send(fields, FIRST_ROW + "a,PERSON_REF,P-1\n"), "err.signature.missing", "");
    }

    @Test
    void a_table_that_is_not_understood_is_refused_whole() {
        Map<String, String> fields = table("t-1");
        assertRefused(send(fields, ""), "err.request.bad", "first row");
        assertRefused(
                send(fields, "reference_id;identifier_type;identifier_value\na;b;c\n"), "err.request.bad", "first");
        assertRefused(send(fields, FIRST_ROW + "a,PERSON_REF\n"), "err.request.bad", "row 1");
        assertRefused(send(fields, FIRST_ROW + "\"a,PERSON_REF,x"), "err.request.bad", "CSV");
        assertRefused(send(fields, FIRST_ROW + "a,b,c\n".repeat(10_001)), "err.request.bad", "10000 rows");
        fields.put("reg_record_type", "x".repeat(100_000));
        assertRefused(send(fields, FIRST_ROW + "a,b,c\n".repeat(10_000)), "err.request.bad", "more than 1000 bytes");
        fields.remove("reg_record_type");
        fields.put("total_count", "2");
        assertRefused(send(fields, FIRST_ROW + "a,PERSON_REF,P-1\n"), "err.request.bad", "rjct.total_count.invalid");
        fields.remove("message_id");
        assertRefused(send(fields, FIRST_ROW + "a,PERSON_REF,P-1\n"), "err.request.bad", "message_id");
    }

    @Test
    void a_file_that_is_too_large_or_does_not_say_how_large_it_is_is_not_read() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(partner.base + ASYNC))
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[100])));
        HttpResponse<byte[]> response = partner.send(request);

        assertThat(response.statusCode()).isEqualTo(413);
        assertRefused(PartnerSystem.json(response), "err.request.bad", "Content-Length");
    }
}
