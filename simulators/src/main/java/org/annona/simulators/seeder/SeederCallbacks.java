package org.annona.simulators.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Delivers results by calling the registry (reference A8): in order, without retry, blind for the status of the answer. */
final class SeederCallbacks implements AutoCloseable {

    private static final String AGENT = "python-requests/2.31.0";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final SeederFaults faults;
    final AtomicLong sent = new AtomicLong();

    SeederCallbacks(SeederFaults faults) {
        this.faults = faults;
    }

    /** @return whether no connection broke */
    boolean deliver(SeederJob job) {
        ObjectNode properties = java.util.Objects.requireNonNull(job.request().callback());
        try {
            String authorization = authorization(properties);
            for (Body body : bodies(job, properties)) {
                if (SeederFaults.strikes(faults.callbackTimeout)) {
                    return false;
                }
                if (SeederFaults.strikes(faults.dropCallbacks)) {
                    continue;
                }
                send(properties, authorization, body);
                if (SeederFaults.strikes(faults.duplicateCallbacks)) {
                    send(properties, authorization, body);
                }
                if (SeederFaults.strikes(faults.contradictoryCallbacks)) {
                    send(properties, authorization, contradiction(body));
                }
            }
            return true;
        } catch (IOException unreachable) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @param type null where nothing is sent at all */
    private record Body(@Nullable String type, byte[] bytes) {

        static Body of(JsonNode result) {
            boolean nothing = result.isNull() || (result.isObject() || result.isArray()) && result.isEmpty();
            return nothing
                    ? new Body(null, new byte[0])
                    : new Body("application/json", result.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private List<Body> bodies(SeederJob job, ObjectNode properties) {
        List<JsonNode> results = new ArrayList<>(job.results());
        if (faults.shuffleCallbacks) {
            Collections.shuffle(results, new Random(7));
        }
        if (SeederFaults.strikes(faults.foreignRef)) {
            results.addFirst(SeederRequest.JSON
                    .createObjectNode()
                    .put("ref", "never-sent")
                    .put("status", "processed")
                    .put("token", "1".repeat(36)));
        }
        if (job.request().csv()) {
            return List.of(multipart(properties.path("requestFileName").asText(), SeederJob.csv(results)));
        }
        if (properties.path("callInBulk").asBoolean(false)) {
            return List.of(new Body(
                    "application/json", SeederJob.array(results).toString().getBytes(StandardCharsets.UTF_8)));
        }
        return results.stream().map(Body::of).toList();
    }

    private static Body multipart(String name, String content) {
        String boundary = "8d1c6a5e0f5b4f0f";
        String text = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                + "\"\r\n\r\n" + content + "\r\n--" + boundary + "--\r\n";
        return new Body("multipart/form-data; boundary=" + boundary, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Body contradiction(Body body) {
        String text = new String(body.bytes(), StandardCharsets.UTF_8);
        String other = text.replaceAll("\"(\\d)(\\d{35})\"", "\"$2$1\"");
        return new Body(body.type(), other.getBytes(StandardCharsets.UTF_8));
    }

    private void send(ObjectNode properties, String authorization, Body body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(properties.get("url").asText()))
                .timeout(Duration.ofSeconds(properties.path("timeoutSeconds").asInt(10)))
                .setHeader("User-Agent", AGENT);
        if (!authorization.isEmpty()) {
            request.setHeader("Authorization", authorization);
        }
        if (body.type() != null) {
            request.setHeader("Content-Type", body.type());
        }
        properties
                .path("extraHeaders")
                .properties()
                .forEach(header ->
                        request.setHeader(header.getKey(), header.getValue().asText()));
        http.send(
                request.method(
                                properties.path("httpMethod").asText("POST"),
                                body.bytes().length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body.bytes()))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        sent.incrementAndGet();
    }

    private String authorization(ObjectNode properties) throws IOException, InterruptedException {
        return switch (properties.path("authType").asText("none")) {
            case "staticBearer" ->
                "Bearer " + properties.path("authStaticBearer").path("token").asText();
            case "oauth" -> "Bearer " + oauthToken(properties.path("authOauth"));
            default -> "";
        };
    }

    private String oauthToken(JsonNode oauth) throws IOException, InterruptedException {
        boolean password = !oauth.path("username").asText("").isEmpty();
        StringBuilder form = new StringBuilder("grant_type=" + (password ? "password" : "client_credentials"));
        for (String[] pair : new String[][] {
            {"username", "username"},
            {"password", "password"},
            {"client_id", "clientId"},
            {"client_secret", "clientSecret"}
        }) {
            String value = oauth.path(pair[1]).asText("");
            if (!value.isEmpty()) {
                form.append('&').append(pair[0]).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(oauth.path("authUrl").asText()))
                        .setHeader("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return SeederRequest.JSON.readTree(answer.body()).path("access_token").asText();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
