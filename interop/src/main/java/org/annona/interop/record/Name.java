package org.annona.interop.record;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A person's name in its parts, in any script. */
public record Name(
        @Nullable String surname,
        @Nullable String givenName,
        @Nullable String secondName) {

    ObjectNode json() {
        return Part.of("Name")
                .with("surname", surname)
                .with("given_name", givenName)
                .with("second_name", secondName)
                .json();
    }

    @Override
    public String toString() {
        return "Name[hidden]";
    }
}
