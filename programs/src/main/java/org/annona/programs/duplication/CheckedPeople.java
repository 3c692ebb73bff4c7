package org.annona.programs.duplication;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.programs.PersonDirectory;
import org.annona.programs.PersonDirectory.Described;
import org.annona.programs.ProgramsPermission;

/** What the user who decides about a match has to see of the person: masked, and the enrolments here. */
public final class CheckedPeople {

    private static final SqlFile ENROLMENTS = SqlFile.beside(CheckedPeople.class, "enrolments-of-person.sql");

    private final Database database;
    private final PersonDirectory directory;
    private final Clock clock;

    public CheckedPeople(Database database, PersonDirectory directory, Clock clock) {
        this.database = database;
        this.directory = directory;
        this.clock = clock;
    }

    /** An enrolment of ours. @param memberToday whether the person still lives in that household */
    public record Enrolled(
            UUID id,
            String programme,
            String household,
            String state,
            String reason,
            Instant changedAt,
            boolean memberToday) {}

    /** @return empty for a user who neither asks nor decides, and where the registry tells no names */
    Optional<Described> describe(Actor actor, UUID person) {
        boolean needed =
                actor.may(ProgramsPermission.ASK_DUPLICATES) || actor.may(ProgramsPermission.REVIEW_DUPLICATES);
        if (!needed) {
            actor.require(ProgramsPermission.VIEW);
        }
        return needed ? directory.describe(person) : Optional.empty();
    }

    List<Enrolled> enrolments(Actor actor, UUID person) {
        actor.require(ProgramsPermission.VIEW);
        return ENROLMENTS.list(
                database.sql(),
                Map.of("person", person, "today", LocalDate.now(clock)),
                (row, number) -> new Enrolled(
                        row.getObject("id", UUID.class),
                        row.getString("programme"),
                        row.getString("household"),
                        row.getString("state"),
                        row.getString("reason"),
                        row.getTimestamp("changed_at").toInstant(),
                        row.getBoolean("member_today")));
    }
}
