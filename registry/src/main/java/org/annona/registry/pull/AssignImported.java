package org.annona.registry.pull;

import static org.annona.registry.internal.tables.Tables.IMPORT;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.problem.Problem;
import org.annona.registry.ProgrammeIntake;
import org.annona.registry.RegistryProblem;
import org.annona.registry.importing.ApplyImport;
import org.annona.registry.importing.Imports;
import org.annona.registry.internal.tables.tables.records.ImportRecord;

/** Brings the households of an import to its programme as applicants (reference IM-22). */
public final class AssignImported implements Work {

    private static final int ROWS_PER_CHUNK = 5_000;
    private static final int MOST_TRIES = 800;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final SqlFile HOUSEHOLDS = SqlFile.beside(AssignImported.class, "households-of-rows.sql");

    private final Database database;
    private final ProgrammeIntake programmes;
    private final Clock clock;

    public AssignImported(Database database, ProgrammeIntake programmes, Clock clock) {
        this.database = database;
        this.programmes = programmes;
        this.clock = clock;
    }

    /** @param tries of this part, because the programmes have not heard of all its households */
    private record Position(long row, int tries, long applied) {}

    @Override
    public String kind() {
        return ApplyImport.ASSIGN;
    }

    @Override
    public Step step(JobRun run) {
        UUID id = run.input(Imports.ImportJob.class).importId();
        ImportRecord file = database.sql().fetchSingle(IMPORT, IMPORT.ID.eq(id));
        Position position = run.cursor(Position.class, new Position(0, 0, 0));
        if (position.row() > Objects.requireNonNull(file.getRowsTotal())) {
            return run.chunk(
                    database,
                    tx -> Progress.finished(position.applied() + " households applied to " + file.getProgramme()
                            + "; the others are in it, or were put out of it for good"));
        }
        long to = position.row() + ROWS_PER_CHUNK;
        List<UUID> households = HOUSEHOLDS.list(
                database.sql(),
                Map.of("import", id, "from", position.row(), "to", to, "today", LocalDate.now(clock)),
                (row, number) -> row.getObject(1, UUID.class));
        ProgrammeIntake.Intake intake = programmes.bring(file.getProgramme(), households, "import/" + id);
        if (intake.unknown() > 0 && position.tries() >= MOST_TRIES) {
            run.chunk(
                    database,
                    tx -> Progress.upTo(new Position(position.row(), 0, position.applied() + intake.applied())));
            throw Problem.of(RegistryProblem.PROGRAMMES_BEHIND, "households", intake.unknown());
        }
        if (intake.unknown() > 0) {
            run.chunk(
                    database,
                    tx -> Progress.upTo(
                            new Position(position.row(), position.tries() + 1, position.applied() + intake.applied())));
            return Step.waitFor(PAUSE, "the programmes have not heard of all households yet");
        }
        return run.chunk(
                database,
                tx -> Progress.upTo(new Position(to, 0, position.applied() + intake.applied()))
                        .done(households.size())
                        .in("assigning"));
    }
}
