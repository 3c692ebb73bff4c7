package org.annona.simulators.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request that was taken in, on its way to a file or to callbacks. */
final class SeederJob {

    private final String id;
    private final SeederRequest request;
    private final List<SeederRecord> records;
    private final Instant takenAt = Instant.now();
    private volatile String status;
    private volatile byte @Nullable [] file;

    SeederJob(String id, SeederRequest request, List<SeederRecord> records) {
        this.id = id;
        this.request = request;
        this.records = List.copyOf(records);
        this.status = records.stream().anyMatch(SeederRecord::isValid) ? "submitted" : "submitted_with_errors";
    }

    String id() {
        return id;
    }

    SeederRequest request() {
        return request;
    }

    List<SeederRecord> records() {
        return records;
    }

    Instant takenAt() {
        return takenAt;
    }

    String status() {
        return status;
    }

    void status(String next) {
        status = next;
    }

    boolean isProcessed() {
        return status.startsWith("processed");
    }

    String finalStatus() {
        return records.stream().allMatch(SeederRecord::isProcessed) ? "processed" : "processed_with_errors";
    }

    byte @Nullable [] file() {
        return file;
    }

    void writeFile() {
        List<JsonNode> results = results();
        file = (request.csv() ? csv(results) : array(results).toString()).getBytes(StandardCharsets.UTF_8);
    }

    List<JsonNode> results() {
        return records.stream()
                .map(record -> request.outputFormat().first(record.forOutput()))
                .toList();
    }

    static ArrayNode array(List<JsonNode> results) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(results.size());
        results.forEach(array::add);
        return array;
    }

    /** Header from the keys of the first object (reference A7). */
    static String csv(List<JsonNode> results) {
        Set<String> header = new LinkedHashSet<>();
        results.stream()
                .filter(JsonNode::isObject)
                .findFirst()
                .ifPresent(first -> first.fieldNames().forEachRemaining(header::add));
        StringBuilder out = new StringBuilder(String.join(",", header)).append("\r\n");
        for (JsonNode result : results) {
            List<String> cells = new ArrayList<>();
            for (String column : header) {
                JsonNode value = result.path(column);
                String text = value.isMissingNode() || value.isNull()
                        ? ""
                        : value.isTextual() ? value.asText() : value.toString();
                cells.add(text.matches(".*[,\"\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text);
            }
            out.append(String.join(",", cells)).append("\r\n");
        }
        return out.toString();
    }
}
