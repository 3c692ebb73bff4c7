package org.annona.interop.record;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import org.annona.interop.message.ProtocolTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An object of a class of the standard. What is unknown is left out, neither null nor empty (DCI reference R13.3). */
final class Part {

    private final ObjectNode json = JsonMapper.shared().createObjectNode();

    private Part() {}

    static Part of(String type) {
        Part part = new Part();
        part.json.put("@type", type);
        return part;
    }

    /** A record as it is sent, with its context and its stable id. */
    static Part record(RegistryKind kind, String type, String id) {
        Part part = new Part();
        part.json.set("@context", kind.context());
        part.json.put("@type", type);
        part.json.put("@id", id);
        return part;
    }

    Part with(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            json.put(name, value);
        }
        return this;
    }

    Part with(String name, @Nullable Integer value) {
        if (value != null) {
            json.put(name, value);
        }
        return this;
    }

    Part with(String name, @Nullable Boolean value) {
        if (value != null) {
            json.put(name, value);
        }
        return this;
    }

    /** All dates are date-times; readers take the first ten letters (DCI reference R13.4). */
    Part with(String name, @Nullable LocalDate value) {
        return with(name, value == null ? null : value + "T00:00:00Z");
    }

    Part with(String name, @Nullable Instant value) {
        return with(name, value == null ? null : ProtocolTime.write(value));
    }

    Part with(String name, @Nullable ObjectNode value) {
        if (value != null) {
            json.set(name, value);
        }
        return this;
    }

    Part withTexts(String name, Collection<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = json.putArray(name);
            values.forEach(array::add);
        }
        return this;
    }

    Part withParts(String name, Collection<ObjectNode> values) {
        return values.isEmpty() ? this : withAll(name, values);
    }

    /** Also where there are none. */
    Part withAll(String name, Collection<ObjectNode> values) {
        json.putArray(name).addAll(values);
        return this;
    }

    ObjectNode json() {
        return json;
    }
}
