package org.annona.registry.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where a value stands in a record: names with points between them. Of a list the first element counts, or the first in which a
 * field has a certain value: {@code regIds[idTypeAsStr=National ID].value}.
 */
record RecordPath(List<Part> parts) {

    private static final String NAME = "[A-Za-z_@][A-Za-z0-9_]*";
    private static final Pattern PART =
            Pattern.compile("(" + NAME + ")(?:\\[(" + NAME + ")=([^\\]]{1,80})\\])?(\\.|$)");

    /** @param key null where any element of a list will do */
    record Part(String name, @Nullable String key, @Nullable String value) {}

    static Optional<RecordPath> read(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end) && matcher.start() == end) {
            parts.add(new Part(matcher.group(1), matcher.group(2), matcher.group(3)));
            end = matcher.end();
        }
        boolean whole = end == text.length() && !text.isEmpty() && !text.endsWith(".");
        return whole ? Optional.of(new RecordPath(List.copyOf(parts))) : Optional.empty();
    }

    boolean isOfMember() {
        return parts.getFirst().name().equals("member") && parts.size() > 1;
    }

    /** Without its first part. */
    RecordPath rest() {
        return new RecordPath(parts.subList(1, parts.size()));
    }

    /** The fields that have to be asked for, each as names with points between them. */
    List<String> fields() {
        List<String> fields = new ArrayList<>();
        String above = "";
        for (Part part : parts) {
            above += (above.isEmpty() ? "" : ".") + part.name();
            if (part.key() != null) {
                fields.add(above + "." + part.key());
            }
        }
        fields.add(above);
        return fields;
    }

    /** Empty where there is none. */
    String in(JsonNode record) {
        return in(record, 0);
    }

    private String in(JsonNode node, int place) {
        if (node.isArray()) {
            for (JsonNode element : node) {
                String found = in(element, place);
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return "";
        }
        if (place == parts.size()) {
            return node.isValueNode() && !node.isNull() ? node.asString("").strip() : "";
        }
        Part part = parts.get(place);
        JsonNode below = node.path(part.name());
        if (part.key() == null) {
            return in(below, place + 1);
        }
        for (JsonNode element : below.isArray() ? below : List.of(below)) {
            if (element.path(part.key()).asString("").equalsIgnoreCase(part.value())) {
                return in(element, place + 1);
            }
        }
        return "";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(text.isEmpty() ? "" : ".").append(part.name());
            if (part.key() != null) {
                text.append('[')
                        .append(part.key())
                        .append('=')
                        .append(part.value())
                        .append(']');
            }
        }
        return text.toString();
    }
}
