package org.annona.server.wiring;

import org.annona.foundation.feed.FeedPart;
import org.annona.programs.Population;
import org.annona.registry.Registry;

/** The registry as the population of the programmes block. */
public final class RegistryPopulation implements Population {

    private final Registry registry;

    public RegistryPopulation(Registry registry) {
        this.registry = registry;
    }

    @Override
    public FeedPart<Household> households(String after, int limit) {
        return registry.changedHouseholds(after, limit)
                .map(row -> new Household(row.id(), row.ref(), row.active(), row.areaPath(), row.monthlyIncomeMinor()));
    }

    @Override
    public FeedPart<Person> people(String after, int limit) {
        return registry.changedPeople(after, limit)
                .map(row -> new Person(row.id(), row.ref(), row.active(), row.sex(), row.birthDate()));
    }

    @Override
    public FeedPart<Membership> memberships(String after, int limit) {
        return registry.changedMemberships(after, limit)
                .map(row ->
                        new Membership(row.id(), row.householdId(), row.personId(), row.role(), row.from(), row.to()));
    }
}
