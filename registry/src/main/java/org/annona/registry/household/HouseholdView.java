package org.annona.registry.household;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A household as its page shows it; names masked. */
record HouseholdView(
        UUID id,
        String ref,
        String status,
        @Nullable String areaCode,
        @Nullable String areaName,
        boolean hasAddress,
        @Nullable Long monthlyIncomeMinor,
        String source,
        Instant updatedAt,
        String updatedBy,
        List<Member> members) {

    record Member(
            UUID personId,
            String personRef,
            String name,
            @Nullable String sex,
            String birthYear,
            String status,
            String role,
            LocalDate from,
            @Nullable LocalDate to,
            @Nullable String endReason,
            boolean current) {}

    public boolean hasHead() {
        return members.stream()
                .anyMatch(member -> member.current() && member.role().equals("head"));
    }
}
