package org.annona.simulators.seeder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/**
 * A request as the seeder understands it (reference A3), validated in its order (A5): the first fault of its business ends the
 * reading, faults of form are gathered.
 *
 * @param records as they came
 * @param callback properties of the callback, or null for a download
 */
record SeederRequest(
        boolean csv,
        Map<String, List<String>> mapping,
        Jq outputFormat,
        List<JsonNode> records,
        @Nullable ObjectNode callback) {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{1,6}Z");
    private static final List<String> TARGETS =
            List.of("vid", "name", "gender", "dob", "phoneNumber", "emailId", "fullAddress");
    private static final Set<String> LISTS = Set.of("name", "fullAddress");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.+");

    /** Where the records come from. */
    enum Source {
        JSON,
        CSV,
        ODK
    }

    static JsonNode parse(byte[] body) throws Refused {
        if (body.length == 0) {
            throw Refused.input("missing request body");
        }
        try {
            JsonNode whole = JSON.readTree(body);
            if (whole == null || whole.isNull() || whole.isMissingNode()) {
                throw Refused.input("missing request body");
            }
            return whole;
        } catch (JsonProcessingException malformed) {
            throw shape(List.of("Invalid JSON"));
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Refused shape(List<String> faults) {
        return new Refused(
                422,
                faults.stream()
                        .map(fault -> new Refused.Fault("ATS-REQ-102", "Invalid Input. " + fault))
                        .toList());
    }

    static SeederRequest read(JsonNode whole, Source source, List<JsonNode> given) throws Refused {
        List<String> shapes = new ArrayList<>();
        for (String field : List.of("id", "version", "metadata", "requesttime")) {
            JsonNode value = whole.path(field);
            if (value.isMissingNode()) {
                shapes.add("field required");
            } else if (value.isNull()) {
                shapes.add("none is not an allowed value");
            } else if (!value.isTextual()) {
                shapes.add("str type expected");
            } else if (field.equals("requesttime")
                    && !TIME.matcher(value.asText()).matches()) {
                throw Refused.input("requesttime is not in valid format");
            }
        }
        if (!whole.path("request").isObject()) {
            shapes.add("field required");
            throw shape(shapes);
        }
        ObjectNode request = (ObjectNode) whole.get("request");
        boolean csv = chosen(request, "output", "output type", Set.of("json", "csv"), "'output'")
                .equals("csv");
        boolean calls = chosen(
                        request, "deliverytype", "delivery type", Set.of("download", "callback"), "'deliverytype'")
                .equals("callback");
        Map<String, List<String>> mapping = mapping(request, shapes);
        if (request.has("lang") && !request.get("lang").isTextual()) {
            shapes.add("str type expected");
        }
        Jq format = outputFormat(request);
        ObjectNode callback = calls ? callback(request, csv, shapes) : null;
        List<JsonNode> records = source == Source.JSON ? authdata(request) : given;
        if (!shapes.isEmpty()) {
            throw shape(shapes);
        }
        return new SeederRequest(csv, mapping, format, records, callback);
    }

    private static String chosen(ObjectNode request, String field, String words, Set<String> all, String exception)
            throws Refused {
        if (!request.has(field)) {
            throw Refused.broken(exception);
        }
        String value = request.get(field).asText("");
        if (request.get(field).isNull() || value.isEmpty()) {
            throw Refused.input(words + " is not mentioned");
        }
        if (!all.contains(value)) {
            throw Refused.input(words + " is not supported");
        }
        return value;
    }

    private static Map<String, List<String>> mapping(ObjectNode request, List<String> shapes) {
        Map<String, List<String>> mapping = new LinkedHashMap<>();
        TARGETS.forEach(target -> mapping.put(target, List.of(target)));
        if (!request.has("mapping")) {
            return mapping;
        }
        JsonNode given = request.get("mapping");
        if (given.isNull()) {
            shapes.add("none is not an allowed value");
        } else if (!given.isObject()) {
            shapes.add("value is not a valid dict");
        }
        for (String target : TARGETS) {
            JsonNode value = given.path(target);
            if (value.isMissingNode()) {
                continue;
            }
            if (value.isNull()) {
                shapes.add("none is not an allowed value");
            } else if (LISTS.contains(target)) {
                if (value.isArray()) {
                    List<String> parts = new ArrayList<>();
                    value.forEach(part -> parts.add(part.asText()));
                    mapping.put(target, List.copyOf(parts));
                } else {
                    shapes.add("value is not a valid list");
                }
            } else if (value.isTextual()) {
                mapping.put(target, List.of(value.asText()));
            } else {
                shapes.add("str type expected");
            }
        }
        return mapping;
    }

    /** A JSON false is taken for the text {@code False}, which no program is, so that every result is empty (A8). */
    private static Jq outputFormat(ObjectNode request) throws Refused {
        JsonNode given = request.path("outputFormat");
        String program =
                given.isMissingNode() || given.isNull() || given.asText().isEmpty()
                        ? ".output"
                        : given.isBoolean() && !given.asBoolean() ? "empty" : given.asText();
        try {
            return Jq.compile(program);
        } catch (JsonQueryException unreadable) {
            throw Refused.business("ATS-REQ-103", "outputFormat is not a valid jq expression");
        }
    }

    private static @Nullable ObjectNode callback(ObjectNode request, boolean csv, List<String> shapes) throws Refused {
        JsonNode given = request.path("callbackProperties");
        if (!given.isObject() || given.isEmpty()) {
            throw Refused.business("ATS-REQ-024", "callbackProperties cannot be empty for deliverytype callback");
        }
        ObjectNode callback = ((ObjectNode) given).deepCopy();
        if (!callback.has("url")) {
            shapes.add("field required");
        } else if (!SCHEME.matcher(callback.get("url").asText()).matches()
                || !isAddress(callback.get("url").asText())) {
            shapes.add("invalid or missing URL scheme");
        }
        if (callback.has("timeoutSeconds") && !callback.get("timeoutSeconds").canConvertToInt()) {
            shapes.add("value is not a valid integer");
        }
        if (csv && callback.path("requestFileName").asText("").isEmpty()) {
            throw Refused.business("ATS-REQ-025", "requestFileName is not valid in callbackProperties");
        }
        if (csv && !callback.path("callInBulk").asBoolean(false)) {
            throw Refused.business("ATS-REQ-026", "callInBulk cannot be false for csv output");
        }
        checkAuthentication(callback, shapes);
        return callback;
    }

    private static boolean isAddress(String text) {
        try {
            return URI.create(text).getHost() != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static void checkAuthentication(ObjectNode callback, List<String> shapes) throws Refused {
        if (callback.has("authType") && callback.get("authType").isNull()) {
            shapes.add("none is not an allowed value");
            return;
        }
        String type = callback.path("authType").asText("none");
        switch (type) {
            case "none" -> {}
            case "odoo" -> {
                JsonNode odoo = present(callback, "authOdoo", "ATS-REQ-028", "odoo");
                filled(
                        odoo,
                        "authUrl",
                        "ATS-REQ-031",
                        "authUrl in authOdoo, cannot be empty for authType odoo",
                        shapes);
                filled(
                        odoo,
                        "username",
                        "ATS-REQ-032",
                        "username in authOdoo, cannot be empty for authType odoo",
                        shapes);
                filled(
                        odoo,
                        "database",
                        "ATS-REQ-033",
                        "database in authOdoo, cannot be empty for authType odoo",
                        shapes);
            }
            case "oauth" -> present(callback, "authOauth", "ATS-REQ-029", "oauth");
            case "staticBearer" ->
                filled(
                        present(callback, "authStaticBearer", "ATS-REQ-030", "staticBearer"),
                        "token",
                        "ATS-REQ-034",
                        "token in authStaticBearer cannot be empty for authType staticBearer",
                        shapes);
            default -> throw Refused.business("ATS-REQ-027", "unsupported authType in CallbackProperties");
        }
    }

    private static JsonNode present(ObjectNode callback, String field, String code, String type) throws Refused {
        JsonNode value = callback.path(field);
        if (!value.isObject() || value.isEmpty()) {
            throw Refused.business(code, field + " cannot be empty for authType " + type);
        }
        return value;
    }

    private static void filled(JsonNode node, String field, String code, String message, List<String> shapes)
            throws Refused {
        if (!node.has(field)) {
            shapes.add("field required");
        } else if (node.get(field).asText("").isEmpty()) {
            throw Refused.business(code, message);
        }
    }

    private static List<JsonNode> authdata(ObjectNode request) throws Refused {
        JsonNode given = request.path("authdata");
        if (given.isMissingNode() || given.isNull() || given.isArray() && given.isEmpty()) {
            throw Refused.input("authdata missing");
        }
        if (!given.isArray()) {
            throw Refused.broken("object of type '" + (given.isInt() ? "int" : "str") + "' has no len()");
        }
        List<JsonNode> records = new ArrayList<>();
        given.forEach(record -> records.add(record.isObject() ? record : JsonNodeFactory.instance.objectNode()));
        return List.copyOf(records);
    }
}
