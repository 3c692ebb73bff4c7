package org.annona.server.wiring;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.interop.matching.MatchingRequest;
import org.annona.programs.BeneficiaryRegistries;

/**
 * Where the registry is in another house, this one knows nobody's identifiers, so that it cannot ask others by them. No source
 * can be set up, and whoever tries is told so.
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
        throw new UnsupportedOperationException("no source can be set up here");
    }

    @Override
    public Evidence ask(String senderId, String identifierType, String value) {
        throw new UnsupportedOperationException("no source can be set up here");
    }

    @Override
    public Said match(String senderId, MatchingRequest.Step step) {
        throw new UnsupportedOperationException("no source can be set up here");
    }

    @Override
    public void askLater(String senderId, UUID inquiry, List<UUID> people, Instant deadline) {
        throw new UnsupportedOperationException("no source can be set up here");
    }
}
