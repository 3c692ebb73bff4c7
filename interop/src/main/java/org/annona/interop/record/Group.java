package org.annona.interop.record;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** @param size also where the members themselves are not told */
public record Group(
        String id,
        List<Identifier> identifiers,
        AssistanceUnit kind,
        @Nullable Place place,
        @Nullable Integer size,
        @Nullable Member head,
        List<Member> members,
        @Nullable Instant registered,
        @Nullable Instant updated) {

    private static final String TYPE = "Group";

    ObjectNode json(RegistryKind registry) {
        return described(Part.of(TYPE), registry);
    }

    public ObjectNode asRecord(RegistryKind registry) {
        return described(Part.record(registry, TYPE, id), registry);
    }

    private ObjectNode described(Part part, RegistryKind registry) {
        return part.withParts(
                        "group_identifier",
                        identifiers.stream().map(Identifier::json).toList())
                .with("group_type", kind.code())
                .with("geographical_location", place == null ? null : place.json())
                .with("group_size", size)
                .with("group_head_info", head == null ? null : head.json(registry))
                .withParts(
                        "member_list",
                        members.stream().map(member -> member.json(registry)).toList())
                .with("registration_date", registered)
                .with("last_updated", updated)
                .json();
    }
}
