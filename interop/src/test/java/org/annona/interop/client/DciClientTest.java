package org.annona.interop.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.annona.interop.http.AddressRules;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.json.StrictJson;
import org.annona.interop.key.SigningKey;
import org.annona.interop.search.AnswerReader;
import org.annona.interop.search.Outcome;
import org.annona.interop.signature.KeySource;
import org.annona.interop.signature.SignatureVerifier;
import org.annona.interop.signature.Signer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asking a registry over real HTTP that loses answers, is overloaded, forgets tokens and talks nonsense. */
class DciClientTest {

    private static final int MOST_ITEMS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What the registry does with one message instead of answering it. */
    private interface Fault {
        void happen(HttpExchange exchange) throws IOException;
    }

    private final SigningKey key = key();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger tokenStatus = new AtomicInteger(200);
    private HttpServer registry;
    private PartnerHttp http;

    private static SigningKey key() {
        try {
            return SigningKey.of(
                    new OctetKeyPairGenerator(Curve.Ed25519).keyID("k").generate());
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @BeforeEach
    void open() throws IOException {
        registry = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        registry.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        registry.createContext(
                "/token",
                exchange -> answer(
                        exchange,
                        tokenStatus.get(),
                        "{\"access_token\":\"token-" + tokens.incrementAndGet() + "\",\"expires_in\":900}"));
        registry.createContext("/dci/sr/registry/sync/search", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            messages.add(StrictJson.read(body));
            Fault fault = faults.poll();
            if (fault == null) {
                answer(exchange, 200, signed(messages.getLast()));
            } else {
                fault.happen(exchange);
            }
        });
        registry.start();
        http = new PartnerHttp(
                AddressRules.forDevelopment(), new PartnerHttp.Limits(4, PATIENCE, PATIENCE, PATIENCE, 1_000_000));
    }

    @AfterEach
    void close() throws IOException {
        http.close();
        registry.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Fault status(int status, String body) {
        return exchange -> answer(exchange, status, body);
    }

    /** Found for whoever is asked as "present", surely nothing for others; too many items are refused. */
    private String signed(JsonNode request) {
        JsonNode asked = request.at("/message/search_request");
        boolean tooMany = asked.size() > MOST_ITEMS;
        ObjectNode header = JsonMapper.shared()
                .createObjectNode()
                .put("version", "1.0.0")
                .put("message_id", "m")
                .put("message_ts", "2026-01-15T10:30:00Z")
                .put("action", "on-search")
                .put("status", tooMany ? "rjct" : "succ")
                .put("sender_id", "registry")
                .put("receiver_id", "annona");
        if (tooMany) {
            header.put("status_reason_code", "rjct.total_count.limit_exceeded");
        }
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.set("transaction_id", request.at("/message/transaction_id"));
        message.put("correlation_id", "c");
        ArrayNode items = message.putArray("search_response");
        for (JsonNode item : tooMany ? List.<JsonNode>of() : asked) {
            boolean present = item.at("/search_criteria/query/value").asString().equals("present");
            ObjectNode one = items.addObject();
            one.set("reference_id", item.get("reference_id"));
            one.put("timestamp", "2026-01-15T10:30:00Z").put("status", "succ");
            ArrayNode records = one.putObject("data").putArray("reg_records");
            if (present) {
                records.addObject().put("@id", "urn:uuid:1");
            }
            one.putObject("pagination")
                    .put("page_size", 10)
                    .put("page_number", 1)
                    .put("total_count", present ? 1 : 0);
        }
        return envelope(header, message);
    }

    private String envelope(ObjectNode header, ObjectNode message) {
        ObjectNode envelope = JsonMapper.shared().createObjectNode();
        envelope.put(
                "signature",
                Signer.PARAMETER_STRING.sign(
                        canonical(header), canonical(message), "registry", key, Clock.systemUTC()));
        envelope.set("header", header);
        envelope.set("message", message);
        return envelope.toString();
    }

    private static CanonicalJson canonical(JsonNode json) {
        return CanonicalJson.read(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String base() {
        return "http://127.0.0.1:" + registry.getAddress().getPort();
    }

    private DciClient client(DciClient.EnvelopeWriter writer) {
        SignatureVerifier verifier = new SignatureVerifier(
                KeySource.of(List.of(key.publicKey())), SignatureVerifier.Rules.DEFAULT, Clock.systemUTC());
        return new DciClient(
                http,
                new DciClient.Line(base() + "/dci/sr", "annona", "registry", false, 100),
                new AccessTokens(
                        http,
                        new AccessTokens.Credentials(base() + "/token", "client", "secret", ""),
                        Clock.systemUTC()),
                writer,
                new AnswerReader(verifier, "registry", "annona"::equals),
                Clock.systemUTC(),
                pauses::add);
    }

    private DciClient client() {
        return client((header, message) -> {
            ObjectNode envelope = JsonMapper.shared().createObjectNode();
            envelope.set("header", header.asRequest());
            envelope.set("message", message);
            return envelope.toString().getBytes(StandardCharsets.UTF_8);
        });
    }

    private static List<DciClient.Question> questions(String... values) {
        List<DciClient.Question> questions = new ArrayList<>();
        for (String value : values) {
            questions.add(
                    new DciClient.Question("q-" + questions.size(), DciClient.byIdentifier("UIN", value, "Member")));
        }
        return questions;
    }

    private static Outcome only(Map<String, Outcome> outcomes) {
        return outcomes.get("q-0");
    }

    private static void nothingIsKnown(Outcome outcome, Class<? extends Outcome> kind) {
        assertThat(outcome).isInstanceOf(kind);
        assertThat(outcome.isSurelyNothing()).isFalse();
    }

    @Test
    void found_and_surely_nothing_are_told_apart() {
        Map<String, Outcome> outcomes = client().search(questions("present", "absent"));

        assertThat(outcomes.get("q-0")).isInstanceOf(Outcome.Answered.class);
        assertThat(outcomes.get("q-0").isSurelyNothing()).isFalse();
        assertThat(outcomes.get("q-1").isSurelyNothing()).isTrue();
    }

    @Test
    void an_overloaded_registry_is_asked_again_with_a_new_id_and_the_same_transaction() {
        faults.add(status(503, "{}"));
        faults.add(status(429, "{}"));
        Outcome outcome = only(client().search(questions("present")));

        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
        assertThat(messages).hasSize(3);
        assertThat(messages.stream().map(one -> one.at("/header/message_id").asString()))
                .doesNotHaveDuplicates();
        assertThat(messages.stream()
                        .map(one -> one.at("/message/transaction_id").asString())
                        .distinct())
                .hasSize(1);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void a_registry_that_names_a_time_is_left_alone_for_as_long_and_not_waited_for_for_ever() {
        faults.add(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            answer(exchange, 429, "{}");
        });
        assertThat(only(client().search(questions("present")))).isInstanceOf(Outcome.Answered.class);
        assertThat(pauses).allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(Duration.ofSeconds(7)));

        pauses.clear();
        faults.add(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            answer(exchange, 429, "{}");
        });
        nothingIsKnown(only(client().search(questions("present"))), Outcome.Unreachable.class);
        assertThat(pauses).isEmpty();
    }

    @Test
    void lost_answers_and_silence_are_unreachable_and_never_nothing() {
        for (int i = 0; i < 4; i++) {
            faults.add(HttpExchange::close);
        }
        nothingIsKnown(only(client().search(questions("absent"))), Outcome.Unreachable.class);
    }

    @Test
    void nonsense_and_answers_of_others_are_unreadable_and_are_not_asked_for_again() {
        List<String> nonsense = List.of(
                "",
                "<html>",
                "{}",
                "{\"header\":{\"action\":\"on-search\"},\"message\":{\"search_response\":[]}}",
                envelope(
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("action", "on-search")
                                .put("sender_id", "registry"),
                        JsonMapper.shared().createObjectNode().put("transaction_id", "another")));
        for (String body : nonsense) {
            messages.clear();
            faults.add(status(200, body));
            nothingIsKnown(only(client().search(questions("absent"))), Outcome.Unreadable.class);
            assertThat(messages).as(body).hasSize(1);
        }
    }

    @Test
    void a_refusal_is_told_with_its_code_and_is_not_asked_for_again() {
        faults.add(
                status(
                        200,
                        "{\"message\":{\"ack_status\":\"ERR\",\"error\":{\"code\":\"err.signature.invalid\",\"message\":\"x\"}}}"));
        Outcome outcome = only(client().search(questions("absent")));

        nothingIsKnown(outcome, Outcome.Rejected.class);
        assertThat(((Outcome.Rejected) outcome).code()).isEqualTo("err.signature.invalid");
        assertThat(messages).hasSize(1);
    }

    @Test
    void a_token_server_that_refuses_us_is_named_and_not_asked_again_and_again() {
        tokenStatus.set(401);
        Map<String, Outcome> outcomes = client().search(questions("absent"));

        assertThat(outcomes.values())
                .singleElement()
                .isEqualTo(new Outcome.Unreachable("its token server refused our client and secret with HTTP 401"));
        assertThat(tokens).hasValue(1);
        assertThat(messages).isEmpty();
    }

    @Test
    void a_token_serves_many_callers_and_is_renewed_once_when_it_is_refused() {
        DciClient client = client();
        IntStream.range(0, 16).parallel().forEach(i -> client.search(questions("present")));
        assertThat(tokens).hasValue(1);

        faults.add(status(401, "{}"));
        assertThat(only(client.search(questions("present")))).isInstanceOf(Outcome.Answered.class);
        assertThat(tokens).hasValue(2);

        faults.add(status(401, "{}"));
        faults.add(status(401, "{}"));
        nothingIsKnown(only(client.search(questions("absent"))), Outcome.Rejected.class);
        assertThat(tokens).hasValue(3);
    }

    @Test
    void a_registry_that_takes_fewer_questions_at_once_gets_them_in_parts() {
        String[] values = new String[10];
        java.util.Arrays.fill(values, "present");
        values[7] = "absent";
        Map<String, Outcome> outcomes = client().search(questions(values));

        assertThat(outcomes).hasSize(10);
        assertThat(outcomes.values()).allMatch(Outcome.Answered.class::isInstance);
        assertThat(outcomes.get("q-7").isSurelyNothing()).isTrue();
        assertThat(outcomes.values().stream().filter(Outcome::isSurelyNothing)).hasSize(1);
    }

    @Test
    void a_registry_that_fails_again_and_again_is_left_alone_and_that_is_said() {
        for (int i = 0; i < 20; i++) {
            faults.add(status(503, "{}"));
        }
        DciClient client = client();
        client.search(questions("absent"));
        client.search(questions("absent"));
        int asked = messages.size();
        Outcome outcome = only(client.search(questions("absent")));

        nothingIsKnown(outcome, Outcome.Unreachable.class);
        assertThat(((Outcome.Unreachable) outcome).reason()).contains("was not asked");
        assertThat(messages).hasSize(asked);
    }

    @Test
    void a_question_that_cannot_be_written_has_an_outcome_too() {
        Outcome outcome = only(client((header, message) -> {
                    throw new IllegalStateException("the partner has no key with use enc");
                })
                .search(questions("absent")));

        nothingIsKnown(outcome, Outcome.Unreachable.class);
        assertThat(messages).isEmpty();
    }
}
