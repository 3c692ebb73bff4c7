package org.annona.interop.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.key.SigningKey;
import org.annona.interop.key.VerificationKey;
import org.annona.interop.search.AnswerReader.Asked;
import org.annona.interop.signature.KeySource;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.interop.signature.SignatureVerifier;
import org.annona.interop.signature.SignatureVerifier.Rules;
import org.annona.interop.signature.Signer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Silence, refusals and nonsense of a registry never become "not found". */
class AnswerReaderTest {

    private static final Asked ASKED = new Asked("t-1", List.of("r-1", "r-2"));
    private static final SigningKey KEY = key();
    private static final String HEADER = """
            {"version":"1.0.0","message_id":"m","message_ts":"2026-01-15T10:30:00Z","action":"on-search",
             "status":"succ","total_count":2,"completed_count":2,"sender_id":"registry","receiver_id":"annona"}""";
    private static final String FOUND = """
            {"reference_id":"r-1","timestamp":"2026-01-15T10:30:00Z","status":"succ","data":{"reg_records":[{"a":1}]},
             "pagination":{"page_size":10,"page_number":1,"total_count":1}}""";
    private static final String NOTHING = """
            {"reference_id":"r-2","timestamp":"2026-01-15T10:30:00Z","status":"succ","data":{"reg_records":[]},
             "pagination":{"page_size":10,"page_number":1,"total_count":0}}""";

    private static SigningKey key() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).generate();
            return SigningKey.of(new ECKey.Builder(key)
                    .keyID(key.computeThumbprint().toString())
                    .build());
        } catch (com.nimbusds.jose.JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static AnswerReader reader(SignaturePolicy policy) {
        SignatureVerifier verifier = new SignatureVerifier(
                KeySource.of(List.of(VerificationKey.of(KEY.publicKey().jwk()))),
                Rules.DEFAULT.with(policy),
                Clock.systemUTC());
        return new AnswerReader(verifier, "registry", "annona"::equals);
    }

    private static String message(String... items) {
        return "{\"transaction_id\":\"t-1\",\"correlation_id\":\"c\",\"search_response\":[" + String.join(",", items)
                + "]}";
    }

    private static String envelope(String header, String message) {
        String signature = Signer.COMPACT_JWS.sign(json(header), json(message), "registry", KEY, Clock.systemUTC());
        return "{\"signature\":\"" + signature + "\",\"header\":" + header + ",\"message\":" + message + "}";
    }

    private static CanonicalJson json(String text) {
        return CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Outcome> read(int status, String body) {
        return reader(SignaturePolicy.REQUIRED)
                .read(new PartnerHttp.Answer(status, Map.of(), body.getBytes(StandardCharsets.UTF_8)), ASKED);
    }

    private static Outcome first(String... items) {
        return read(200, envelope(HEADER, message(items))).get("r-1");
    }

    private static void nothingIsKnown(int status, String body, Class<? extends Outcome> outcome) {
        assertThat(read(status, body)).as(body).hasSize(2).allSatisfy((reference, one) -> {
            assertThat(one).isInstanceOf(outcome);
            assertThat(one.isSurelyNothing()).isFalse();
        });
    }

    @Test
    void found_and_not_found_are_told_by_a_signed_answer_to_this_question() {
        Map<String, Outcome> outcomes = read(200, envelope(HEADER, message(NOTHING, FOUND)));

        assertThat(outcomes.keySet()).containsExactly("r-1", "r-2");
        assertThat(outcomes.get("r-1"))
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        found -> assertThat(found.isComplete()).isTrue());
        assertThat(outcomes.get("r-2").isSurelyNothing()).isTrue();
    }

    @Test
    void a_question_that_the_answer_leaves_out_is_not_one_without_a_match() {
        assertThat(first(NOTHING)).isInstanceOf(Outcome.Unreadable.class);
    }

    @Test
    void an_empty_list_that_succeeded_is_about_nobody() {
        String none = HEADER.replace("\"total_count\":2", "\"total_count\":0");
        assertThat(read(200, envelope(none, message())))
                .hasSize(2)
                .allSatisfy(
                        (reference, one) -> assertThat(one.isSurelyNothing()).isTrue());
        for (String header :
                List.of(HEADER, none.replace("\"succ\"", "\"pdng\""), none.replace("\"status\":\"succ\"", "\"x\":1"))) {
            nothingIsKnown(200, envelope(header, message()), Outcome.Unreadable.class);
        }
        nothingIsKnown(200, envelope(none, "{\"transaction_id\":\"t-1\"}"), Outcome.Unreadable.class);
    }

    @Test
    void status_is_read_before_data() {
        assertThat(first(NOTHING, FOUND.replace("succ", "rjct"))).isInstanceOf(Outcome.Rejected.class);
        assertThat(first(NOTHING, FOUND.replace("succ", "pdng"))).isInstanceOf(Outcome.Pending.class);
        assertThat(first(NOTHING, FOUND.replace("succ", "rcvd"))).isInstanceOf(Outcome.Pending.class);
        assertThat(first(NOTHING, FOUND.replace("succ", "ok"))).isInstanceOf(Outcome.Unreadable.class);
        assertThat(first(NOTHING, FOUND.replace("\"status\":\"succ\",", ""))).isInstanceOf(Outcome.Unreadable.class);
    }

    @Test
    void records_are_read_in_every_shape_and_a_missing_total_is_no_total() {
        String one = "{\"reference_id\":\"r-1\",\"status\":\"succ\",\"data\":%s}";
        for (String data : List.of("{\"reg_records\":{\"a\":1}}", "[{\"a\":1}]", "{\"reg_records\":[{\"a\":1}]}")) {
            assertThat(first(one.formatted(data)))
                    .as(data)
                    .isInstanceOfSatisfying(
                            Outcome.Answered.class,
                            found -> assertThat(found.records()).hasSize(1));
        }
        for (String data : List.of("{\"reg_records\":[]}", "[]", "{\"reg_records\":{}}")) {
            assertThat(first(one.formatted(data)).isSurelyNothing()).as(data).isFalse();
        }
        for (String data :
                List.of("null", "{}", "\"\"", "[1]", "{\"reg_records\":\"none\"}", "{\"reg_records\":null}")) {
            assertThat(first(one.formatted(data))).as(data).isInstanceOf(Outcome.Unreadable.class);
        }
    }

    @Test
    void pages_are_put_together_and_missing_ones_are_noticed() {
        String page = """
                {"reference_id":"r-1","status":"succ","data":{"reg_records":[{"a":%d}]},
                 "pagination":{"page_size":1,"page_number":%d,"total_count":"3"}}""";
        assertThat(first(page.formatted(1, 1), page.formatted(2, 2)))
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        found -> assertThat(found.isComplete()).isFalse());
        assertThat(first(page.formatted(1, 1), page.formatted(2, 2), page.formatted(3, 3)))
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        found -> assertThat(found.isComplete()).isTrue());
    }

    @Test
    void a_part_that_is_pending_keeps_the_whole_answer_pending() {
        String none = """
                {"reference_id":"r-1","status":"succ","data":{"reg_records":[]},
                 "pagination":{"page_size":1,"page_number":1,"total_count":0}}""";
        String pending = """
                {"reference_id":"r-1","status":"pdng"}""";

        assertThat(first(none, pending)).isInstanceOf(Outcome.Pending.class);
        assertThat(first(pending, none)).isInstanceOf(Outcome.Pending.class);
    }

    @Test
    void what_comes_twice_or_with_a_smaller_total_does_not_make_an_answer_whole() {
        String page = """
                {"reference_id":"r-1","status":"succ","data":{"reg_records":[{"@id":"%s"}]},
                 "pagination":{"page_size":1,"page_number":%d,"total_count":%d}}""";
        String unnumbered = """
                {"reference_id":"r-1","status":"succ","data":{"reg_records":[{"a":1}]},"pagination":{"total_count":2}}""";
        for (Outcome outcome : List.of(
                first(page.formatted("a", 1, 2), page.formatted("a", 1, 2)),
                first(page.formatted("a", 1, 2), page.formatted("a", 2, 2)),
                first(page.formatted("a", 1, 2), page.formatted("a", 1, 0)),
                first(unnumbered, unnumbered))) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Answered.class,
                            found -> assertThat(found.isComplete()).isFalse());
        }
    }

    private static AnswerReader.Part part(String status, String... items) {
        return new AnswerReader.Part(
                JsonMapper.shared().readTree("{\"status\":\"" + status + "\",\"status_reason_code\":\"rjct.x\"}"),
                JsonMapper.shared().readTree("{\"search_response\":[" + String.join(",", items) + "]}"));
    }

    @Test
    void messages_are_put_together_and_a_later_one_decides_what_was_pending() {
        String pending = """
                {"reference_id":"r-1","status":"pdng"}""";
        List<String> references = List.of("r-1", "r-2");

        assertThat(AnswerReader.combined(List.of(part("pdng", pending)), references))
                .allSatisfy((reference, outcome) -> assertThat(outcome).isInstanceOf(Outcome.Pending.class));
        assertThat(AnswerReader.combined(List.of(part("pdng", pending), part("succ", FOUND)), references)
                        .get("r-1"))
                .isInstanceOf(Outcome.Answered.class);
        assertThat(AnswerReader.combined(List.of(part("succ", FOUND), part("rjct")), references))
                .satisfies(outcomes -> {
                    assertThat(outcomes.get("r-1")).isInstanceOf(Outcome.Answered.class);
                    assertThat(outcomes.get("r-2")).isEqualTo(new Outcome.Rejected("rjct.x", ""));
                });
    }

    @Test
    void an_outage_a_refusal_and_nonsense_are_three_different_things_and_none_is_an_answer() {
        for (int status : new int[] {408, 429, 500, 502, 503, 504}) {
            nothingIsKnown(status, envelope(HEADER, message(NOTHING)), Outcome.Unreachable.class);
        }
        nothingIsKnown(
                200,
                "{\"message\":{\"ack_status\":\"ERR\",\"error\":{\"code\":\"err.service.unavailable\"}}}",
                Outcome.Unreachable.class);
        for (String refusal : List.of(
                "{\"message\":{\"ack_status\":\"ERR\",\"error\":{\"code\":\"err.request.bad\",\"message\":\"x\"}}}",
                "{\"errors\":[{\"code\":\"err.request.unauthorized\"}]}",
                "{\"error\":{\"code\":\"any\",\"message\":\"x\"}}")) {
            nothingIsKnown(200, refusal, Outcome.Rejected.class);
            nothingIsKnown(401, refusal, Outcome.Rejected.class);
        }
        nothingIsKnown(404, "{\"detail\":\"Not Found\"}", Outcome.Rejected.class);
        for (String nonsense : List.of("", "<html>", "[]", "{}", "{\"message\":{\"ack_status\":\"ACK\"}}", "null")) {
            nothingIsKnown(200, nonsense, Outcome.Unreadable.class);
        }
    }

    @Test
    void an_answer_that_is_not_from_the_registry_or_not_for_us_is_not_believed() {
        String good = envelope(HEADER, message(NOTHING, FOUND));
        nothingIsKnown(
                200, good.replaceFirst("\"signature\":\"[^\"]*\"", "\"signature\":\"\""), Outcome.Unreadable.class);
        nothingIsKnown(200, good.replace("\"total_count\":0", "\"total_count\":7"), Outcome.Unreadable.class);
        for (String other : List.of(
                HEADER.replace("\"registry\"", "\"another\""),
                HEADER.replace("\"annona\"", "\"another\""),
                HEADER.replace("on-search", "txn-on-status"))) {
            nothingIsKnown(200, envelope(other, message(NOTHING, FOUND)), Outcome.Unreadable.class);
        }
        nothingIsKnown(200, envelope(HEADER, message(NOTHING, FOUND).replace("t-1", "t-2")), Outcome.Unreadable.class);
        nothingIsKnown(200, envelope(HEADER, "{\"ciphertext\":\"x\"}"), Outcome.Unreadable.class);
        nothingIsKnown(
                200,
                envelope(HEADER.replace("\"succ\"", "\"rjct\""), "{\"transaction_id\":\"t-1\",\"search_response\":[]}"),
                Outcome.Rejected.class);
    }

    @Test
    void whatever_bytes_come_the_outcome_is_never_surely_nothing_and_never_an_exception() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] good = envelope(HEADER, message(NOTHING, FOUND)).getBytes(StandardCharsets.UTF_8);
        AnswerReader reader = reader(SignaturePolicy.REQUIRED);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = good.clone();
            int count = 1 + random.nextInt(3);
            for (int j = 0; j < count; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(32, 127);
            }
            boolean same = java.util.Arrays.equals(damaged, good);
            Map<String, Outcome> outcomes = reader.read(new PartnerHttp.Answer(200, Map.of(), damaged), ASKED);
            boolean harmless = same || canonical(damaged).equals(canonical(good));
            assertThat(harmless || !outcomes.get("r-1").isSurelyNothing())
                    .as(new String(damaged, StandardCharsets.UTF_8))
                    .isTrue();
        }
    }

    private static String canonical(byte[] body) {
        try {
            return CanonicalJson.read(body).text();
        } catch (org.annona.interop.json.UnreadableJson broken) {
            return "";
        }
    }
}
