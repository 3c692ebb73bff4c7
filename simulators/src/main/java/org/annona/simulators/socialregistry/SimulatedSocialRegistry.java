package org.annona.simulators.socialregistry;

import com.sun.net.httpserver.HttpExchange;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.annona.simulators.StandInServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers GraphQL within DCI messages as the deployed registry does (reference, section 2): any fault of a row is HTTP 404 for
 * the whole message, the total is the size of anybody's last page, and signatures are echoed. Under {@code /dci} it answers
 * searches of the standard. Its households are made from a
 * seed as they are asked for. Towards whoever plays with it, on a port of its own: {@code POST /faults?failing=2&cap=50} and
 * {@code POST /delete?place=7}.
 */
public final class SimulatedSocialRegistry implements AutoCloseable {

    public static final String CLIENT = "openg2p-admin-client";
    public static final String SECRET = "stand-in-secret";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What it can be told to do wrong; each count is used up by one message. */
    public enum Fault {
        /** HTTP 503. */
        FAILING,
        /** The answer ends in the middle. */
        TRUNCATED,
        /** A page for people, with HTTP 200. */
        HTML,
        /** An envelope that rejects the item. */
        REJECTED,
        /** All tokens end. */
        EXPIRED,
        /** The page before is given again. */
        REPEATED,
        /** The first household that is still to come is taken out, before the page. */
        SHIFTED,
        /** No records where there are some. */
        WITHOUT_DATA,
        /** By searches of the standard, the first page whatever is asked for. */
        FIRST_PAGE
    }

    /** What it says in searches of the standard of how many there are. */
    public enum Total {
        TRUE,
        NONE,
        /** The length of the page. */
        OF_THE_PAGE,
        ZERO,
        NEGATIVE,
        TEXT,
        /** Seven more than there are. */
        TOO_LARGE,
        ABSURD
    }

    private final StandInServer doors;
    private final GraphQL graphql;
    private final StandardSearch standard = new StandardSearch(this::household);
    private final long seed;
    private volatile long households;
    private final Map<Long, SimulatedHousehold> changed = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListSet<Long> deleted = new ConcurrentSkipListSet<>();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Map<Fault, AtomicInteger> faults = new ConcurrentHashMap<>();
    private volatile int cap = Integer.MAX_VALUE;
    private volatile Total total = Total.TRUE;
    private volatile int mostItems = Integer.MAX_VALUE;
    private volatile int lastPage = -1;
    private volatile String lastQuery = "";
    private volatile String lastBody = "";
    private volatile byte[] lastAnswer = new byte[0];
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong told = new AtomicLong();

    /** @param port 0 for a free one */
    public SimulatedSocialRegistry(int port, long households, long seed) throws IOException {
        this.households = households;
        this.seed = seed;
        this.graphql = graphql();
        doors = new StandInServer("simulated social registry", port);
        doors.serve("/oauth2/token", this::token);
        doors.serve("/api/v1/g2p-connect/registry/sync/search", exchange -> search(exchange, false));
        doors.serve("/dci/registry/sync/search", exchange -> search(exchange, true));
        doors.play(this::control);
    }

    private GraphQL graphql() throws IOException {
        try (InputStream sdl = SimulatedSocialRegistry.class.getResourceAsStream("schema.graphqls")) {
            if (sdl == null) {
                throw new IllegalStateException("the schema is missing");
            }
            RuntimeWiring wiring = RuntimeWiring.newRuntimeWiring()
                    .type(
                            "Query",
                            type -> type.dataFetcher("getRegistrants", this::registrants)
                                    .dataFetcher("totalRegistrantCount", environment -> total()))
                    .type("GroupMembership", type -> type.dataFetcher("kind", SimulatedSocialRegistry::kind))
                    .build();
            return GraphQL.newGraphQL(new SchemaGenerator()
                            .makeExecutableSchema(
                                    new SchemaParser().parse(new String(sdl.readAllBytes(), StandardCharsets.UTF_8)),
                                    wiring))
                    .build();
        }
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
        return doors.url() + "/api/v1/g2p-connect";
    }

    /** Where it answers by searches of the standard, and not by GraphQL. */
    public String standardUrl() {
        return doors.url() + "/dci";
    }

    public SimulatedHousehold household(long place) {
        SimulatedHousehold known = changed.get(place);
        return known == null ? SimulatedHousehold.sample(seed, place) : known;
    }

    public void change(long place, SimulatedHousehold household) {
        changed.put(place, household);
    }

    public void delete(long place) {
        deleted.add(place);
    }

    /** Everybody else is gone. */
    public void keepFirst(long count) {
        households = count;
    }

    public void fault(Fault fault, int messagesToSpoil) {
        faults.put(fault, new AtomicInteger(messagesToSpoil));
    }

    /** No page is longer, whatever is asked for. */
    public void cap(int rows) {
        cap = rows;
    }

    public void total(Total told) {
        total = told;
    }

    /** A message of the standard with more questions is rejected. */
    public void mostItems(int items) {
        mostItems = items;
    }

    /** The newest query, and the whole message around it. */
    public List<String> asked() {
        return List.of(lastQuery, lastBody);
    }

    public Map<String, Long> book() {
        return Map.of("messages", messages.get(), "told", told.get());
    }

    private boolean spoils(Fault fault) {
        AtomicInteger left = faults.get(fault);
        return left != null && left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> fields =
                StandInServer.pairs(new String(StandInServer.body(exchange), StandardCharsets.UTF_8));
        if (!CLIENT.equals(fields.get("client_id")) || !SECRET.equals(fields.get("client_secret"))) {
            StandInServer.send(exchange, 401, "application/json", json(Map.of("error", "invalid_client")));
            return;
        }
        String token = UUID.randomUUID().toString();
        tokens.add(token);
        StandInServer.send(
                exchange,
                200,
                "application/json",
                json(Map.of("access_token", token, "token_type", "Bearer", "expires_in", 300)));
    }

    private void search(HttpExchange exchange, boolean standard) throws IOException {
        byte[] body = StandInServer.body(exchange);
        messages.incrementAndGet();
        if (spoils(Fault.EXPIRED)) {
            tokens.clear();
        }
        String bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!bearer.startsWith("Bearer ") || !tokens.contains(bearer.substring(7))) {
            StandInServer.send(exchange, 401, "application/json", json(Map.of("error", "Unauthorized")));
            return;
        }
        if (spoils(Fault.FAILING)) {
            StandInServer.send(exchange, 503, "text/plain", new byte[0]);
            return;
        }
        if (spoils(Fault.HTML)) {
            StandInServer.send(exchange, 200, "text/html", "<html>Sign in</html>".getBytes(StandardCharsets.UTF_8));
            return;
        }
        answer(exchange, JSON.readTree(body), new String(body, StandardCharsets.UTF_8), standard);
    }

    private void answer(HttpExchange exchange, JsonNode request, String body, boolean standard) throws IOException {
        if (!request.at("/header/total_count").isInt()) {
            StandInServer.send(
                    exchange, 422, "application/json", json(Map.of("detail", "header.total_count: field required")));
            return;
        }
        if (spoils(Fault.REPEATED) && lastAnswer.length > 0) {
            StandInServer.send(exchange, 200, "application/json", lastAnswer);
            return;
        }
        if (spoils(Fault.SHIFTED)) {
            deleted.add(firstLeft());
        }
        ObjectNode message = JSON.createObjectNode()
                .put("transaction_id", request.at("/message/transaction_id").asString(""))
                .putNull("correlation_id");
        lastBody = body;
        if (standard && request.at("/message/search_request").size() > mostItems) {
            send(exchange, request, message, "rjct.total_count.limit_exceeded");
            return;
        }
        ArrayNode answers = message.putArray("search_response");
        for (JsonNode item : request.at("/message/search_request")) {
            if (standard) {
                answers.add(standardItem(item));
                continue;
            }
            JsonNode criteria = item.path("search_criteria");
            if (!criteria.path("query_type").asString("").equals("graphql")) {
                StandInServer.send(exchange, 500, "text/plain", new byte[0]);
                return;
            }
            lastQuery = criteria.path("query").asString("");
            ExecutionResult result = graphql.execute(ExecutionInput.newExecutionInput(lastQuery));
            if (!result.getErrors().isEmpty()) {
                StandInServer.send(exchange, 404, "application/json", json(Map.of("errorCode", "G2P-REQ-102")));
                return;
            }
            ObjectNode answer = answers.addObject()
                    .put("reference_id", item.path("reference_id").asString(""))
                    .put("timestamp", now());
            if (spoils(Fault.REJECTED)) {
                answer.put("status", "rjct").put("status_reason_code", "rjct.search_criteria.invalid");
            } else {
                answer.put("status", "succ");
                if (!spoils(Fault.WITHOUT_DATA)) {
                    answer.putObject("data")
                            .put("reg_type", criteria.path("reg_type").asString(""))
                            .set("reg_records", JSON.valueToTree(result.getData()));
                }
            }
        }
        send(exchange, request, message, "");
    }

    private ObjectNode standardItem(JsonNode item) {
        ObjectNode answer = JSON.createObjectNode()
                .put("reference_id", item.path("reference_id").asString(""))
                .put("timestamp", now());
        try {
            if (spoils(Fault.REJECTED)) {
                throw new StandardSearch.Rejected();
            }
            ObjectNode criteria = (ObjectNode) item.path("search_criteria").deepCopy();
            if (spoils(Fault.FIRST_PAGE)) {
                criteria.withObject("pagination").put("page_number", 1);
            }
            ObjectNode found = standard.answer(
                    criteria, LongStream.range(0, households).filter(place -> !deleted.contains(place)), cap);
            if (spoils(Fault.WITHOUT_DATA)) {
                found.remove("data");
            }
            told.addAndGet(found.at("/data/reg_records").size());
            sayTotal(
                    (ObjectNode) found.path("pagination"),
                    found.at("/data/reg_records").size());
            answer.put("status", "succ").setAll(found);
        } catch (StandardSearch.Rejected rejected) {
            answer.put("status", "rjct").put("status_reason_code", "rjct.search_criteria.invalid");
        } catch (StandardSearch.Broken broken) {
            faults.put(Fault.TRUNCATED, new AtomicInteger(1));
        }
        return answer;
    }

    private void sayTotal(ObjectNode pagination, int onThePage) {
        String field = "total_count";
        long all = pagination.path(field).asLong();
        switch (total) {
            case TRUE -> {
                // as it is
            }
            case NONE -> pagination.remove(field);
            case OF_THE_PAGE -> pagination.put(field, onThePage);
            case ZERO -> pagination.put(field, 0);
            case NEGATIVE -> pagination.put(field, -1);
            case TEXT -> pagination.put(field, Long.toString(all));
            case TOO_LARGE -> pagination.put(field, all + 7);
            case ABSURD -> pagination.put(field, new BigInteger("9".repeat(30)));
        }
    }

    private void send(HttpExchange exchange, JsonNode request, ObjectNode message, String rejection)
            throws IOException {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.set("signature", request.path("signature"));
        ObjectNode header = header(request.path("header"));
        if (!rejection.isEmpty()) {
            header.put("status", "rjct").put("status_reason_code", rejection);
        }
        envelope.set("header", header);
        envelope.set("message", message);
        lastAnswer = envelope.toString().getBytes(StandardCharsets.UTF_8);
        if (spoils(Fault.TRUNCATED)) {
            byte[] half = new byte[lastAnswer.length / 2];
            System.arraycopy(lastAnswer, 0, half, 0, half.length);
            StandInServer.send(exchange, 200, "application/json", half);
            return;
        }
        StandInServer.send(exchange, 200, "application/json", lastAnswer);
    }

    private long firstLeft() {
        long place = 0;
        while (deleted.contains(place)) {
            place++;
        }
        return place;
    }

    private static ObjectNode header(JsonNode asked) {
        return JSON.createObjectNode()
                .put("version", "1.0.0")
                .put("message_id", asked.path("message_id").asString(""))
                .put("message_ts", now())
                .put("action", "on-search")
                .put("status", "succ")
                .put("total_count", asked.path("total_count").asInt())
                .put("sender_id", "social-registry")
                .put("receiver_id", asked.path("sender_id").asString(""));
    }

    private static String now() {
        return Instant.now().toString();
    }

    private List<Map<String, @Nullable Object>> registrants(DataFetchingEnvironment environment) {
        int limit = Math.min(cap, environment.getArgumentOrDefault("limit", Integer.MAX_VALUE));
        long offset = environment.<Integer>getArgumentOrDefault("offset", 0);
        boolean groups = environment.getArgumentOrDefault("isGroup", true);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (long place = place(offset); place < households && rows.size() < limit; place++) {
            if (!deleted.contains(place)) {
                SimulatedHousehold household = household(place);
                rows.add(
                        groups
                                ? household.asRegistrant()
                                : household.members().getFirst().asRegistrant());
            }
        }
        lastPage = rows.size();
        told.addAndGet(rows.size());
        return rows;
    }

    private long place(long offset) {
        long place = offset;
        for (long gone : deleted) {
            if (gone <= place) {
                place++;
            }
        }
        return place;
    }

    private int total() {
        if (lastPage < 0) {
            throw new IllegalStateException("name 'total' is not defined");
        }
        return lastPage;
    }

    private static Object kind(DataFetchingEnvironment environment) {
        Map<String, List<String>> membership = environment.getSource();
        List<String> kinds = membership == null ? List.of() : membership.getOrDefault("kinds", List.of());
        if (kinds.size() > 1) {
            throw new IllegalStateException("Expected singleton: g2p.group.membership.kind(1, 2)");
        }
        return kinds.isEmpty() ? Map.of("name", "") : Map.of("name", kinds.getFirst());
    }

    private void control(HttpExchange exchange) throws IOException {
        StandInServer.query(exchange).forEach((name, text) -> {
            int value = Integer.parseInt(text);
            switch (name) {
                case "cap" -> cap(value);
                case "place" -> delete(value);
                default -> fault(Fault.valueOf(name.toUpperCase(Locale.ROOT)), value);
            }
        });
        StandInServer.send(exchange, 200, "application/json", json(book()));
    }

    private static byte[] json(Object value) {
        return JSON.writeValueAsBytes(value);
    }

    @Override
    public void close() {
        doors.close();
    }
}
