package org.annona.server.wiring;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.foundation.feed.FeedPart;
import org.annona.programs.Population;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The registry of another installation as the population of the programmes block. */
public final class RemotePopulation implements Population {

    private final RegistryOverDci registry;

    public RemotePopulation(RegistryOverDci registry) {
        this.registry = registry;
    }

    @Override
    public FeedPart<Household> households(String after, int limit) {
        return registry.changes(
                "HouseholdChange",
                after,
                limit,
                row -> new Household(
                        id(row),
                        row.path("ref").asString(),
                        row.path("active").asBoolean(),
                        text(row, "area_path"),
                        row.path("monthly_income_minor").isIntegralNumber()
                                ? row.path("monthly_income_minor").asLong()
                                : null));
    }

    @Override
    public FeedPart<Person> people(String after, int limit) {
        return registry.changes(
                "PersonChange",
                after,
                limit,
                row -> new Person(
                        id(row),
                        row.path("ref").asString(),
                        row.path("active").asBoolean(),
                        text(row, "sex"),
                        day(row, "birth_date")));
    }

    @Override
    public FeedPart<Membership> memberships(String after, int limit) {
        return registry.changes(
                "MembershipChange",
                after,
                limit,
                row -> new Membership(
                        id(row),
                        UUID.fromString(row.path("household").asString()),
                        UUID.fromString(row.path("person").asString()),
                        row.path("role").asString(),
                        LocalDate.parse(row.path("from").asString()),
                        day(row, "to")));
    }

    static UUID id(JsonNode row) {
        String id = row.path("@id").asString();
        return UUID.fromString(id.substring(id.lastIndexOf(':') + 1));
    }

    static @Nullable String text(JsonNode row, String name) {
        return row.path(name).isString() ? row.path(name).asString() : null;
    }

    private static @Nullable LocalDate day(JsonNode row, String name) {
        String text = text(row, name);
        return text == null ? null : LocalDate.parse(text);
    }
}
