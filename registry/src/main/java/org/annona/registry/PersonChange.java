package org.annona.registry;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person without a name: key, reference, and what rules read. */
public record PersonChange(
        UUID id,
        String ref,
        boolean active,
        @Nullable String sex,
        @Nullable LocalDate birthDate) {}
