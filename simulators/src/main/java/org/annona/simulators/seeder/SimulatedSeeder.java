package org.annona.simulators.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.annona.simulators.StandInServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seeder over HTTP, with every address of the reference (A1). Whoever plays with it does so on a port of its own:
 * {@code POST /faults?name=value}, {@code POST /restart}, {@code GET /book}.
 */
public final class SimulatedSeeder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedSeeder.class);

    private final Authority authority;
    private final boolean atOnce;
    private final SeederFaults faults = new SeederFaults();
    private final SeederCallbacks callbacks = new SeederCallbacks(faults);
    private final StandInServer doors;
    private volatile BiPredicate<String, byte[]> gateway = (signature, body) -> true;
    private final Map<String, SeederJob> jobs = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong authentications = new AtomicLong();
    /** Never changes until the process ends: clients must not use it (A2). */
    private final String responseTime = Instant.now().toString();

    /** @param port 0 for a free one */
    public SimulatedSeeder(Authority authority, int port) throws IOException {
        this(authority, port, false);
    }

    /**
     * @param port 0 for a free one
     * @param atOnce answers one record at a time, in the reply itself, and knows nothing else (A10)
     */
    public SimulatedSeeder(Authority authority, int port, boolean atOnce) throws IOException {
        this.atOnce = atOnce;
        this.authority = authority;
        this.doors = new StandInServer("simulated token seeder", port);
        doors.serve("/", exchange -> {
            try {
                answer(exchange);
            } catch (RuntimeException failed) {
                LOG.error("the seeder failed", failed);
                reply(exchange, failure(Refused.broken(String.valueOf(failed.getMessage()))));
            }
        });
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

    /** As {@code POST /faults}. */
    public void misbehave(String name, String value) {
        faults.set(name, value);
    }

    /** As a gateway before it: what is posted and not signed as this demands is answered with 401. */
    public void demandSignature(BiPredicate<String, byte[]> gateway) {
        this.gateway = gateway;
    }

    /** As {@code POST /restart}: it remembers nothing. */
    public void restart() {
        jobs.clear();
    }

    /** What it did. @param authentications how often the authority was asked */
    public record SeederBook(long requests, long records, long authentications, long callbacks) {}

    public SeederBook book() {
        return new SeederBook(requests.get(), records.get(), authentications.get(), callbacks.sent.get());
    }

    private record Reply(int status, byte[] body) {}

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        byte[] body = StandInServer.body(exchange);
        if (faults.delayMillis > 0) {
            Thread.sleep(faults.delayMillis);
        }
        if (SeederFaults.strikes(faults.reset)) {
            return;
        }
        if (SeederFaults.strikes(faults.failing)) {
            StandInServer.send(
                    exchange, faults.failingStatus, "text/html", bytes("<html>" + faults.failingStatus + "</html>"));
            return;
        }
        if (SeederFaults.strikes(faults.garbage)) {
            StandInServer.send(exchange, 200, "text/html", bytes("<html>maintenance</html>"));
            return;
        }
        String signature = exchange.getRequestHeaders().getFirst("Signature");
        if (method.equals("POST") && !gateway.test(signature == null ? "" : signature, body)) {
            StandInServer.send(exchange, 401, "text/html", bytes("<html>who is this?</html>"));
            return;
        }
        Reply reply = method.equals("POST") && SeederFaults.strikes(faults.ownError)
                ? failure(Refused.broken("database is locked"))
                : reply(path, method, body, exchange);
        if (method.equals("POST") && reply.status() == 200 && SeederFaults.strikes(faults.resetAfterAccepting)) {
            return;
        }
        if (path.startsWith("/authtoken/file/") && reply.status() == 200) {
            file(exchange, reply.body());
        } else {
            reply(exchange, reply);
        }
    }

    private void file(HttpExchange exchange, byte[] content) throws IOException {
        byte[] sent = content;
        if (SeederFaults.strikes(faults.emptyFile)) {
            sent = new byte[0];
        } else if (SeederFaults.strikes(faults.noResults)) {
            sent = bytes("[]");
        } else if (SeederFaults.strikes(faults.nullResults)) {
            sent = bytes("[null]");
        } else if (SeederFaults.strikes(faults.truncateFile)) {
            sent = java.util.Arrays.copyOf(content, content.length / 2);
        }
        StandInServer.send(exchange, 200, "text/plain; charset=utf-8", sent);
    }

    private Reply reply(String path, String method, byte[] body, HttpExchange exchange) {
        boolean get = method.equals("GET");
        try {
            if (path.equals("/ping")) {
                return get ? new Reply(200, bytes("\"[0 - 0] pong\"")) : notAllowed();
            }
            if (atOnce) {
                return !path.equals("/authtoken/json")
                        ? new Reply(404, bytes("{\"detail\":\"Not Found\"}"))
                        : method.equals("POST") ? answerAtOnce(body) : notAllowed();
            }
            if (path.equals("/authtoken/authfields")) {
                return get ? success(authfields()) : notAllowed();
            }
            if (path.startsWith("/authtoken/status/")) {
                return get ? status(last(path)) : notAllowed();
            }
            if (path.startsWith("/authtoken/file/")) {
                return get ? file(last(path)) : notAllowed();
            }
            if (path.equals("/authtoken/json") || path.equals("/authtoken/csv") || path.equals("/authtoken/odk")) {
                return method.equals("POST") ? take(path, body, exchange) : notAllowed();
            }
        } catch (Refused refused) {
            return failure(refused);
        }
        return new Reply(404, bytes("{\"detail\":\"Not Found\"}"));
    }

    private static Reply notAllowed() {
        return new Reply(405, bytes("{\"detail\":\"Method Not Allowed\"}"));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private Reply take(String path, byte[] body, HttpExchange exchange) throws Refused {
        SeederRequest request = switch (last(path)) {
            case "csv" ->
                CsvUpload.read(body, String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")));
            case "odk" -> OdkPull.read(body);
            default -> SeederRequest.read(SeederRequest.parse(body), SeederRequest.Source.JSON, List.of());
        };
        requests.incrementAndGet();
        List<SeederRecord> taken = new ArrayList<>();
        for (JsonNode record : request.records()) {
            taken.add(SeederRecord.of(record, request.mapping()));
        }
        records.addAndGet(taken.size());
        SeederJob job = new SeederJob("00" + UUID.randomUUID().toString().substring(2), request, taken);
        jobs.put(job.id(), job);
        if (!SeederFaults.strikes(faults.stuck)) {
            doors.workers().execute(() -> process(job));
        }
        boolean odd = SeederFaults.strikes(faults.oddIdentifier);
        ObjectNode response =
                SeederRequest.JSON.createObjectNode().put("request_identifier", odd ? "../x\u0000?y" : job.id());
        boolean none = taken.stream().noneMatch(SeederRecord::isValid);
        return none
                ? new Reply(
                        200,
                        envelope(
                                List.of(new Refused.Fault("ATS-REQ-101", "none of the record form a valid request")),
                                response))
                : success(response);
    }

    private Reply answerAtOnce(byte[] body) throws Refused {
        JsonNode whole = SeederRequest.parse(body);
        JsonNode one = whole.path("request").path("authdata");
        if (one.isObject()) {
            ((ObjectNode) whole.get("request")).putArray("authdata").add(one);
        } else if (one.isArray()) {
            throw Refused.business("ATS-REQ-102", "invalid input. authdata missing");
        }
        SeederRequest request = SeederRequest.read(whole, SeederRequest.Source.JSON, List.of());
        SeederRecord record = SeederRecord.of(request.records().getFirst(), request.mapping());
        requests.incrementAndGet();
        records.incrementAndGet();
        Refused.Fault invalid = record.fault();
        if (invalid != null) {
            throw Refused.business(invalid.code(), invalid.message());
        }
        authentications.incrementAndGet();
        Authority.Answer answer = authority.answer(record.vid());
        String code = answer.code();
        ObjectNode response = SeederRequest.JSON.createObjectNode().put("authStatus", code == null);
        if (code == null) {
            response.put("authToken", answer.token());
        }
        return new Reply(
                200,
                envelope(
                        "1.0",
                        code == null ? List.of() : List.of(new Refused.Fault(code, String.valueOf(answer.message()))),
                        response));
    }

    private boolean isCleanedUp(SeederJob job) {
        return faults.cleanupMillis > 0
                && job.takenAt().plusMillis(faults.cleanupMillis).isBefore(Instant.now());
    }

    private void process(SeederJob job) {
        try {
            Thread.sleep(faults.processMillis);
            if (isCleanedUp(job)) {
                return;
            }
            job.status("processing");
            for (SeederRecord record : job.records()) {
                if (record.isValid()) {
                    authentications.incrementAndGet();
                    record.answer(authority.answer(record.vid()));
                    alter(record);
                }
            }
            if (faults.raceMillis > 0) {
                job.status(job.finalStatus());
                Thread.sleep(faults.raceMillis);
            }
            if (job.request().callback() == null) {
                job.writeFile();
            } else if (!callbacks.deliver(job)) {
                job.status("error_making_callback_request");
                return;
            }
            job.status(job.finalStatus());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void alter(SeederRecord record) {
        if (record.isProcessed()) {
            if (SeederFaults.strikes(faults.nullToken)) {
                record.alterToken(null);
            } else if (SeederFaults.strikes(faults.shortToken)) {
                record.alterToken("123");
            } else if (SeederFaults.strikes(faults.foreignToken)) {
                record.alterToken(authority.token("1111111111111111"));
            }
        }
    }

    private SeederJob known(String id) throws Refused {
        SeederJob job = jobs.get(id);
        if (job == null || isCleanedUp(job)) {
            throw new Refused(
                    404, List.of(new Refused.Fault("ATS-REQ-016", "no auth request found for the given identifier")));
        }
        return job;
    }

    private Reply status(String id) throws Refused {
        return success(
                SeederRequest.JSON.createObjectNode().put("status", known(id).status()));
    }

    private Reply file(String id) throws Refused {
        SeederJob job = known(id);
        if (!job.isProcessed()) {
            throw new Refused(202, List.of(new Refused.Fault("ATS-REQ-017", "Auth request not processed yet")));
        }
        byte[] content = job.file();
        if (content == null) {
            throw Refused.broken("File at path stored_files/" + id + " does not exist.");
        }
        return new Reply(200, content);
    }

    private static ObjectNode authfields() {
        ObjectNode response = SeederRequest.JSON.createObjectNode();
        ArrayNode fields = response.putArray("authfields");
        List.of("vid", "name", "gender", "dob", "phoneNumber", "emailId", "fullAddress")
                .forEach(fields::add);
        return response;
    }

    private Reply success(ObjectNode response) {
        return new Reply(200, envelope(List.of(), response));
    }

    private Reply failure(Refused refused) {
        return new Reply(refused.status(), envelope(refused.faults(), null));
    }

    private byte[] envelope(List<Refused.Fault> faultsFound, @Nullable ObjectNode response) {
        return envelope("1.1.0", faultsFound, response);
    }

    private byte[] envelope(String version, List<Refused.Fault> faultsFound, @Nullable ObjectNode response) {
        ObjectNode envelope = SeederRequest.JSON.createObjectNode();
        envelope.put("id", "mosip.token.seeder");
        envelope.put("version", version);
        envelope.putObject("metadata");
        envelope.put("responsetime", responseTime);
        if (faultsFound.isEmpty()) {
            envelope.putNull("errors");
        } else {
            ArrayNode errors = envelope.putArray("errors");
            faultsFound.forEach(
                    fault -> errors.addObject().put("errorCode", fault.code()).put("errorMessage", fault.message()));
        }
        envelope.set("response", response);
        return bytes(envelope.toString());
    }

    private void control(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (exchange.getRequestMethod().equals("POST") && path.equals("/restart")) {
            restart();
        } else if (exchange.getRequestMethod().equals("POST") && path.equals("/faults")) {
            StandInServer.query(exchange).forEach(faults::set);
        } else if (!path.equals("/book")) {
            throw new IllegalArgumentException("no such switch: " + path);
        }
        SeederBook book = book();
        ObjectNode answer = SeederRequest.JSON.createObjectNode();
        answer.put("requests", book.requests())
                .put("records", book.records())
                .put("authentications", book.authentications())
                .put("callbacks", book.callbacks());
        StandInServer.send(exchange, 200, "application/json", bytes(answer.toString()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void reply(HttpExchange exchange, Reply reply) throws IOException {
        StandInServer.send(exchange, reply.status(), "application/json", reply.body());
    }

    @Override
    public void close() {
        doors.close();
        callbacks.close();
    }
}
