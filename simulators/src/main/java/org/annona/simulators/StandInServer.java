package org.annona.simulators;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two doors of a stand-in, both on loopback: one for those whom it serves, and one, on a port of its own, for those who play
 * with it.
 */
public final class StandInServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StandInServer.class);
    private static final int LARGEST_BODY = 100_000_000;

    private final String name;
    private final HttpServer served;
    private final HttpServer control;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    /** What is done with a request; the exchange is closed afterwards, so that an answer that was not sent is a broken line. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /**
     * @param name of the stand-in, for its log
     * @param port 0 for a free one
     */
    public StandInServer(String name, int port) throws IOException {
        this.name = name;
        this.served = http(port);
        this.control = http(0);
    }

    private HttpServer http(int port) throws IOException {
        HttpServer http = LoopbackHttp.create(port);
        http.setExecutor(workers);
        return http;
    }

    /** What fails is answered with an empty 500. */
    public void serve(String path, Answer answer) {
        served.createContext(path, exchange -> {
            try (exchange) {
                answer.to(exchange);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException failed) {
                LOG.error("the {} failed", name, failed);
                send(exchange, 500, "text/plain", new byte[0]);
            }
        });
    }

    /** A switch that does not exist, or is set to nonsense, is answered with 400 and what is wrong. */
    public void play(Answer answer) {
        control.createContext("/", exchange -> {
            try (exchange) {
                answer.to(exchange);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (IllegalArgumentException unfit) {
                send(
                        exchange,
                        400,
                        "text/plain",
                        String.valueOf(unfit.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    public void start() {
        served.start();
        control.start();
        LOG.info("the {} listens on port {}", name, port());
    }

    public int port() {
        return served.getAddress().getPort();
    }

    public int controlPort() {
        return control.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** For work that goes on after an answer. */
    public Executor workers() {
        return workers;
    }

    public static byte[] body(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readNBytes(LARGEST_BODY);
    }

    /** Names and values of {@code a=1&b=2}, decoded, in their order; a name alone has an empty value. */
    public static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            String[] sides = pair.split("=", 2);
            if (!sides[0].isEmpty()) {
                pairs.put(sides[0], sides.length == 1 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
            }
        }
        return pairs;
    }

    /** What stands behind the question mark, as {@link #pairs}. */
    public static Map<String, String> query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return pairs(query == null ? "" : query);
    }

    public static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        served.stop(0);
        control.stop(0);
        workers.shutdownNow();
    }
}
