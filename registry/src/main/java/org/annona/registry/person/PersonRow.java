package org.annona.registry.person;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person in a list, masked. */
record PersonRow(
        UUID id,
        String ref,
        String name,
        @Nullable String sex,
        String birthYear,
        String status,
        @Nullable UUID householdId,
        @Nullable String householdRef,
        @Nullable String areaName,
        Instant createdAt) {}
