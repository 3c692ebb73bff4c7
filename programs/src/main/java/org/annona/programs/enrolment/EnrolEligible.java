package org.annona.programs.enrolment;

import static org.annona.programs.internal.tables.Tables.DECISION;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.programs.DuplicationOracle;
import org.annona.programs.programme.Programmes;

/**
 * Takes the eligible households of an assessment in as applicants and enrols the applicants, unless the programme waits for
 * clearance and has none. Leaves households alone that are held, suspended or have left.
 */
public final class EnrolEligible implements Work {

    static final String KIND = "programs.enrol-eligible";

    private static final int HOUSEHOLDS_PER_CHUNK = 5_000;
    private static final SqlFile APPLY = SqlFile.beside(EnrolEligible.class, "apply.sql");
    private static final SqlFile ENROL = SqlFile.beside(EnrolEligible.class, "enrol.sql");

    private final Database database;
    private final DuplicationOracle duplication;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public EnrolEligible(Database database, DuplicationOracle duplication, Clock clock) {
        this.database = database;
        this.duplication = duplication;
        this.clock = clock;
    }

    record Order(UUID assessmentId, UUID programmeId) {}

    private record Position(UUID household, long enrolled) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        Order order = run.input(Order.class);
        Position position = run.cursor(Position.class, new Position(new UUID(0, 0), 0));
        return run.chunk(database, tx -> {
            List<UUID> households = tx.select(DECISION.SUBJECT_ID)
                    .from(DECISION)
                    .where(DECISION.ASSESSMENT_ID.eq(order.assessmentId()), DECISION.OUTCOME.eq("eligible"))
                    .and(DECISION.SUBJECT_ID.gt(position.household()))
                    .orderBy(DECISION.SUBJECT_ID)
                    .limit(HOUSEHOLDS_PER_CHUNK)
                    .fetch(DECISION.SUBJECT_ID);
            if (households.isEmpty()) {
                audit.append(
                        tx,
                        AuditEvent.of(run.requestedBy(), "programs.enrol.done", "programme/" + order.programmeId())
                                .because(run.asCause())
                                .touching(position.enrolled()));
                return Progress.finished(position.enrolled() + " were enrolled");
            }
            Map<String, Object> values = Map.of(
                    "ids",
                    SqlFile.column("uuid", households, household -> Ids.next()),
                    "households",
                    SqlFile.column("uuid", households, household -> household),
                    "programme",
                    order.programmeId(),
                    "kind",
                    Programmes.subjectOf(tx, order.programmeId()).code(),
                    "actor",
                    run.requestedBy(),
                    "cause",
                    "assessment/" + order.assessmentId(),
                    "now",
                    Timestamp.from(clock.instant()));
            APPLY.run(tx, values);
            Set<UUID> notCleared = duplication.notCleared(order.programmeId(), households);
            Map<String, Object> cleared = new HashMap<>(values);
            cleared.put(
                    "households",
                    SqlFile.column(
                            "uuid",
                            households.stream()
                                    .filter(household -> !notCleared.contains(household))
                                    .toList(),
                            household -> household));
            int enrolled = ENROL.run(tx, cleared);
            return Progress.upTo(new Position(households.getLast(), position.enrolled() + enrolled))
                    .done(households.size())
                    .in("enrolling");
        });
    }
}
