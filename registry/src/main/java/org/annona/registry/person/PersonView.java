package org.annona.registry.person;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.annona.registry.consent.Consents;
import org.jspecify.annotations.Nullable;

/**
 * A person as her page shows her.
 *
 * @param clear whether values stand in clear; otherwise they are masked
 * @param duplicates others with the same name words, birth date and sex
 */
record PersonView(
        UUID id,
        String ref,
        String status,
        boolean clear,
        String name,
        String birthDate,
        String birthPrecision,
        @Nullable String sex,
        @Nullable LocalDate deathDate,
        @Nullable String email,
        List<Identifier> identifiers,
        List<String> phones,
        List<Account> accounts,
        List<Membership> memberships,
        List<Consents.Consent> consents,
        List<Duplicate> duplicates,
        String source,
        String updatedBy,
        Instant updatedAt) {

    record Identifier(String label, String value, String status) {}

    record Account(String scheme, String provider, String number, boolean active) {}

    record Membership(
            UUID householdId,
            String householdRef,
            String role,
            LocalDate from,
            @Nullable LocalDate to,
            boolean current) {}

    record Duplicate(UUID id, String ref) {}
}
