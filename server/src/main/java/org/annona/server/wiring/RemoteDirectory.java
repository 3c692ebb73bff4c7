package org.annona.server.wiring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.interop.client.DciClient;
import org.annona.interop.search.Outcome;
import org.annona.programs.PersonDirectory;

/** The registry of another installation as the directory of people for the programmes block. */
public final class RemoteDirectory implements PersonDirectory {

    private final RegistryOverDci registry;

    public RemoteDirectory(RegistryOverDci registry) {
        this.registry = registry;
    }

    @Override
    public List<String> types() {
        return List.of("UIN", "PERSON_REF");
    }

    @Override
    public boolean tellsIdentifiers() {
        return false;
    }

    @Override
    public List<String> toldTypes() {
        return List.of();
    }

    @Override
    public Map<UUID, List<Identifier>> identifiersOf(Collection<UUID> people, boolean alsoDeceased) {
        throw new UnsupportedOperationException("the registry of another installation tells no numbers of people");
    }

    @Override
    public List<Optional<UUID>> find(List<Identifier> identifiers) {
        List<DciClient.Question> questions = new ArrayList<>();
        for (Identifier identifier : identifiers) {
            questions.add(new DciClient.Question(
                    "q-" + questions.size(), DciClient.byIdentifier(identifier.type(), identifier.value(), "Member")));
        }
        return registry.search(questions).values().stream().map(this::person).toList();
    }

    /** Nobody only where that is sure. */
    private Optional<UUID> person(Outcome outcome) {
        if (outcome.isSurelyNothing()) {
            return Optional.empty();
        }
        Outcome.Answered answered = registry.answered(outcome);
        if (answered.records().size() != 1) {
            throw registry.unknown("it does not tell one person for an identifier");
        }
        return Optional.of(RemotePopulation.id(answered.records().getFirst()));
    }

    @Override
    public Map<UUID, String> maskedNames(Collection<UUID> people) {
        return Map.of();
    }

    /** Names of people stay in the installation that keeps them. */
    @Override
    public Optional<Described> describe(UUID person) {
        return Optional.empty();
    }
}
