package org.annona.interop.record;

import tools.jackson.databind.node.ObjectNode;

/** @param id stable, such as {@code urn:annona:area:N01} */
public record Place(String id, String name) {

    ObjectNode json() {
        return Part.of("Place").with("@id", id).with("name", name).json();
    }
}
