package org.annona.exchange;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.exchange.partner.DisclosureRule;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerDraft;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.interop.encryption.MessageEncryption;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.json.StrictJson;
import org.annona.interop.key.SigningKey;
import org.annona.interop.key.VerificationKey;
import org.annona.interop.signature.KeySource;
import org.annona.interop.signature.ReceivedEnvelope;
import org.annona.interop.signature.SignatureVerifier;
import org.annona.interop.signature.Signer;
import org.annona.interop.signature.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Another ministry's system that speaks with ours over real HTTP: with keys, a client, and an address for callbacks. */
public final class PartnerSystem implements AutoCloseable {

    public static final Actor ADMINISTRATOR = new Actor("root", "Root", Set.of(Role.ADMINISTRATOR));
    public static final Set<String> EVERYTHING = Set.of(
            "identifier",
            "name",
            "sex",
            "birth_date",
            "death_date",
            "phone_number",
            "registration_date",
            "last_updated",
            "place",
            "group_size",
            "group_head",
            "members");
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration LOOK = Duration.ofMillis(15);

    public final String senderId = "ministry-" + UUID.randomUUID();
    public final String base;
    public final List<JsonNode> received = new CopyOnWriteArrayList<>();
    public final AtomicInteger answerWith = new AtomicInteger(200);
    /** Messages that it did not take. */
    public final AtomicInteger turnedAway = new AtomicInteger();

    private final SigningKey key;
    private final HttpServer callbacks;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Partners partners;
    public Partner partner;
    private final String secret;
    private String token = "";

    /**
     * @param base where the installation that it speaks with is reached
     * @param partners of that installation
     */
    public PartnerSystem(String base, Partners partners, UnaryOperator<PartnerDraft> agreement) {
        this.base = base;
        this.partners = partners;
        try {
            var pair = new OctetKeyPairGenerator(Curve.Ed25519)
                    .keyID("k1")
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
            key = SigningKey.of(pair);
            callbacks = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            String keys = new JWKSet(List.of(pair.toPublicJWK(), Encryption.KEY.toPublicJWK())).toString(true);
            callbacks.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            callbacks.createContext("/", this::take);
            callbacks.start();
            Partners.Onboarded onboarded = partners.onboard(
                    ADMINISTRATOR,
                    agreement.apply(PartnerDraft.of(senderId, "Ministry of tests")
                            .with(Set.of(TokenScope.values()))
                            .with(new Partner.Limits(1_000, 1_000, 100_000, 100, false, null, 3_600))
                            .withKeys(keys)));
            partner = onboarded.partner();
            secret = onboarded.secret();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int status = answerWith.get();
        if (status == 200) {
            received.add(StrictJson.read(body));
        } else {
            turnedAway.incrementAndGet();
        }
        byte[] ack = "{\"message\":{\"ack_status\":\"ACK\"}}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, ack.length);
        exchange.getResponseBody().write(ack);
        exchange.close();
    }

    /** A second system of the partner, which takes messages as the first does. */
    public AutoCloseable listenAt(int port) {
        try {
            HttpServer second = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
            second.createContext("/", this::take);
            second.start();
            return () -> second.stop(0);
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    public static PartnerSystem knowingEverything(String base, Partners partners) {
        PartnerSystem system = new PartnerSystem(base, partners, draft -> draft);
        system.mayKnow("sr", "", EVERYTHING, Set.of());
        return system;
    }

    /** One for all, because making one takes longer than most tests. */
    private static final class Encryption {
        private static final RSAKey KEY = make();

        private static RSAKey make() {
            try {
                return new RSAKeyGenerator(2048)
                        .keyID("e1")
                        .keyUse(KeyUse.ENCRYPTION)
                        .generate();
            } catch (JOSEException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    public void mayKnow(String registry, String purpose, Set<String> open, Set<String> masked) {
        partners.disclose(
                ADMINISTRATOR, partner.id(), new DisclosureRule(registry, purpose, new Disclosure(open, masked)));
    }

    public String callbackAddress() {
        return "http://127.0.0.1:" + callbacks.getAddress().getPort() + "/registry/on-search";
    }

    public String clientId() {
        return partner.clientId();
    }

    public String secret() {
        return secret;
    }

    public HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    public HttpResponse<byte[]> askForToken(String path, String contentType, String body) {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public String token() {
        if (token.isEmpty()) {
            token = json(askForToken(
                            "/oauth2/token",
                            "application/x-www-form-urlencoded",
                            "grant_type=client_credentials&client_id=" + clientId() + "&client_secret=" + secret))
                    .path("access_token")
                    .asString();
        }
        return token;
    }

    public static JsonNode json(HttpResponse<byte[]> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** What this system answers at an address of its own. */
    public interface Door {
        byte[] answer(JsonNode request);
    }

    /** Opens an address of this system, beside that for callbacks. */
    public String serve(String path, Door door) {
        callbacks.createContext(path, exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = door.answer(
                    body.length > 0 && body[0] == '{'
                            ? StrictJson.read(body)
                            : JsonMapper.shared().createObjectNode());
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.length == 0 ? 503 : 200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        return "http://127.0.0.1:" + callbacks.getAddress().getPort() + path;
    }

    /** A header as this system writes it. */
    public ObjectNode header(String action, int items) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("version", "1.0.0")
                .put("message_id", UUID.randomUUID().toString())
                .put(
                        "message_ts",
                        Instant.now()
                                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                .toString())
                .put("action", action)
                .put("sender_id", senderId)
                .put("sender_uri", callbackAddress())
                .put("receiver_id", "annona")
                .put("total_count", items)
                .put("is_msg_encrypted", false);
    }

    public static ObjectNode message(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
    }

    /** A search of these items, of which each is the criteria. */
    public static ObjectNode search(String... items) {
        ObjectNode message = message("{'transaction_id':'t-1','search_request':[]}");
        for (int i = 0; i < items.length; i++) {
            message.withArray("search_request")
                    .add(message("{'reference_id':'r-" + (i + 1)
                            + "','timestamp':'2026-01-15T10:30:00Z','search_criteria':" + items[i] + "}"));
        }
        return message;
    }

    public static String byReference(String reference) {
        return "{'query_type':'idtype-value','query':{'type':'PERSON_REF','value':'" + reference + "'}}";
    }

    public byte[] signed(ObjectNode header, JsonNode message) {
        ObjectNode envelope = JsonMapper.shared().createObjectNode();
        envelope.put(
                "signature",
                Signer.PARAMETER_STRING.sign(canonical(header), canonical(message), senderId, key, Clock.systemUTC()));
        envelope.set("header", header);
        envelope.set("message", message);
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static CanonicalJson canonical(JsonNode json) {
        return CanonicalJson.read(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    public HttpRequest.Builder request(String path, byte[] body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    /** A form whose part {@code fileName} is a file. */
    public HttpRequest.Builder form(String path, Map<String, String> fields, byte[] file) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        fields.forEach((name, value) ->
                write(body, "--end\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"));
        write(
                body,
                "--end\r\nContent-Disposition: form-data; name=\"fileName\"; filename=\"message\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n");
        body.writeBytes(file);
        write(body, "\r\n--end--\r\n");
        return request(path, body.toByteArray()).setHeader("Content-Type", "multipart/form-data; boundary=end");
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends it as it should be, and gives what comes back. */
    public JsonNode tell(String path, String action, int items, JsonNode message) {
        return json(send(request(path, signed(header(action, items), message))));
    }

    /** Whether the answer carries a signature of ours that holds. */
    public boolean believes(byte[] answer) {
        JsonNode set = json(send(HttpRequest.newBuilder(URI.create(base + "/.well-known/jwks.json"))));
        List<VerificationKey> keys = set.path("keys")
                .valueStream()
                .filter(one -> one.path("use").asString("").equals("sig"))
                .map(one -> {
                    try {
                        return VerificationKey.of(com.nimbusds.jose.jwk.JWK.parse(one.toString()));
                    } catch (java.text.ParseException damaged) {
                        throw new IllegalStateException(damaged);
                    }
                })
                .toList();
        return new SignatureVerifier(KeySource.of(keys), SignatureVerifier.Rules.DEFAULT, Clock.systemUTC())
                        .verify(ReceivedEnvelope.of(answer))
                instanceof Verdict.Signed;
    }

    /** What it receives that is wanted, once it is there. */
    public JsonNode receives(Predicate<JsonNode> wanted) {
        await().atMost(PATIENCE)
                .pollInterval(LOOK)
                .until(() -> received.stream().anyMatch(wanted));
        return received.stream().filter(wanted).findFirst().orElseThrow();
    }

    public JsonNode receivesAnswer(String transactionId) {
        return receives(message -> isOf(message, transactionId));
    }

    public static boolean isOf(JsonNode message, String transactionId) {
        return message.at("/message/transaction_id").asString("").equals(transactionId);
    }

    public JsonNode decrypted(JsonNode message) {
        return JsonMapper.shared().readTree(MessageEncryption.decrypt(message, id -> List.of(Encryption.KEY)));
    }

    public void change(UnaryOperator<PartnerDraft> change) {
        Partner now = partners.find(partner.id()).orElseThrow();
        partners.change(ADMINISTRATOR, now.id(), now.version(), change.apply(PartnerDraft.of(now)));
        partner = partners.find(partner.id()).orElseThrow();
    }

    public Partners partners() {
        return partners;
    }

    @Override
    public void close() {
        callbacks.stop(0);
        http.shutdownNow();
    }
}
