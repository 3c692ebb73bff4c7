package org.annona.simulators.importer;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fetches registrants as the importers in the field do (reference "Import from external social registries", section 1): the query
 * changed as text, no Content-Type, an empty signature that generation A misspells, and a total of 0.
 */
public final class SimulatedImporter {

    private static final DateTimeFormatter MESSAGE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int BATCH = 100;

    /** Of 2024, and later. */
    public enum Generation {
        A,
        B
    }

    /** @param requests how many searches it took */
    public record Fetched(List<JsonNode> registrants, int requests) {}

    /** What a job of the importer fails with. */
    public static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    private final Generation generation;
    private final String searchUrl;
    private final String tokenUrl;
    private final String client;
    private final String secret;

    public SimulatedImporter(Generation generation, String searchUrl, String tokenUrl, String client, String secret) {
        this.generation = generation;
        this.searchUrl = searchUrl;
        this.tokenUrl = tokenUrl;
        this.client = client;
        this.secret = secret;
    }

    /**
     * Fetches as one job does.
     *
     * @param query with an opening bracket behind the name of the list
     * @param lastSync null for the first time
     * @throws Failed where an answer is none
     */
    public Fetched fetch(String query, boolean groups, @Nullable String lastSync) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String token = token(http);
            return generation == Generation.A
                    ? new Fetched(registrants(search(http, token, once(query, groups, lastSync))), 1)
                    : pages(http, token, query, groups, lastSync);
        } catch (IOException silent) {
            throw new Failed(String.valueOf(silent.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }

    private Fetched pages(HttpClient http, String token, String query, boolean groups, @Nullable String lastSync)
            throws IOException, InterruptedException {
        long total = search(http, token, "{totalRegistrantCount}")
                .path("totalRegistrantCount")
                .asLong(-1);
        List<JsonNode> all = new ArrayList<>();
        int requests = 1;
        for (int offset = 0; offset < total; offset += BATCH) {
            String paged = inFront(
                    once(query, groups, lastSync), "limit: " + BATCH + ", offset: " + offset + ", order: \"id asc\", ");
            List<JsonNode> page = registrants(search(http, token, paged));
            requests++;
            if (page.isEmpty()) {
                break;
            }
            all.addAll(page);
        }
        return new Fetched(all, requests);
    }

    private static String once(String query, boolean groups, @Nullable String lastSync) {
        String text = query.strip();
        text = text.substring(0, text.lastIndexOf('}')) + "totalRegistrantCount }";
        text = inFront(text, "isGroup: " + groups + ",");
        return lastSync == null ? text : inFront(text, "lastSyncDate: \"" + lastSync + "\",");
    }

    private static String inFront(String query, String arguments) {
        int bracket = query.indexOf('(') + 1;
        return query.substring(0, bracket) + arguments + query.substring(bracket);
    }

    private String token(HttpClient http) throws IOException, InterruptedException {
        String form =
                "grant_type=client_credentials&client_id=" + encoded(client) + "&client_secret=" + encoded(secret);
        JsonNode answer = sent(
                http,
                HttpRequest.newBuilder(URI.create(tokenUrl))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
        return answer.path("token_type").asString("") + " "
                + answer.path("access_token").asString("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode search(HttpClient http, String token, String query) throws IOException, InterruptedException {
        String now = MESSAGE_TIME.format(OffsetDateTime.now(ZoneOffset.UTC));
        ObjectNode envelope = JSON.createObjectNode().put(generation == Generation.A ? "sinature" : "signature", "");
        ObjectNode header = envelope.putObject("header")
                .put("version", "1.0.0")
                .put("message_id", UUID.randomUUID().toString())
                .put("message_ts", now)
                .put("action", "search")
                .put("sender_id", "https://pbms.example.org")
                .put("sender_uri", "")
                .put("receiver_id", "Social Registry")
                .put("total_count", 0);
        ObjectNode item = envelope.putObject("message")
                .put("transaction_id", UUID.randomUUID().toString())
                .putArray("search_request")
                .addObject()
                .put("reference_id", UUID.randomUUID().toString())
                .put("timestamp", now);
        ObjectNode criteria = item.putObject("search_criteria")
                .put("reg_type", "G2P:RegistryType:Individual")
                .put("query_type", "graphql")
                .put("query", query);
        if (generation == Generation.B) {
            header.put("is_msg_encrypted", false).putObject("meta");
            item.put("locale", "en");
            criteria.put("version", "1.0.0").put("reg_sub_type", "Individual");
        }
        JsonNode answer = sent(
                http,
                HttpRequest.newBuilder(URI.create(searchUrl))
                        .header("Authorization", token)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(envelope))));
        JsonNode records = answer.at("/message/search_response/0/data/reg_records");
        if (!records.isObject()) {
            throw new Failed("KeyError: reg_records");
        }
        return records;
    }

    private static JsonNode sent(HttpClient http, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new Failed(
                    "HTTP " + response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(response.body());
    }

    private static List<JsonNode> registrants(JsonNode records) {
        List<JsonNode> all = new ArrayList<>();
        records.path("getRegistrants").forEach(all::add);
        if (records.path("totalRegistrantCount").asInt(-1) != all.size()) {
            throw new Failed("it slices by a total that is none");
        }
        return all;
    }
}
