package org.annona.registry.household;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A household in a list. */
record HouseholdRow(
        UUID id,
        String ref,
        String status,
        @Nullable String areaCode,
        @Nullable String areaName,
        int members,
        boolean hasHead,
        @Nullable Long monthlyIncomeMinor,
        Instant createdAt) {}
