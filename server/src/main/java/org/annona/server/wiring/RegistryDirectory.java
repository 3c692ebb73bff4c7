package org.annona.server.wiring;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.programs.PersonDirectory;
import org.annona.registry.PersonIdentifier;
import org.annona.registry.Registry;

/** The registry as the directory of people for the programmes block. */
public final class RegistryDirectory implements PersonDirectory {

    private final Registry registry;

    public RegistryDirectory(Registry registry) {
        this.registry = registry;
    }

    @Override
    public List<String> types() {
        return registry.identifierTypes();
    }

    @Override
    public boolean tellsIdentifiers() {
        return true;
    }

    @Override
    public List<String> toldTypes() {
        return registry.toldIdentifierTypes();
    }

    @Override
    public Map<UUID, List<Identifier>> identifiersOf(Collection<UUID> people, boolean alsoDeceased) {
        Map<UUID, List<Identifier>> identifiers = new HashMap<>();
        registry.identifiersOf(people, alsoDeceased)
                .forEach((person, all) -> identifiers.put(
                        person,
                        all.stream()
                                .map(identifier -> new Identifier(identifier.type(), identifier.value()))
                                .toList()));
        return identifiers;
    }

    @Override
    public List<Optional<UUID>> find(List<Identifier> identifiers) {
        return registry.peopleByIdentifier(identifiers.stream()
                .map(identifier -> new PersonIdentifier(identifier.type(), identifier.value()))
                .toList());
    }

    @Override
    public Map<UUID, String> maskedNames(Collection<UUID> people) {
        return registry.maskedNames(people);
    }

    @Override
    public Optional<Described> describe(UUID person) {
        return registry.masked(person)
                .map(masked -> new Described(
                        masked.ref(),
                        masked.name(),
                        masked.birthYear(),
                        masked.identifiers().stream()
                                .map(one -> new MaskedIdentifier(one.label(), one.type(), one.value(), one.status()))
                                .toList()));
    }
}
