package org.annona.simulators.seeder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/** One record of a request: what it says once mapped (reference A4), and what became of it (A7). */
final class SeederRecord {

    private static final Map<String, Jq> PATHS = new ConcurrentHashMap<>();

    private final JsonNode input;
    private final String vid;
    private final String status;
    private final @Nullable String code;
    private final @Nullable String message;
    private @Nullable String token;
    private String outcome;
    private @Nullable String outcomeCode;
    private @Nullable String outcomeMessage;

    private SeederRecord(JsonNode input, String vid, @Nullable String code, @Nullable String message) {
        this.input = input;
        this.vid = vid;
        this.status = code == null ? "submitted" : "invalid";
        this.code = code;
        this.message = message;
        this.outcome = status;
        this.outcomeCode = code;
        this.outcomeMessage = message;
    }

    /** @throws Refused where a value has a type on which the seeder itself breaks */
    static SeederRecord of(JsonNode input, Map<String, List<String>> mapping) throws Refused {
        List<JsonNode> vids = values(input, mapping, "vid");
        List<JsonNode> names = values(input, mapping, "name");
        List<JsonNode> genders = values(input, mapping, "gender");
        List<JsonNode> births = values(input, mapping, "dob");
        List<JsonNode> addresses = values(input, mapping, "fullAddress");
        for (JsonNode name : names) {
            if (!name.isTextual()) {
                throw Refused.broken("sequence item 0: expected str instance, int found");
            }
        }
        if (!genders.isEmpty() && genders.getFirst().isNumber()
                || !vids.isEmpty() && vids.getFirst().isArray()) {
            throw Refused.broken("unsupported value");
        }
        if (vids.isEmpty()) {
            return invalid(input, "ATS-REQ-009", "vid or its mapping not present");
        }
        if (names.isEmpty()) {
            return invalid(input, "ATS-REQ-010", "name or its mapping not present");
        }
        if (joined(names, " ").isEmpty()) {
            return invalid(input, "ATS-REQ-003", "name is not provided");
        }
        if (genders.isEmpty()) {
            return invalid(input, "ATS-REQ-011", "gender or its mapping not present");
        }
        if (genders.getFirst().asText().isEmpty()) {
            return invalid(input, "ATS-REQ-004", "gender is empty");
        }
        if (births.isEmpty()) {
            return invalid(input, "ATS-REQ-012", "dateOfBirth or its mapping not present");
        }
        if (births.getFirst().asText().isEmpty()) {
            return invalid(input, "ATS-REQ-006", "date of birth is empty");
        }
        if (addresses.isEmpty()) {
            return invalid(input, "ATS-REQ-015", "fullAddress or its mapping not present");
        }
        if (joined(addresses, ", ").isEmpty()) {
            return invalid(input, "ATS-REQ-008", "address is empty");
        }
        return new SeederRecord(input, vids.getFirst().asText(), null, null);
    }

    /** The raw key, whatever the mapping says (A7). */
    private static SeederRecord invalid(JsonNode input, String code, String message) {
        return new SeederRecord(input, input.path("vid").asText(""), code, message);
    }

    private static List<JsonNode> values(JsonNode input, Map<String, List<String>> mapping, String target) {
        List<JsonNode> values = new ArrayList<>();
        for (String path : mapping.getOrDefault(target, List.of())) {
            JsonNode value = input.get(path);
            if (value == null) {
                Jq program = PATHS.computeIfAbsent(path, SeederRecord::compiled);
                value = program.first(input);
            }
            if (!value.isNull()) {
                values.add(value);
            }
        }
        return values;
    }

    private static Jq compiled(String path) {
        try {
            return Jq.compile("." + path);
        } catch (JsonQueryException unreadable) {
            return nothing();
        }
    }

    private static Jq nothing() {
        try {
            return Jq.compile("null");
        } catch (JsonQueryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String joined(List<JsonNode> parts, String separator) {
        return String.join(
                separator,
                parts.stream()
                        .map(JsonNode::asText)
                        .filter(part -> !part.isEmpty())
                        .toList());
    }

    /** Why it is not valid; null where it is. */
    Refused.@Nullable Fault fault() {
        return code == null || message == null ? null : new Refused.Fault(code, message);
    }

    boolean isValid() {
        return code == null;
    }

    boolean isProcessed() {
        return outcome.equals("processed");
    }

    String vid() {
        return vid;
    }

    /** What the identity authority said (A7). */
    void answer(Authority.Answer answer) {
        outcome = answer.code() == null ? "processed" : "error";
        token = answer.token();
        outcomeCode = answer.code();
        outcomeMessage = answer.message();
    }

    void alterToken(@Nullable String other) {
        token = other;
    }

    /** For the program of the output format. */
    ObjectNode forOutput() {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.set("input", input);
        whole.set("output", output());
        return whole;
    }

    private ObjectNode output() {
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        output.put("vid", vid);
        output.put("status", outcome);
        output.put("token", token);
        output.put("errorCode", outcomeCode);
        output.put("errorMessage", outcomeMessage);
        return output;
    }

    @Override
    public String toString() {
        return "SeederRecord[" + status + ", " + message + "]";
    }
}
