package org.annona.server.wiring;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.problem.Problem;
import org.annona.interop.matching.MatchingRequest;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.ProgramsProblem;

/**
 * Where the registry is in another installation, this one knows nobody's identifiers, so that it cannot ask others by them. No source
 * can be set up, and every question is refused with the reason.
 */
public final class NoBeneficiaryRegistries implements BeneficiaryRegistries {

    @Override
    public List<Other> all() {
        return List.of();
    }

    @Override
    public int mostAtOnce(String senderId) {
        return 1;
    }

    @Override
    public Map<UUID, List<Evidence>> ask(String senderId, List<UUID> people) {
        throw none();
    }

    @Override
    public Evidence ask(String senderId, String identifierType, String value) {
        throw none();
    }

    @Override
    public Said match(String senderId, MatchingRequest.Step step) {
        throw none();
    }

    @Override
    public void askLater(String senderId, UUID inquiry, List<UUID> people, Instant deadline) {
        throw none();
    }

    private static Problem none() {
        return Problem.of(
                ProgramsProblem.DUPLICATION_SOURCE_UNFIT,
                "reason",
                "other registries are asked by the installation that has the registry of people");
    }
}
