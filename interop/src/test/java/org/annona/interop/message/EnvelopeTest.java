package org.annona.interop.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.annona.interop.signature.DigestProfile;
import org.annona.testing.DciSpecification;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is understood of a message, and how the rest is refused; both as the standard's own files say. */
class EnvelopeTest {

    private static final Instant NOW = Instant.parse("2026-01-15T10:30:00.987654Z");
    private static final String RESPONSE = "/components/responses/Response/content/application~1json/schema";
    private static final String HTTP_ERROR = "/components/responses/HttpErrorResponse/content/application~1json/schema";

    private static final String HEADER = """
            {"version":"1.0.0","message_id":"m-1","message_ts":"2026-01-15T10:30:00Z","action":"search",
             "sender_id":"partner","total_count":1}""";

    private static String envelope(String header, String message) {
        return "{\"header\":" + header + ",\"message\":" + message + "}";
    }

    private static Envelope read(String body, Operation operation) {
        Envelope envelope = Envelope.read(body.getBytes(StandardCharsets.UTF_8), null, operation);
        envelope.requireMessage();
        return envelope;
    }

    private static Refusal refusal(String body) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(body, Operation.SYNC_SEARCH));
        assertThat(refusal).as(body).isNotNull();
        return refusal;
    }

    private static String with(String name, String value) {
        ObjectNode header = (ObjectNode) JsonMapper.shared().readTree(HEADER);
        header.set(name, JsonMapper.shared().readTree(value));
        return envelope(header.toString(), "{}");
    }

    private static String without(String name) {
        ObjectNode header = (ObjectNode) JsonMapper.shared().readTree(HEADER);
        header.remove(name);
        return envelope(header.toString(), "{}");
    }

    @Test
    void a_request_is_read_with_what_is_optional_left_out_null_or_empty() {
        for (String body : new String[] {
            envelope(HEADER, "{}"),
            without("version"),
            with("sender_uri", "null"),
            with("sender_uri", "\"\""),
            with("meta", "\"\""),
            with("meta", "{\"any\":1}"),
            with("total_count", "\"1\""),
            with("is_msg_encrypted", "false"),
            with("unknown_field", "[1]"),
            with("message_ts", "\"2026-01-15T16:00:00+05:30\"")
        }) {
            MessageHeader header = read(body, Operation.SYNC_SEARCH).header();
            assertThat(header.messageTs()).as(body).isEqualTo("2026-01-15T10:30:00Z");
            assertThat(header.senderUri()).as(body).isNull();
            assertThat(header.totalCount()).as(body).isEqualTo(1);
        }
    }

    @Test
    void what_is_missing_or_wrong_is_refused_within_the_protocol() {
        for (String name : new String[] {"message_id", "message_ts", "action", "sender_id", "total_count"}) {
            assertThat(refusal(without(name)).code()).as(name).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(refusal(without(name)).text()).contains("header." + name);
        }
        Map.of(
                        "message_id", "7",
                        "message_ts", "\"2026-01-15T10:30:00\"",
                        "action", "\"on-search\"",
                        "sender_uri", "[]",
                        "total_count", "1.5",
                        "is_msg_encrypted", "\"no\"",
                        "meta", "[]",
                        "status", "\"done\"",
                        "completed_count", "-1",
                        "receiver_id", "{}")
                .forEach((name, value) -> {
                    Refusal refusal = refusal(with(name, value));
                    assertThat(refusal.code()).as(name).isEqualTo(ErrorCode.BAD_REQUEST);
                    assertThat(refusal.status()).as(name).isEqualTo(200);
                });
        assertThat(refusal(with("version", "\"2.0.0\"")).code()).isEqualTo(ErrorCode.VERSION_NOT_SUPPORTED);
        assertThat(refusal(with("action", "\"subscribe\"")).text()).startsWith("rjct.action.invalid: ");
        assertThat(refusal(with("message_ts", "\"yesterday\"")).text()).startsWith("rjct.message_ts.invalid: ");
    }

    @Test
    void a_body_that_is_no_message_is_refused_and_never_half_read() {
        assertThat(refusal("{\"header\":" + HEADER + "}").text()).isEqualTo("message is missing");
        assertThat(refusal(envelope(HEADER, "null")).text()).isEqualTo("message is missing");
        assertThat(refusal(envelope(HEADER, "[]")).text()).contains("no object");
        assertThat(refusal(envelope("[]", "{}")).text()).contains("header");
        assertThat(refusal(envelope(HEADER, "\"text\"")).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal("[]").status()).isEqualTo(200);
        assertThat(refusal(with("status_reason_message", "\"" + "x".repeat(1_000) + "\""))
                        .text())
                .contains("999");
        assertThat(refusal(with("version", "\"\"")).code()).isEqualTo(ErrorCode.VERSION_NOT_SUPPORTED);
        assertThat(refusal("{\"header\":" + HEADER + ",\"x\":1e2147483648,\"message\":{}}")
                        .status())
                .isEqualTo(400);
        assertThat(refusal("{").status()).isEqualTo(400);
        assertThat(refusal("{\"header\":1,\"header\":2}").text()).contains("twice");
    }

    @Test
    void the_flag_for_encryption_and_the_message_have_to_agree() {
        assertThat(refusal(envelope(HEADER, "{\"ciphertext\":\"x\"}")).code()).isEqualTo(ErrorCode.ENCRYPTION_INVALID);
        assertThat(refusal(envelope(HEADER, "\"a.b.c.d.e\"")).code()).isEqualTo(ErrorCode.ENCRYPTION_INVALID);
        assertThat(refusal(with("is_msg_encrypted", "true")).code()).isEqualTo(ErrorCode.ENCRYPTION_INVALID);
    }

    @Test
    void who_is_not_verified_yet_does_not_hear_what_is_wrong_with_the_message() {
        String body = "{\"header\":" + HEADER + "}";

        assertThat(Envelope.read(body.getBytes(StandardCharsets.UTF_8), null, Operation.SEARCH)
                        .header()
                        .senderId())
                .isEqualTo("partner");
    }

    @Test
    void a_time_has_seconds_an_offset_and_a_year_that_can_be_stored() {
        for (String bad : new String[] {
            "2026-01-15T10:30Z",
            "2026-01-15T10:30:00+01",
            "2026-01-15T10:30:00+01:00:30",
            "+999999999-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "2026-02-30T10:30:00Z",
            "2026-01-15 10:30:00Z"
        }) {
            assertThat(ProtocolTime.read(bad)).as(bad).isEmpty();
        }
        assertThat(ProtocolTime.read("2026-01-15t10:30:00.123+05:30")).isPresent();
    }

    @Test
    void the_header_for_openspp2_has_all_the_fields_that_its_digest_has() {
        MessageHeader header = new MessageHeader(
                "m", NOW, "search", "annona", null, null, 1L, false, MessageStatus.SUCCEEDED, null, null, null, null);

        assertThat(header.asRequest(DigestProfile.OPENSPP2).size()).isEqualTo(10);
        assertThat(header.asCallback(DigestProfile.OPENSPP2).size()).isEqualTo(14);
        assertThat(header.asRequest(DigestProfile.STANDARD).has("sender_uri")).isFalse();
    }

    @Test
    void a_callback_may_come_with_either_header_and_without_a_status() {
        String header = HEADER.replace("\"search\"", "\"on-subscribe\"");
        assertThat(read(envelope(header, "{}"), Operation.ON_SUBSCRIBE).header().status())
                .isNull();
        String status =
                header.replace("\"total_count\":1", "\"status\":\"succ\"").replace("\"sender_id\":\"partner\",", "");
        assertThat(read(envelope(status, "{}"), Operation.ON_SUBSCRIBE).header().status())
                .isEqualTo(MessageStatus.SUCCEEDED);
    }

    @Test
    void acknowledgements_and_refusals_are_as_every_registry_of_the_standard_writes_them() {
        JsonNode accepted = Acknowledgement.accepted("c-1", NOW);
        JsonNode refused =
                Acknowledgement.refused(Refusal.of(ReasonCode.ACTION_INVALID, "x".repeat(2_000)), "c-1", NOW);

        assertThat(accepted.toString())
                .isEqualTo("{\"message\":{\"ack_status\":\"ACK\",\"timestamp\":\"2026-01-15T10:30:00Z\","
                        + "\"correlation_id\":\"c-1\"}}");
        for (String registry : DciSpecification.REGISTRIES) {
            assertThat(DciSpecification.faults(registry, RESPONSE, accepted))
                    .as(registry)
                    .isEmpty();
            assertThat(DciSpecification.faults(registry, RESPONSE, refused))
                    .as(registry)
                    .isEmpty();
            assertThat(DciSpecification.faults(registry, HTTP_ERROR, refused))
                    .as(registry)
                    .isEmpty();
        }
        ((ObjectNode) refused.get("message")).put("ack_status", "MAYBE");
        assertThat(DciSpecification.faults("social", RESPONSE, refused)).isNotEmpty();
    }

    @Test
    void our_headers_are_as_the_standard_writes_them_and_are_read_again() {
        MessageHeader header = new MessageHeader(
                "m-2",
                NOW,
                "on-search",
                "annona",
                "https://annona.example/dci/sr/registry/on-search",
                "partner",
                3L,
                false,
                MessageStatus.SUCCEEDED,
                ReasonCode.ERRORS_TOO_MANY.code(),
                "a reason",
                2L,
                null);
        for (String registry : DciSpecification.REGISTRIES) {
            assertThat(DciSpecification.faults(
                            registry, "/components/schemas/MsgCallbackHeader_V1.0.0", header.asCallback()))
                    .as(registry)
                    .isEmpty();
            assertThat(DciSpecification.faults(registry, "/components/schemas/MsgHeader_V1.0.0", header.asRequest()))
                    .as(registry)
                    .isEmpty();
        }
        MessageHeader again = read(envelope(header.asCallback().toString(), "{}"), Operation.ON_SEARCH)
                .header();
        assertThat(again.completedCount()).isEqualTo(2);
        assertThat(again.senderId()).isEqualTo("annona");
    }
}
