package org.annona.server.wiring;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.registry.ProgrammeIntake;

/** In an installation without programmes nobody can be brought to one. */
public final class NoProgrammes implements ProgrammeIntake {

    @Override
    public Map<String, String> programmes() {
        return Map.of();
    }

    @Override
    public Intake bring(String programme, List<UUID> households, String cause) {
        throw new IllegalStateException("there are no programmes in this installation");
    }
}
