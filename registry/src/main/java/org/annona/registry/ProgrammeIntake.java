package org.annona.registry;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where households that come from another registry can be brought to. Another part of the installation fills it. */
public interface ProgrammeIntake {

    /** @param unknown households of which the programmes have not heard yet, but will */
    record Intake(int applied, int unknown) {}

    /** Code and name of each programme that takes applicants; none where this installation has no programmes. */
    Map<String, String> programmes();

    /**
     * Makes them applicants who are in the programme in no way. May be repeated without effect.
     *
     * @param cause for the history of each enrolment
     */
    Intake bring(String programme, List<UUID> households, String cause);
}
