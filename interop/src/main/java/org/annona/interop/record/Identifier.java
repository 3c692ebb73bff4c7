package org.annona.interop.record;

import tools.jackson.databind.node.ObjectNode;

/** @param type of the standard's list or a local one, without prefix, such as {@code UIN} */
public record Identifier(String type, String value) {

    ObjectNode json() {
        return Part.of("Identifier")
                .with("identifier_type", type)
                .with("identifier_value", value)
                .json();
    }

    @Override
    public String toString() {
        return "Identifier[" + type + "]";
    }
}
