package org.annona.demo;

import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.standin.StandInSwitches;
import org.annona.foundation.job.Jobs;
import org.annona.programs.Programs;
import org.annona.registry.ImportStatus;
import org.annona.registry.OtherRegistries;
import org.annona.simulators.socialregistry.SimulatedSocialRegistry;

/** Households are imported from another registry, which has outages, and apply to the programme. */
public final class SourceDemo {

    private static final String CODE = "national";
    private static final String NAME = "Households of the national social registry";
    private static final String BAD_DAY = "failing=1&truncated=1&expired=1&cap=40";
    private static final int RECORDS = 100;

    private final OtherRegistries others;
    private final Programs programs;
    private final Jobs jobs;
    private final DemoUsers users;
    private final String address;
    private final StandInSwitches switches;

    /** @param address of the other registry @param switches where its misbehaviour is switched */
    public SourceDemo(
            OtherRegistries others,
            Programs programs,
            Jobs jobs,
            DemoUsers users,
            String address,
            StandInSwitches switches) {
        this.others = others;
        this.programs = programs;
        this.jobs = jobs;
        this.users = users;
        this.address = address;
        this.switches = switches;
    }

    void run(String programme, UUID programmeId, DemoOutput output, Waiting waiting) {
        Actor registrar = users.actor(Role.REGISTRAR);
        UUID agreed = others.agreed(registrar, NAME).orElseGet(() -> agree(registrar, programme));
        if (others.runs(registrar, agreed).isEmpty()) {
            switches.post("faults?" + BAD_DAY, "");
            others.start(registrar, agreed);
        }
        UUID run = others.runs(registrar, agreed).getFirst().id();
        waiting.until(
                "import/" + run,
                () -> applied(registrar, agreed).isPresent()
                        && jobs.ofSubject("import/" + run, 10).stream()
                                .allMatch(job -> job.state().isEnded()));
        ImportStatus done = applied(registrar, agreed).orElseThrow();
        output.step(
                "Another registry",
                DemoOutput.number(done.rowsCreated()) + " people imported from another social registry, "
                        + DemoOutput.number(done.rowsRejected()) + " rejected; "
                        + DemoOutput.number(applicants(programmeId)) + " households apply");
        output.more("that registry failed, cut an answer off and dropped our session; each was asked for again");
    }

    /** The newest run that was written: people may have looked at others, or cancelled some. */
    private Optional<ImportStatus> applied(Actor registrar, UUID agreed) {
        return others.runs(registrar, agreed).stream()
                .filter(run -> run.state() == ImportStatus.State.APPLIED)
                .findFirst();
    }

    private UUID agree(Actor registrar, String programme) {
        Actor administrator = users.actor(Role.ADMINISTRATOR);
        UUID source = others.source(administrator, CODE)
                .orElseGet(() -> others.createSource(
                        administrator,
                        CODE,
                        "National social registry",
                        address + "/api/v1/g2p-connect",
                        address + "/oauth2/token",
                        SimulatedSocialRegistry.CLIENT,
                        SimulatedSocialRegistry.SECRET,
                        RECORDS));
        return others.agreeHouseholds(registrar, source, NAME, programme, "Sample Social Protection Act, section 12");
    }

    private long applicants(UUID programme) {
        return programs.enrolled(users.actor(Role.PROGRAMME_MANAGER), programme).getOrDefault("applied", 0L);
    }

    boolean sum(DemoOutput output) {
        Actor registrar = users.actor(Role.REGISTRAR);
        ImportStatus done =
                applied(registrar, others.agreed(registrar, NAME).orElseThrow()).orElseThrow();
        long rows = done.rowsTotal() == null ? -1 : done.rowsTotal();
        return output.sum(
                "people of the other registry = imported + rejected",
                rows == done.rowsImported() + done.rowsRejected() && rows > 0 && done.unreadable() == 0,
                DemoOutput.number(rows) + " = " + DemoOutput.number(done.rowsImported()) + " + "
                        + DemoOutput.number(done.rowsRejected()));
    }
}
