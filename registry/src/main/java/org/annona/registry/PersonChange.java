package org.annona.registry;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person without anything that names her. */
public record PersonChange(
        UUID id,
        boolean active,
        @Nullable String sex,
        @Nullable LocalDate birthDate) {}
