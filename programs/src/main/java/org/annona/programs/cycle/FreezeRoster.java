package org.annona.programs.cycle;

import static org.annona.programs.internal.tables.Tables.CYCLE;
import static org.annona.programs.internal.tables.Tables.ENROLMENT;
import static org.annona.programs.internal.tables.Tables.ROSTER;

import java.util.Map;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.listing.Chunk;
import org.annona.programs.cycle.Cycle.State;
import org.annona.programs.internal.tables.tables.records.CycleRecord;
import org.annona.programs.population.PopulationRefresh;
import org.annona.programs.population.SubjectKind;
import org.annona.programs.programme.Programmes;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Copies what is true today of every enrolled subject into the roster of a cycle. */
public final class FreezeRoster implements Work {

    static final String KIND = "programs.freeze-roster";

    private static final int SUBJECTS_PER_CHUNK = 10_000;
    private static final SqlFile HOUSEHOLDS = SqlFile.beside(FreezeRoster.class, "freeze-households.sql");
    private static final SqlFile PEOPLE = SqlFile.beside(FreezeRoster.class, "freeze-people.sql");
    private static final SqlFile MEMBERS = SqlFile.beside(FreezeRoster.class, "freeze-members.sql");

    private final Database database;
    private final PopulationRefresh refresh;

    public FreezeRoster(Database database, PopulationRefresh refresh) {
        this.database = database;
        this.refresh = refresh;
    }

    private record Position(boolean fresh, UUID subject) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        UUID id = run.input(Cycles.CycleJob.class).cycleId();
        Position position = run.cursor(Position.class, new Position(false, new UUID(0, 0)));
        if (!position.fresh()) {
            boolean more = refresh.fetch().more();
            return run.chunk(
                    database,
                    tx -> Progress.upTo(new Position(!more, position.subject())).in("fetching the population"));
        }
        return run.chunk(database, tx -> freezeChunk(tx, run, id, position.subject()));
    }

    private static Progress freezeChunk(DSLContext tx, JobRun run, UUID id, UUID after) {
        CycleRecord cycle = tx.fetchSingle(CYCLE, CYCLE.ID.eq(id));
        if (cycle.getState().equals(Cycles.state(State.CANCELLED))) {
            return Progress.finished("the cycle was given up");
        }
        UUID last = lastOfChunk(tx, cycle, after);
        if (last == null) {
            return finish(tx, run, id);
        }
        Map<String, Object> values = Map.of(
                "cycle", id, "programme", cycle.getProgrammeId(), "day", cycle.getAsOf(), "after", after, "last", last);
        int frozen = (Programmes.subjectOf(tx, cycle.getProgrammeId()) == SubjectKind.PERSON ? PEOPLE : HOUSEHOLDS)
                .run(tx, values);
        MEMBERS.run(tx, values);
        return Progress.upTo(new Position(true, last)).done(frozen).in("freezing");
    }

    private static @Nullable UUID lastOfChunk(DSLContext tx, CycleRecord cycle, UUID after) {
        return Chunk.lastKey(
                tx,
                ENROLMENT,
                ENROLMENT.SUBJECT_ID,
                ENROLMENT
                        .PROGRAMME_ID
                        .eq(cycle.getProgrammeId())
                        .and(ENROLMENT.STATE.eq("enrolled"))
                        .and(ENROLMENT.SUBJECT_ID.gt(after)),
                SUBJECTS_PER_CHUNK);
    }

    private static Progress finish(DSLContext tx, JobRun run, UUID id) {
        CycleRecord cycle = Cycles.locked(tx, id, State.PLANNED);
        long subjects = tx.fetchCount(ROSTER, ROSTER.CYCLE_ID.eq(id));
        cycle.setHouseholds(subjects);
        cycle.setState(Cycles.state(State.FROZEN));
        cycle.update();
        Jobs.order(
                tx,
                new JobOrder(
                        "programs",
                        ComputeEntitlements.KIND,
                        ComputeEntitlements.KIND + "/" + id,
                        "Entitlements of " + cycle.getCode(),
                        "cycle/" + id,
                        run.requestedBy(),
                        new Cycles.CycleJob(id)));
        return Progress.finished(subjects + " "
                + Programmes.subjectOf(tx, cycle.getProgrammeId()).plural() + " are on the roster");
    }
}
