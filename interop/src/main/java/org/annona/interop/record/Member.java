package org.annona.interop.record;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A person as part of a social registry or of a group. */
public record Member(
        String id,
        List<Identifier> identifiers,
        @Nullable Person person,
        @Nullable Boolean disabled,
        @Nullable Instant registered,
        @Nullable Instant updated) {

    private static final String TYPE = "Member";

    ObjectNode json(RegistryKind kind) {
        return described(Part.of(TYPE), kind);
    }

    public ObjectNode asRecord(RegistryKind kind) {
        return described(Part.record(kind, TYPE, id), kind);
    }

    private ObjectNode described(Part part, RegistryKind kind) {
        return part.withParts(
                        "member_identifier",
                        identifiers.stream().map(Identifier::json).toList())
                .with("demographic_info", person == null ? null : person.json(kind))
                .with("is_disabled", disabled)
                .with("registration_date", registered)
                .with("last_updated", updated)
                .json();
    }
}
