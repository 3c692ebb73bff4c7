package org.annona.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.exchange.Disclosure;
import org.annona.exchange.callback.Callbacks;
import org.annona.exchange.partner.DisclosureRule;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerDraft;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.foundation.database.Database;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.key.SigningKey;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.interop.signature.Signer;
import org.annona.server.RunningServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a partner gets from our social registry over HTTP; client and server share this machine. */
final class DciBench implements AutoCloseable {

    private static final Actor ADMINISTRATOR = new Actor("bench", "Bench", Set.of(Role.ADMINISTRATOR));
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration LENGTH = Duration.ofSeconds(15);
    private static final int CONNECTIONS = 16;
    private static final int MANY = 1_000;
    private static final int SECONDS_DOWN = 60;

    private final RunningServer server;
    private final List<String> identifiers;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final OctetKeyPair pair;
    private final SigningKey key;
    private final HttpServer receiver;
    private final AtomicInteger receiverStatus = new AtomicInteger(200);
    private final AtomicLong receiverPause = new AtomicLong();
    private final Set<String> delivered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger deliveries = new AtomicInteger();

    /** @param identifiers of people who are registered */
    DciBench(RunningServer server, List<String> identifiers) throws IOException, JOSEException {
        this.server = server;
        this.identifiers = identifiers;
        this.pair = new OctetKeyPairGenerator(Curve.Ed25519)
                .keyID("k1")
                .keyUse(KeyUse.SIGNATURE)
                .generate();
        this.key = SigningKey.of(pair);
        this.receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 1_000);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            pause(receiverPause.get());
            int status = receiverStatus.get();
            if (status == 200) {
                deliveries.incrementAndGet();
                delivered.add(JsonMapper.shared()
                        .readTree(body)
                        .at("/header/message_id")
                        .asString());
            }
            byte[] ack = "{\"message\":{\"ack_status\":\"ACK\"}}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, ack.length);
            exchange.getResponseBody().write(ack);
            exchange.close();
        });
        receiver.start();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A partner of the bench, with its token. */
    private record Client(String senderId, String token, boolean signs) {}

    private Client client(boolean signs) throws IOException, InterruptedException {
        Partners partners = server.part(Partners.class);
        String senderId = "bench-" + UUID.randomUUID();
        Partners.Onboarded onboarded = partners.onboard(
                ADMINISTRATOR,
                PartnerDraft.of(senderId, "Bench")
                        .with(Set.of(TokenScope.values()))
                        .with(new Partner.Limits(MANY, MANY, 1_000_000, 100, false, null, 3_600))
                        .with(new Partner.Terms(
                                signs ? SignaturePolicy.REQUIRED : SignaturePolicy.OPTIONAL,
                                Partner.Terms.DEFAULT.signer(),
                                Partner.Terms.DEFAULT.profile(),
                                false,
                                false))
                        .withKeys(new JWKSet(pair.toPublicJWK()).toString(true)));
        partners.disclose(
                ADMINISTRATOR,
                onboarded.partner().id(),
                new DisclosureRule(
                        "sr", "", new Disclosure(Set.of("identifier", "name", "sex", "birth_date"), Set.of())));
        String form = "grant_type=client_credentials&client_id="
                + onboarded.partner().clientId() + "&client_secret=" + onboarded.secret();
        JsonNode token = JsonMapper.shared()
                .readTree(http.send(
                                HttpRequest.newBuilder(URI.create(server.url() + "/oauth2/token"))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(HttpRequest.BodyPublishers.ofString(form))
                                        .build(),
                                BodyHandlers.ofByteArray())
                        .body());
        return new Client(senderId, token.path("access_token").asString(), signs);
    }

    private byte[] envelope(Client client, int items, int from) {
        ObjectNode header = JsonMapper.shared()
                .createObjectNode()
                .put("version", "1.0.0")
                .put("message_id", UUID.randomUUID().toString())
                .put("message_ts", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("action", "search")
                .put("sender_id", client.senderId())
                .put("sender_uri", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/on-search")
                .put("receiver_id", "annona")
                .put("total_count", items)
                .put("is_msg_encrypted", false);
        ObjectNode message = JsonMapper.shared()
                .createObjectNode()
                .put("transaction_id", UUID.randomUUID().toString());
        ArrayNode requests = message.putArray("search_request");
        for (int i = 0; i < items; i++) {
            requests.addObject()
                    .put("reference_id", "r-" + i)
                    .put("timestamp", "2026-01-15T10:30:00Z")
                    .putObject("search_criteria")
                    .put("query_type", "idtype-value")
                    .putObject("query")
                    .put("type", "UIN")
                    .put("value", identifiers.get((from + i) % identifiers.size()));
        }
        ObjectNode envelope = JsonMapper.shared().createObjectNode();
        if (client.signs()) {
            envelope.put(
                    "signature",
                    Signer.PARAMETER_STRING.sign(
                            canonical(header), canonical(message), client.senderId(), key, Clock.systemUTC()));
        }
        envelope.set("header", header);
        envelope.set("message", message);
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static CanonicalJson canonical(ObjectNode json) {
        return CanonicalJson.read(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String send(Client client, String path, byte[] body) {
        try {
            byte[] answer = http.send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/dci/sr/registry" + path))
                                    .header("Content-Type", "application/json")
                                    .header("Authorization", "Bearer " + client.token())
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
            return new String(answer, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** What many callers at once got. @param p99 in milliseconds */
    private record Rate(double perSecond, double p50, double p99) {

        String text() {
            return String.format(Locale.ROOT, "%,.0f/s, p50 %.0f ms, p99 %.0f ms", perSecond, p50, p99);
        }
    }

    private interface Call {
        void make(int number);
    }

    private static Rate measure(int callers, Duration length, Call call) throws InterruptedException {
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicInteger number = new AtomicInteger();
        Instant begin = Instant.now();
        try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
            for (int i = 0; i < callers; i++) {
                pool.execute(() -> {
                    while (Instant.now().isBefore(begin.plus(length))) {
                        long from = System.nanoTime();
                        call.make(number.getAndIncrement());
                        times.add(System.nanoTime() - from);
                    }
                });
            }
            pool.shutdown();
            if (!pool.awaitTermination(10, TimeUnit.MINUTES)) {
                throw new IllegalStateException("callers did not end");
            }
        }
        double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Rate(sorted.length / seconds, millis(sorted, 0.50), millis(sorted, 0.99));
    }

    private static double millis(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }

    private Call searching(Client client) {
        return number -> {
            String answer = send(client, "/sync/search", envelope(client, 1, number * 7));
            if (!answer.contains("\"total_count\":")) {
                throw new IllegalStateException("an answer is wrong: " + answer.substring(0, 300));
            }
        };
    }

    void synchronous() throws IOException, InterruptedException {
        Client signing = client(true);
        Client silent = client(false);
        measure(CONNECTIONS, WARM_UP, searching(signing));
        measure(CONNECTIONS, WARM_UP, searching(silent));
        Rate signed = measure(CONNECTIONS, LENGTH, searching(signing));
        Rate unsigned = measure(CONNECTIONS, LENGTH, searching(silent));
        Bench.tell("sync search by identifier, signed both ways", signed.text(), "promise: p99 60 ms");
        Bench.tell("  requests without signature, answers signed", unsigned.text(), "");
        Bench.tell(
                "  signed as a share of unsigned",
                String.format(Locale.ROOT, "%.0f %%", 100 * signed.perSecond() / unsigned.perSecond()),
                "promise: 60 %");
        Call many = number -> {
            String answer = send(signing, "/sync/search", envelope(signing, MANY, number * MANY));
            if (!answer.contains("reg_records")) {
                throw new IllegalStateException("an answer is wrong: " + answer.substring(0, 300));
            }
        };
        measure(2, WARM_UP, many);
        Rate lookups = measure(2, LENGTH, many);
        Bench.tell(
                "1,000 identifiers in one message, look-ups",
                String.format(Locale.ROOT, "%,.0f/s, p99 %.0f ms a message", lookups.perSecond() * MANY, lookups.p99()),
                "promise: 10,000/s");
    }

    void acknowledging() throws IOException, InterruptedException {
        Client client = client(true);
        receiverPause.set(1_000);
        AtomicInteger sent = new AtomicInteger();
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        measure(CONNECTIONS, Duration.ofSeconds(10), number -> {
            byte[] body = envelope(client, 1, number);
            long from = System.nanoTime();
            send(client, "/search", body);
            times.add(System.nanoTime() - from);
            sent.incrementAndGet();
            // As partners ask, not as fast as it goes.
            pause(200);
        });
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        receiverPause.set(0);
        Bench.tell(
                "acknowledgement of an async search, callbacks taking 1 s",
                String.format(
                        Locale.ROOT,
                        "p50 %.0f ms, p99 %.0f ms (%d messages in 10 s)",
                        millis(sorted, 0.50),
                        millis(sorted, 0.99),
                        sorted.length),
                "promise: p99 50 ms");
        awaitDelivered(sent.get(), Duration.ofMinutes(10));
    }

    /** Callbacks that are committed while the receiver is down, and sent when it is back. */
    void outage(Database database, int callbacks) throws IOException, InterruptedException {
        delivered.clear();
        deliveries.set(0);
        Client client = client(true);
        UUID partner = server.part(Partners.class)
                .withSenderId(client.senderId())
                .orElseThrow()
                .id();
        Callbacks posting = server.part(Callbacks.class);
        receiverStatus.set(503);
        Instant down = Instant.now();
        for (int from = 0; from < callbacks; from += MANY) {
            List<Callbacks.Letter> letters = IntStream.range(0, Math.min(MANY, callbacks - from))
                    .mapToObj(number -> letter(partner))
                    .toList();
            database.transact(tx -> posting.postAll(tx, letters));
        }
        double posted = Duration.between(down, Instant.now()).toMillis() / 1000.0;
        pause(Math.max(0, SECONDS_DOWN * 1_000L - (long) (posted * 1_000)));
        receiverStatus.set(200);
        awaitDelivered(callbacks, Duration.ofMinutes(30));
        double all = Duration.between(down, Instant.now()).toMillis() / 1000.0;
        Bench.tell(
                String.format(Locale.ROOT, "%,d callbacks, the receiver down for a minute", callbacks),
                String.format(
                        Locale.ROOT,
                        "%,d delivered, %,d twice; posted in %.0f s, all there after %.0f s",
                        delivered.size(),
                        deliveries.get() - delivered.size(),
                        posted,
                        all),
                "promise: each once");
    }

    private Callbacks.Letter letter(UUID partner) {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", UUID.randomUUID().toString())
                .put("correlation_id", UUID.randomUUID().toString())
                .putArray("search_response");
        return new Callbacks.Letter(
                partner,
                "sr",
                "on-search",
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/on-search",
                new Callbacks.Facts(MessageStatus.SUCCEEDED, null, null, 0, 0),
                message,
                false,
                null);
    }

    private void awaitDelivered(int wanted, Duration patience) {
        Instant end = Instant.now().plus(patience);
        while (delivered.size() < wanted && Instant.now().isBefore(end)) {
            pause(500);
        }
    }

    @Override
    public void close() {
        receiver.stop(0);
    }

    static List<String> column(List<String> lines, String name) {
        int place = Arrays.asList(lines.getFirst().split(",")).indexOf(name);
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .filter(parts -> parts.length > place && parts[place].matches("\\d{12}"))
                .map(parts -> parts[place])
                .toList();
    }
}
