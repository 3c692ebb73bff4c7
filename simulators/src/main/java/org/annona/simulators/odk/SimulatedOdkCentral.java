package org.annona.simulators.odk;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.annona.simulators.StandInServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One form of one project, by the OData of ODK Central: {@code POST /v1/sessions}, {@code GET
 * /v1/projects/1/forms/household.svc/Submissions} with a filter by the time of submission, and {@code $top} with a link to the
 * next page.
 */
public final class SimulatedOdkCentral implements AutoCloseable {

    public static final String PROJECT = "1";
    public static final String FORM = "household";
    public static final String EMAIL = "seeder@odk.example";
    public static final String PASSWORD = "reads one form";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SUBMISSIONS = "/v1/projects/" + PROJECT + "/forms/" + FORM + ".svc/Submissions";
    private static final Pattern FILTER =
            Pattern.compile("__system/submissionDate ge (\\S+) and __system/submissionDate lt (\\S+)");
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private record Submission(Instant at, ObjectNode content) {}

    private final StandInServer doors;
    private final List<Submission> submissions = new CopyOnWriteArrayList<>();
    private final Set<String> sessions = ConcurrentHashMap.newKeySet();
    private final List<String> filters = new CopyOnWriteArrayList<>();
    /** Readings that are answered with 503. */
    private final AtomicInteger failing = new AtomicInteger();

    /** @param port 0 for a free one */
    public SimulatedOdkCentral(int port) throws IOException {
        doors = new StandInServer("simulated ODK Central", port);
        doors.serve("/v1/sessions", this::logIn);
        doors.serve(SUBMISSIONS, this::read);
    }

    public void start() {
        doors.start();
    }

    public String url() {
        return doors.url();
    }

    /** @param answers to the questions of the form; @return the identifier of the submission */
    public String submit(Instant at, Map<String, ?> answers) {
        String id = "uuid:" + UUID.randomUUID();
        ObjectNode content = JSON.createObjectNode().put("__id", id);
        content.setAll((ObjectNode) JSON.valueToTree(answers));
        content.putObject("__system")
                .put("submissionDate", TIME.format(at))
                .put("submitterName", "enumerator")
                .put("reviewState", "received");
        submissions.add(new Submission(at, content));
        return id;
    }

    /** Which windows were asked for, as they stood in the filter. */
    public List<String> filters() {
        return List.copyOf(filters);
    }

    public void fail(int readings) {
        failing.set(readings);
    }

    private void logIn(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(StandInServer.body(exchange));
        if (!body.path("email").asString("").equals(EMAIL)
                || !body.path("password").asString("").equals(PASSWORD)) {
            json(
                    exchange,
                    401,
                    "{\"code\":401.2,\"message\":\"Could not authenticate with the provided credentials.\"}");
            return;
        }
        String session = UUID.randomUUID().toString();
        sessions.add(session);
        json(exchange, 200, "{\"token\":\"" + session + "\"}");
    }

    private void read(HttpExchange exchange) throws IOException {
        String bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!bearer.startsWith("Bearer ") || !sessions.contains(bearer.substring("Bearer ".length()))) {
            json(exchange, 403, "{\"code\":403.1,\"message\":\"The authenticated actor does not have rights.\"}");
            return;
        }
        if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            StandInServer.send(exchange, 503, "text/html", "<html>503</html>".getBytes(StandardCharsets.UTF_8));
            return;
        }
        Map<String, String> query = StandInServer.query(exchange);
        String filter = query.getOrDefault("$filter", "");
        filters.add(filter);
        List<Submission> found = found(filter);
        int skip = Integer.parseInt(query.getOrDefault("$skip", "0"));
        int top = Integer.parseInt(query.getOrDefault("$top", String.valueOf(Integer.MAX_VALUE)));
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode value = answer.putArray("value");
        found.stream().skip(skip).limit(top).forEach(one -> value.add(one.content()));
        if (skip + (long) top < found.size()) {
            answer.put("@odata.nextLink", url() + SUBMISSIONS + "?$top=" + top + "&$skip=" + (skip + top));
        }
        json(exchange, 200, answer.toString());
    }

    private List<Submission> found(String filter) {
        Matcher window = FILTER.matcher(filter);
        List<Submission> found = new ArrayList<>(submissions);
        if (window.matches()) {
            Instant from = Instant.parse(window.group(1));
            Instant to = Instant.parse(window.group(2));
            found.removeIf(one -> one.at().isBefore(from) || !one.at().isBefore(to));
        }
        found.sort(Comparator.comparing(Submission::at).reversed());
        return found;
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        StandInServer.send(exchange, status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        doors.close();
    }
}
