package org.annona.server.wiring;

import java.util.List;
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
    public List<Optional<UUID>> find(List<Identifier> identifiers) {
        return registry.peopleByIdentifier(identifiers.stream()
                .map(identifier -> new PersonIdentifier(identifier.type(), identifier.value()))
                .toList());
    }
}
