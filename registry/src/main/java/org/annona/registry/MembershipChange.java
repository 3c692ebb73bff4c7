package org.annona.registry;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** @param to not included; null while it lasts; equal to {@code from} where the membership was entered in error */
public record MembershipChange(
        UUID id,
        UUID householdId,
        UUID personId,
        String role,
        LocalDate from,
        @Nullable LocalDate to) {}
