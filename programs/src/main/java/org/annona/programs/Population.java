package org.annona.programs;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.foundation.feed.FeedPart;
import org.jspecify.annotations.Nullable;

/**
 * Port to the registry of people: what changed since a position, without anything that names a person. A row that changes
 * again comes again. A source that does not answer throws; it never gives an empty part instead.
 */
public interface Population {

    /** @param after an empty text for the beginning, then the position of the part before */
    FeedPart<Household> households(String after, int limit);

    FeedPart<Person> people(String after, int limit);

    FeedPart<Membership> memberships(String after, int limit);

    /** @param areaPath from the root, such as {@code /N/N01/}; null where it is not known */
    record Household(
            UUID id,
            String ref,
            boolean active,
            @Nullable String areaPath,
            @Nullable Long monthlyIncomeMinor) {}

    record Person(
            UUID id,
            String ref,
            boolean active,
            @Nullable String sex,
            @Nullable LocalDate birthDate) {}

    /** @param to not included; null while it lasts */
    record Membership(
            UUID id,
            UUID householdId,
            UUID personId,
            String role,
            LocalDate from,
            @Nullable LocalDate to) {}
}
