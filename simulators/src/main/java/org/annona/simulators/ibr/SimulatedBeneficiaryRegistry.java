package org.annona.simulators.ibr;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.annona.simulators.StandInServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers searches at once by identifier, as DCI v1.0.0 says: {@code POST /oauth2/token}, {@code POST
 * /dci/ibr/registry/sync/search}. It does not sign, so that whoever asks it has agreed to that. Towards whoever plays with it, on
 * a port of its own: {@code POST /enrolled} and {@code POST /stumble} with identifiers, one in a line; {@code POST
 * /faults?failing=3}.
 */
public final class SimulatedBeneficiaryRegistry implements AutoCloseable {

    public static final String SENDER_ID = "school-meals";
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String ENROLLED = "enrolled";
    private static final String STUMBLING = "stumbling";

    private final StandInServer doors;
    private final @Nullable Path folder;
    private final Set<String> enrolled = ConcurrentHashMap.newKeySet();
    /** Identifiers over which it stumbles each time. */
    private final Set<String> stumbling = ConcurrentHashMap.newKeySet();
    /** Messages that are answered with 503. */
    private final AtomicInteger failing = new AtomicInteger();
    /** One message in so many is answered with 503; 0 for none. */
    private volatile int failEvery;

    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong questions = new AtomicLong();

    /** @param port 0 for a free one */
    public SimulatedBeneficiaryRegistry(int port) throws IOException {
        this(port, null);
    }

    /**
     * @param port 0 for a free one
     * @param folder where it keeps what it is told to know; null where it forgets it with its end
     */
    public SimulatedBeneficiaryRegistry(int port, @Nullable Path folder) throws IOException {
        this.folder = folder;
        if (folder != null) {
            Files.createDirectories(folder);
            enrolled.addAll(kept(folder.resolve(ENROLLED)));
            stumbling.addAll(kept(folder.resolve(STUMBLING)));
        }
        doors = new StandInServer("simulated registry of beneficiaries", port);
        doors.serve("/oauth2/token", exchange -> {
            StandInServer.body(exchange);
            send(exchange, 200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":900}");
        });
        doors.serve("/dci/ibr/registry/sync/search", this::search);
        doors.play(this::control);
    }

    public void start() {
        doors.start();
    }

    public int port() {
        return doors.port();
    }

    public int controlPort() {
        return doors.controlPort();
    }

    public String url() {
        return doors.url();
    }

    private static List<String> kept(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void keep(String name, List<String> identifiers) {
        if (folder != null) {
            try {
                Files.write(folder.resolve(name), identifiers, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException unwritten) {
                throw new UncheckedIOException(unwritten);
            }
        }
    }

    /** From now on they are enrolled here. */
    public void enrol(List<String> identifiers) {
        keep(ENROLLED, identifiers);
        enrolled.addAll(identifiers);
    }

    public void stumbleOver(List<String> identifiers) {
        keep(STUMBLING, identifiers);
        stumbling.addAll(identifiers);
    }

    public void failOneIn(int messagesBetween) {
        failEvery = messagesBetween;
    }

    public Map<String, Long> book() {
        return Map.of("messages", messages.get(), "questions", questions.get());
    }

    private void search(HttpExchange exchange) throws IOException {
        byte[] body = StandInServer.body(exchange);
        long number = messages.incrementAndGet();
        boolean fails =
                failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0 || failEvery > 0 && number % failEvery == 0;
        if (fails) {
            send(exchange, 503, "");
            return;
        }
        if (!"Bearer t".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "");
            return;
        }
        JsonNode request = JSON.readTree(body);
        ObjectNode message = JSON.createObjectNode()
                .put("transaction_id", request.at("/message/transaction_id").asString(""))
                .put("correlation_id", UUID.randomUUID().toString());
        ArrayNode answers = message.putArray("search_response");
        request.at("/message/search_request").forEach(item -> answers.add(answer(item)));
        questions.addAndGet(answers.size());
        ObjectNode envelope = JSON.createObjectNode().put("signature", "");
        envelope.set("header", header(request.path("header"), answers.size()));
        envelope.set("message", message);
        send(exchange, 200, envelope.toString());
    }

    private static ObjectNode header(JsonNode asked, int items) {
        return JSON.createObjectNode()
                .put("version", "1.0.0")
                .put("message_id", UUID.randomUUID().toString())
                .put("message_ts", now())
                .put("action", "on-search")
                .put("status", "succ")
                .put("total_count", items)
                .put("completed_count", items)
                .put("sender_id", SENDER_ID)
                .put("receiver_id", asked.path("sender_id").asString(""))
                .put("is_msg_encrypted", false);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private ObjectNode answer(JsonNode item) {
        String value = item.at("/search_criteria/query/value").asString("");
        ObjectNode answer = JSON.createObjectNode()
                .put("reference_id", item.path("reference_id").asString(""))
                .put("timestamp", now());
        if (stumbling.contains(value)) {
            return answer.put("status", "rjct").put("status_reason_code", "rjct.search_criteria.invalid");
        }
        answer.put("status", "succ");
        ObjectNode data = answer.putObject("data").put("reg_record_type", "Beneficiary");
        ArrayNode records = data.putArray("reg_records");
        if (enrolled.contains(value)) {
            records.add(record(item.at("/search_criteria/query/type").asString("UIN"), value));
        }
        answer.putObject("pagination")
                .put("page_size", 10)
                .put("page_number", 1)
                .put("total_count", records.size());
        return answer;
    }

    private static ObjectNode record(String type, String value) {
        ObjectNode record = JSON.createObjectNode().put("@type", "Beneficiary").put("enrollment_status", "1");
        record.putObject("member")
                .putArray("member_identifier")
                .addObject()
                .put("identifier_type", type)
                .put("identifier_value", value);
        record.putArray("programme_identifier")
                .addObject()
                .put("programme_identifier", "SCHOOL")
                .put("programme_name", "School meals")
                .put("enrolment_status", "1");
        return record;
    }

    private void control(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(StandInServer.body(exchange), StandardCharsets.UTF_8);
        switch (path) {
            case "/enrolled" -> enrol(body.lines().toList());
            case "/stumble" -> stumbleOver(body.lines().toList());
            case "/faults" ->
                failing.set(Integer.parseInt(StandInServer.query(exchange).getOrDefault("failing", "0")));
            case "/book" -> {
                // Each switch answers with the book.
            }
            default -> throw new IllegalArgumentException("no such switch: " + path);
        }
        send(exchange, 200, JSON.writeValueAsString(book()));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        StandInServer.send(exchange, status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        doors.close();
    }
}
