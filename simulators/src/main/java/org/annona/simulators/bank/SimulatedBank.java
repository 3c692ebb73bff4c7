package org.annona.simulators.bank;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.annona.simulators.LoopbackHttp;
import org.annona.simulators.StandInServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bank over HTTP. Towards its customer: {@code PUT /payments/{message id}} takes pain.001 and answers pain.002,
 * {@code GET /payments/{message id}} tells what became of it, {@code GET /statements/{number}} gives camt.053. Towards
 * whoever plays with it: {@code POST /admin/clock?days=1}, {@code POST /admin/deposit?reference=..&minor=..},
 * {@code POST /admin/faults?name=value} with the names of {@link Fault} and {@code outage}, {@code POST /admin/forget},
 * {@code GET /admin/book} for the sums, {@code GET /admin/outcomes} for each reference. Every answer of the bank itself carries the
 * header {@code X-Bank-Answer}.
 */
public final class SimulatedBank implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedBank.class);
    private static final int LARGEST_MESSAGE_BYTES = 50_000_000;

    private final Settings settings;
    private final Book book;
    private final Faults faults = new Faults();
    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch ending = new CountDownLatch(1);

    /**
     * @param folder of its journal
     * @param token that its customer shows
     * @param account of its customer
     * @param seed decides which accounts of others fail
     * @param port 0 for a free one
     */
    public record Settings(
            Path folder,
            String token,
            String account,
            String currency,
            String seed,
            int rejectedPerMille,
            int returnedPerMille,
            LocalDate firstDay,
            int port) {}

    public SimulatedBank(Settings settings) throws IOException {
        this.settings = settings;
        this.book = new Book(
                settings.folder(),
                new AccountsOfOthers(settings.seed(), settings.rejectedPerMille(), settings.returnedPerMille()),
                settings.firstDay());
        this.server = LoopbackHttp.create(settings.port());
        server.setExecutor(workers);
        server.createContext("/payments/", guarded(this::payments));
        server.createContext("/statements/", guarded(this::statements));
        server.createContext("/admin/", guarded(this::admin));
    }

    public void start() {
        server.start();
        LOG.info("the simulated bank listens on port {}", port());
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @FunctionalInterface
    private interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private com.sun.net.httpserver.HttpHandler guarded(Handler handler) {
        return exchange -> {
            try (exchange) {
                String shown = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse("");
                boolean known = MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8),
                        ("Bearer " + settings.token()).getBytes(StandardCharsets.UTF_8));
                if (!known) {
                    answer(exchange, 401, "text/plain", "unknown customer".getBytes(StandardCharsets.UTF_8));
                } else {
                    handler.handle(exchange);
                }
            } catch (IllegalArgumentException unfit) {
                answer(
                        exchange,
                        400,
                        "text/plain",
                        String.valueOf(unfit.getMessage()).getBytes(StandardCharsets.UTF_8));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException failed) {
                LOG.error("the bank failed", failed);
                answer(exchange, 500, "text/plain", new byte[0]);
            }
        };
    }

    private void payments(HttpExchange exchange) throws IOException, InterruptedException {
        if (faults.outage) {
            bare(exchange, 503);
            return;
        }
        String id = lastPart(exchange);
        if (exchange.getRequestMethod().equals("PUT")) {
            take(exchange, id);
            return;
        }
        Optional<List<Payment>> known = book.message(id);
        if (known.isEmpty()) {
            answer(exchange, 404, "text/plain", "never heard of it".getBytes(StandardCharsets.UTF_8));
        } else {
            answer(exchange, 200, "application/xml", Iso20022.report(id, known.get()));
        }
    }

    private void take(HttpExchange exchange, String id) throws IOException, InterruptedException {
        byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST_MESSAGE_BYTES);
        if (faults.strikes(Fault.ERROR_BEFORE_ACCEPTING)) {
            bare(exchange, 500);
            return;
        }
        Optional<String> refusal = refusal(id, bytes);
        if (refusal.isPresent()) {
            answer(exchange, 400, "application/xml", Iso20022.refusal(id, refusal.get()));
            return;
        }
        boolean partly = faults.strikes(Fault.FIRST_REJECTED_LAST_LEFT_OUT);
        int rejectedFirst = faults.strikes(Fault.ALL_REJECTED)
                ? Integer.MAX_VALUE
                : partly || faults.strikes(Fault.FIRST_REJECTED) ? 1 : 0;
        List<Payment> payments = carryOut(Pain001.read(bytes), bytes, rejectedFirst);
        if (partly) {
            byte[] report = Iso20022.report(id, payments.subList(0, payments.size() - 1));
            answer(exchange, 200, "application/xml", report);
        } else if (faults.strikes(Fault.CALLED_REPETITION)) {
            answer(exchange, 400, "application/xml", Iso20022.refusal(id, "AM05"));
        } else if (faults.strikes(Fault.SILENT_AFTER_ACCEPTING)) {
            // The customer gives up first.
            ending.await(2, TimeUnit.MINUTES);
        } else if (faults.strikes(Fault.ERROR_AFTER_ACCEPTING)) {
            bare(exchange, 500);
        } else if (faults.strikes(Fault.GARBAGE_AFTER_ACCEPTING)) {
            answer(exchange, 200, "text/html", "<html>maintenance</html>".getBytes(StandardCharsets.UTF_8));
        } else {
            answer(exchange, 200, "application/xml", Iso20022.report(id, payments));
        }
    }

    private List<Payment> carryOut(Pain001 message, byte[] bytes, int rejectedFirst) {
        Book.Manner manner = faults.manner();
        boolean twice = faults.strikes(Fault.PAID_TWICE);
        return book.carryOut(
                message, bytes, manner, () -> twice ? Mishap.PAID_TWICE : faults.mishap(manner), rejectedFirst);
    }

    /** A code of the external code set, where the message cannot be taken. */
    private Optional<String> refusal(String id, byte[] bytes) {
        Pain001 message;
        try {
            message = Pain001.read(bytes);
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            return Optional.of("FF01");
        }
        if (!message.messageId().equals(id) || book.conflicts(id, bytes)) {
            return Optional.of("AM05");
        }
        if (!message.debtorAccount().equals(settings.account())
                || !message.currency().equals(settings.currency())) {
            return Optional.of("AC03");
        }
        return book.message(id).isPresent() || book.covers(message) ? Optional.empty() : Optional.of("AM04");
    }

    private void statements(HttpExchange exchange) throws IOException {
        if (faults.outage) {
            bare(exchange, 503);
            return;
        }
        long number = Long.parseLong(lastPart(exchange));
        Optional<Statement> asked = book.statement(number);
        if (asked.isEmpty()) {
            answer(exchange, 404, "text/plain", "not yet".getBytes(StandardCharsets.UTF_8));
            return;
        }
        Optional<Statement> before = book.statement(number - 1);
        boolean again = before.isPresent() && faults.strikes(Fault.STATEMENTS_REPEATED);
        Statement given = again ? before.get() : asked.get();
        if (!again && faults.strikes(Fault.WRONG_OPENING)) {
            given = given.shifted();
        }
        byte[] xml = Iso20022.statement(given, again, settings.account(), settings.currency());
        answer(exchange, 200, "application/xml", xml);
    }

    private void admin(HttpExchange exchange) throws IOException {
        Map<String, String> query = StandInServer.query(exchange);
        String what = lastPart(exchange);
        if (exchange.getRequestMethod().equals("POST")) {
            switch (what) {
                case "clock" -> {
                    int days = Integer.parseInt(query.getOrDefault("days", "1"));
                    for (int i = 0; i < days; i++) {
                        book.closeDay(new Book.Closing(
                                faults.strikes(Fault.STATEMENTS_SPLIT),
                                faults.strikes(Fault.STATEMENTS_IN_PAGES),
                                faults.strikes(Fault.STATEMENTS_LATE)));
                    }
                }
                case "deposit" ->
                    book.deposit(query.getOrDefault("reference", ""), Long.parseLong(query.getOrDefault("minor", "")));
                case "forget" -> book.forgetMessages();
                case "faults" -> query.forEach(faults::set);
                default -> throw new IllegalArgumentException("no such switch: " + what);
            }
        } else if (what.equals("outcomes")) {
            answer(exchange, 200, "application/json", JsonMapper.shared().writeValueAsBytes(book.outcomes()));
            return;
        } else if (!what.equals("book")) {
            throw new IllegalArgumentException("no such page: " + what);
        }
        answer(exchange, 200, "application/json", JsonMapper.shared().writeValueAsBytes(book.summary()));
    }

    private static String lastPart(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("X-Bank-Answer", "1");
        StandInServer.send(exchange, status, type, body);
    }

    /** What a proxy in front of the bank would say. */
    private static void bare(HttpExchange exchange, int status) throws IOException {
        exchange.getRequestBody().readNBytes(LARGEST_MESSAGE_BYTES);
        exchange.sendResponseHeaders(status, -1);
    }

    @Override
    public void close() throws IOException {
        ending.countDown();
        server.stop(0);
        workers.shutdownNow();
        book.close();
    }
}
