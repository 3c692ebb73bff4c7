package org.annona.interop.record;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A person as far as the reader may know her: what is null or empty is not told.
 *
 * @param sex {@code male}, {@code female}, {@code other} or {@code unknown}
 * @param phones in E.164
 */
public record Person(
        List<Identifier> identifiers,
        @Nullable Name name,
        @Nullable String sex,
        @Nullable LocalDate birthDate,
        @Nullable LocalDate deathDate,
        List<String> phones,
        List<String> emails,
        @Nullable Instant registered,
        @Nullable Instant updated) {

    ObjectNode json(RegistryKind kind) {
        return described(Part.of(kind.person()));
    }

    /** As a record of its own. @param id the same in search, notification and status */
    public ObjectNode asRecord(RegistryKind kind, String id) {
        return described(Part.record(kind, kind.person(), id));
    }

    private ObjectNode described(Part part) {
        return part.withParts(
                        "identifier", identifiers.stream().map(Identifier::json).toList())
                .with("name", name == null ? null : name.json())
                .with("sex", sex)
                .with("birth_date", birthDate)
                .with("death_date", deathDate)
                .withTexts("phone_number", phones)
                .withTexts("email", emails)
                .with("registration_date", registered)
                .with("last_updated", updated)
                .json();
    }

    @Override
    public String toString() {
        return "Person[hidden]";
    }
}
