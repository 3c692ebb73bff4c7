package org.annona.server.wiring;

import java.util.List;
import java.util.function.Function;
import org.annona.programs.Population;
import org.annona.registry.Changes;
import org.annona.registry.Registry;

/** The registry as the population of the programmes block. */
public final class RegistryPopulation implements Population {

    private final Registry registry;

    public RegistryPopulation(Registry registry) {
        this.registry = registry;
    }

    @Override
    public Part<Household> households(String after, int limit) {
        return part(
                registry.changedHouseholds(after, limit),
                row -> new Household(row.id(), row.ref(), row.active(), row.areaPath(), row.monthlyIncomeMinor()));
    }

    @Override
    public Part<Person> people(String after, int limit) {
        return part(
                registry.changedPeople(after, limit),
                row -> new Person(row.id(), row.active(), row.sex(), row.birthDate()));
    }

    @Override
    public Part<Membership> memberships(String after, int limit) {
        return part(
                registry.changedMemberships(after, limit),
                row -> new Membership(row.id(), row.householdId(), row.personId(), row.role(), row.from(), row.to()));
    }

    private static <R, T> Part<T> part(Changes<R> changes, Function<R, T> mapping) {
        List<T> rows = changes.rows().stream().map(mapping).toList();
        return new Part<>(rows, changes.position(), changes.more());
    }
}
