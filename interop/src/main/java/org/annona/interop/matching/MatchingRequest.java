package org.annona.interop.matching;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One step of an exchange, as the installation that asks takes it: {@code POST /dci/ibr/registry/sync/matching}. */
public record MatchingRequest(String transactionId, Step step) {

    private static final String MEMBER = "matching_request";

    public sealed interface Step {}

    /** Begins an exchange, or finds the one that is open, and says how far its list is. */
    public record Open() implements Step {}

    /** @param after the last mark that was fetched; empty for the beginning */
    public record ListMarks(UUID exchange, byte[] after) implements Step {}

    /** @param points blinded identifiers */
    public record Raise(UUID exchange, List<byte[]> points) implements Step {
        public Raise {
            points = List.copyOf(points);
        }
    }

    /** @throws Refusal where its structure is another one */
    public static MatchingRequest read(JsonNode message) {
        String transactionId = Fields.of(message, "message").requiredId("transaction_id");
        JsonNode json = message.path(MEMBER);
        Fields fields = Fields.of(json, "message." + MEMBER);
        Step step = switch (fields.required("step")) {
            case "open" -> new Open();
            case "list" ->
                new ListMarks(exchange(fields), bytes(fields.text("after").orElse(""), "after", Tags.BYTES, true));
            case "raise" -> new Raise(exchange(fields), points(json.path("points")));
            default -> throw refusal("step", "is open, list or raise");
        };
        return new MatchingRequest(transactionId, step);
    }

    private static Refusal refusal(String field, String fault) {
        return Refusal.of(ErrorCode.BAD_REQUEST, "message." + MEMBER + "." + field + " " + fault);
    }

    private static UUID exchange(Fields fields) {
        try {
            return UUID.fromString(fields.required("exchange"));
        } catch (IllegalArgumentException malformed) {
            throw refusal("exchange", "has to be the id of an exchange");
        }
    }

    private static List<byte[]> points(JsonNode json) {
        if (!json.isArray() || json.isEmpty()) {
            throw refusal("points", "has to be a list of blinded identifiers");
        }
        List<byte[]> points = new ArrayList<>(json.size());
        json.forEach(point -> points.add(bytes(point.asString(""), "points", CurvePoints.BYTES, false)));
        return points;
    }

    private static byte[] bytes(String text, String field, int length, boolean orNone) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == length || orNone && bytes.length == 0) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            // Refused below.
        }
        throw refusal(field, "has to hold " + length + " bytes in base64");
    }

    /** As the message calls the step. */
    public String name() {
        return switch (step) {
            case Open open -> "open";
            case ListMarks list -> "list";
            case Raise raise -> "raise";
        };
    }

    public ObjectNode asMessage() {
        ObjectNode message = JsonMapper.shared().createObjectNode().put("transaction_id", transactionId);
        ObjectNode json = message.putObject(MEMBER).put("step", name());
        switch (step) {
            case Open open -> {}
            case ListMarks(UUID exchange, byte[] after) ->
                json.put("exchange", exchange.toString())
                        .put("after", Base64.getEncoder().encodeToString(after));
            case Raise(UUID exchange, List<byte[]> points) -> {
                json.put("exchange", exchange.toString());
                var all = json.putArray("points");
                points.forEach(point -> all.add(Base64.getEncoder().encodeToString(point)));
            }
        }
        return message;
    }
}
