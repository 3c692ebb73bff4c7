package org.annona.server.wiring;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.programs.Applicants;
import org.annona.programs.Programs;
import org.annona.registry.ProgrammeIntake;

/** Brings households that were imported to the programmes of this installation. */
public final class ApplicantsOfPrograms implements ProgrammeIntake {

    private final Programs programs;

    public ApplicantsOfPrograms(Programs programs) {
        this.programs = programs;
    }

    @Override
    public Map<String, String> programmes() {
        return programs.takingApplicants();
    }

    @Override
    public Intake bring(String programme, List<UUID> households, String cause) {
        Applicants applicants = programs.bring(programme, households, cause);
        return new Intake(applicants.applied(), applicants.unknown());
    }
}
