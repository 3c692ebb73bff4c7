package org.annona.programs.enrolment;

import static org.annona.programs.internal.tables.Tables.ASSESSMENT;
import static org.annona.programs.internal.tables.Tables.ENROLMENT;
import static org.annona.programs.internal.tables.Tables.ENROLMENT_HISTORY;
import static org.annona.programs.internal.tables.Tables.ENROLMENT_TRANSITION;
import static org.annona.programs.internal.tables.Tables.PERSON;
import static org.annona.programs.internal.tables.Tables.PROGRAMME;
import static org.annona.programs.internal.tables.Tables.SUBJECT;
import static org.annona.programs.internal.tables.Tables.SUBJECT_MEMBER;
import static org.jooq.impl.DSL.boolOr;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.Applicants;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.eligibility.Assessment;
import org.annona.programs.eligibility.Assessments;
import org.annona.programs.internal.tables.tables.records.EnrolmentRecord;
import org.annona.programs.population.SubjectKind;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.Programmes;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;

/** Who is in a programme. Steps and their reasons are a table that the database enforces. */
public final class Enrolments {

    private static final SqlFile BRING = SqlFile.beside(Enrolments.class, "bring.sql");
    private static final SqlFile KNOWN = SqlFile.beside(Enrolments.class, "count-known.sql");
    /** As a possible duplicate, until an approver has decided on the check (decision 0014). */
    private static final String HELD = "duplicate_held";

    private static final Keyset ORDER =
            new Keyset(Map.of("changed", ENROLMENT.CHANGED_AT), "changed", true, ENROLMENT.ID);

    private final Database database;
    private final Programmes programmes;
    private final Assessments assessments;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public Enrolments(Database database, Programmes programmes, Assessments assessments, Clock clock) {
        this.database = database;
        this.programmes = programmes;
        this.assessments = assessments;
        this.clock = clock;
    }

    /** @param id of the enrolment, not of the household */
    public record Enrolment(
            UUID id,
            UUID programmeId,
            UUID subjectId,
            String subjectRef,
            String state,
            String reason,
            String note,
            String changedBy,
            Instant changedAt) {}

    public record Change(
            String fromState, String toState, String reason, String note, String changedBy, String cause, Instant at) {}

    /** A step that is possible now. */
    public record NextStep(String toState, String reason) {}

    /**
     * Enrols the eligible households of an assessment: exactly those that its preview counted. It must be the newest one,
     * made with the terms in force, and done today or yesterday.
     */
    public UUID enrolEligible(Actor actor, UUID assessmentId) {
        actor.require(ProgramsPermission.ENROL);
        Assessment assessment = assessments.show(actor, assessmentId);
        Programme programme = programmes.requireActive(assessment.programmeId());
        refuseOutdated(assessment, programme);
        return database.inTransaction(tx -> {
            tx.update(ASSESSMENT)
                    .set(ASSESSMENT.STATE, "enrolled")
                    .where(ASSESSMENT.ID.eq(assessmentId))
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.enrol.begin", "programme/" + programme.id())
                            .because("assessment/" + assessmentId)
                            .with("households", assessment.newlyEligible()));
            return Jobs.order(
                    tx,
                    new JobOrder(
                            "programs",
                            EnrolEligible.KIND,
                            EnrolEligible.KIND + "/" + assessmentId,
                            "Enrolment in " + programme.name(),
                            "programme/" + programme.id(),
                            actor.name(),
                            new EnrolEligible.Order(assessmentId, programme.id())));
        });
    }

    private void refuseOutdated(Assessment assessment, Programme programme) {
        String reason = null;
        if (assessment.state() == Assessment.State.RUNNING) {
            reason = "it is not finished";
        } else if (!Integer.valueOf(assessment.version()).equals(programme.currentVersion())) {
            reason = "the terms of the programme have changed since";
        } else if (!assessments
                .newestOf(programme.id())
                .map(newest -> newest.id().equals(assessment.id()))
                .orElse(false)) {
            reason = "there is a newer one";
        } else if (assessment.createdAt().isBefore(clock.instant().minus(Duration.ofDays(2)))) {
            reason = "it is older than two days";
        }
        if (reason != null) {
            throw Problem.of(ProgramsProblem.ASSESSMENT_OUTDATED, "reason", reason);
        }
    }

    /**
     * Makes applicants of households, for the same checks as all others. May be repeated without effect.
     *
     * @param cause for the history of each enrolment
     */
    public Applicants bring(String programmeCode, List<UUID> households, String cause) {
        Programme programme = programmes
                .findByCode(programmeCode)
                .map(found -> programmes.requireActive(found.id()))
                .orElseThrow(() -> Problem.of(ProgramsProblem.PROGRAMME_UNKNOWN));
        if (programme.subject() != SubjectKind.HOUSEHOLD) {
            throw Problem.of(
                    ProgramsProblem.PROGRAMME_NOT_READY,
                    "state",
                    "for " + programme.subject().plural() + ", and these are households");
        }
        return database.inTransaction(tx -> {
            Object column = SqlFile.column("uuid", households, household -> household);
            int applied = BRING.run(
                    tx,
                    Map.of(
                            "ids",
                            SqlFile.column("uuid", households, household -> Ids.next()),
                            "households",
                            column,
                            "programme",
                            programme.id(),
                            "kind",
                            programme.subject().code(),
                            "actor",
                            Actor.SYSTEM,
                            "cause",
                            cause,
                            "now",
                            Timestamp.from(clock.instant())));
            if (applied > 0) {
                audit.append(
                        tx,
                        AuditEvent.of(Actor.SYSTEM, "programs.enrol.bring", "programme/" + programme.id())
                                .because(cause)
                                .touching(applied));
            }
            int known = Math.toIntExact(KNOWN.list(tx, Map.of("households", column), (row, number) -> row.getLong(1))
                    .getFirst());
            return new Applicants(applied, households.size() - known);
        });
    }

    /** Whether a step to this state ends the enrolment, which takes two people. */
    static boolean ends(String toState) {
        return toState.equals("exited") || toState.equals("rejected");
    }

    /** Moves one enrolment by a step of the table that does not end it; {@link EnrolmentEnds} does that. */
    public void change(Actor actor, UUID id, String toState, String reason, String note) {
        actor.require(ProgramsPermission.ENROL);
        if (ends(toState)) {
            throw Problem.of(ProgramsProblem.END_NEEDS_TWO);
        }
        database.transact(tx -> {
            EnrolmentRecord enrolment = allowed(tx, id, toState, reason);
            String from = enrolment.getState();
            if (from.equals(HELD)) {
                throw Problem.of(ProgramsProblem.DUPLICATE_UNDECIDED);
            }
            enrolment.setState(toState);
            enrolment.setReason(reason);
            enrolment.setNote(note.strip());
            enrolment.setChangedBy(actor.name());
            enrolment.setCause("staff");
            enrolment.setChangedAt(clock.instant());
            enrolment.update();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.enrolment.change", "enrolment/" + id)
                            .with("from", from)
                            .with("to", toState)
                            .with("because", reason)
                            .forReason(note.strip()));
        });
    }

    /** The enrolment, locked, if the table lets it take the step now. */
    static EnrolmentRecord allowed(DSLContext tx, UUID id, String toState, String reason) {
        EnrolmentRecord enrolment = tx.selectFrom(ENROLMENT)
                .where(ENROLMENT.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(ProgramsProblem.ENROLMENT_UNKNOWN));
        boolean allowed = tx.fetchExists(
                ENROLMENT_TRANSITION,
                ENROLMENT_TRANSITION
                        .FROM_STATE
                        .eq(enrolment.getState())
                        .and(ENROLMENT_TRANSITION.TO_STATE.eq(toState))
                        .and(ENROLMENT_TRANSITION.REASON.eq(reason)));
        if (!allowed) {
            throw Problem.of(
                    ProgramsProblem.TRANSITION_NOT_ALLOWED,
                    "from",
                    enrolment.getState(),
                    "to",
                    toState,
                    "reason",
                    reason);
        }
        return enrolment;
    }

    /** Filters: state; q (reference of a household). */
    public Page<Enrolment> page(Actor actor, UUID programmeId, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition = ENROLMENT.PROGRAMME_ID.eq(programmeId);
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(ENROLMENT.STATE.eq(request.filter("state")));
        }
        if (!request.filter("q").isEmpty()) {
            condition = condition.and(SUBJECT.REF.eq(SubjectKind.reference(request.filter("q"))));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(
                                ENROLMENT.ID,
                                ENROLMENT.PROGRAMME_ID,
                                ENROLMENT.SUBJECT_ID,
                                ENROLMENT.STATE,
                                ENROLMENT.REASON,
                                ENROLMENT.NOTE,
                                ENROLMENT.CHANGED_BY,
                                ENROLMENT.CHANGED_AT,
                                SUBJECT.REF),
                        ENROLMENT.join(SUBJECT).on(SUBJECT.ID.eq(ENROLMENT.SUBJECT_ID)),
                        condition,
                        request)
                .map(Enrolments::view);
    }

    public Enrolment show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return database.sql()
                .select(ENROLMENT.fields())
                .select(SUBJECT.REF)
                .from(ENROLMENT)
                .join(SUBJECT)
                .on(SUBJECT.ID.eq(ENROLMENT.SUBJECT_ID))
                .where(ENROLMENT.ID.eq(id))
                .fetchOptional(Enrolments::view)
                .orElseThrow(() -> Problem.of(ProgramsProblem.ENROLMENT_UNKNOWN));
    }

    List<Change> history(UUID id) {
        return database.sql()
                .selectFrom(ENROLMENT_HISTORY)
                .where(ENROLMENT_HISTORY.ENROLMENT_ID.eq(id))
                .orderBy(ENROLMENT_HISTORY.NUMBER.desc())
                .limit(100)
                .fetch(row -> new Change(
                        row.getFromState(),
                        row.getToState(),
                        row.getReason(),
                        row.getNote(),
                        row.getChangedBy(),
                        row.getCause(),
                        row.getChangedAt()));
    }

    /** What a member of staff may do with it now. */
    List<NextStep> nextSteps(Enrolment enrolment) {
        if (enrolment.state().equals(HELD)) {
            return List.of();
        }
        return database.sql()
                .selectFrom(ENROLMENT_TRANSITION)
                .where(ENROLMENT_TRANSITION.FROM_STATE.eq(enrolment.state()))
                .and(ENROLMENT_TRANSITION.TO_STATE.in("suspended", "exited", "enrolled", "rejected"))
                .and(ENROLMENT_TRANSITION.REASON.notIn("ELIGIBLE", "PLACE_FREED"))
                .orderBy(ENROLMENT_TRANSITION.TO_STATE, ENROLMENT_TRANSITION.REASON)
                .fetch(row -> new NextStep(row.getToState(), row.getReason()));
    }

    /** Which of these people live today in a household that is enrolled in the programme. */
    public Set<UUID> enrolledAmong(UUID programme, Collection<UUID> people) {
        LocalDate today = LocalDate.now(clock);
        return database.sql()
                .selectDistinct(SUBJECT_MEMBER.PERSON_ID)
                .from(SUBJECT_MEMBER)
                .join(ENROLMENT)
                .on(ENROLMENT.SUBJECT_ID.eq(SUBJECT_MEMBER.SUBJECT_ID))
                .where(SUBJECT_MEMBER.PERSON_ID.in(people), SUBJECT_MEMBER.VALID_FROM.le(today))
                .and(SUBJECT_MEMBER.VALID_TO.isNull().or(SUBJECT_MEMBER.VALID_TO.gt(today)))
                .and(ENROLMENT.PROGRAMME_ID.eq(programme))
                .and(ENROLMENT.STATE.eq("enrolled"))
                .fetchSet(SUBJECT_MEMBER.PERSON_ID);
    }

    /** Whether the population has told of this person. */
    public boolean isKnown(UUID person) {
        return database.sql().fetchExists(PERSON, PERSON.ID.eq(person));
    }

    /**
     * An enrolment of a household in which a person lives or lived.
     *
     * @param ended whether the household left the programme, or was never let in
     * @param memberToday whether the person still lives in that household
     */
    public record OfPerson(UUID id, String programmeName, boolean ended, boolean memberToday) {}

    /** Those in force come first. Ended ones count too: their payments are looked at for years. */
    public List<OfPerson> ofPerson(UUID person) {
        Field<Boolean> ended = field(ENROLMENT.STATE.in("rejected", "exited"));
        Field<Boolean> memberToday =
                boolOr(SUBJECT_MEMBER.VALID_TO.isNull().or(SUBJECT_MEMBER.VALID_TO.gt(LocalDate.now(clock))));
        return database.sql()
                .select(ENROLMENT.ID, PROGRAMME.NAME, ended, memberToday)
                .from(SUBJECT_MEMBER)
                .join(ENROLMENT)
                .on(ENROLMENT.SUBJECT_ID.eq(SUBJECT_MEMBER.SUBJECT_ID))
                .join(PROGRAMME)
                .on(PROGRAMME.ID.eq(ENROLMENT.PROGRAMME_ID))
                .where(SUBJECT_MEMBER.PERSON_ID.eq(person), SUBJECT_MEMBER.VALID_FROM.le(LocalDate.now(clock)))
                .groupBy(ENROLMENT.ID, PROGRAMME.NAME, ENROLMENT.STATE, ENROLMENT.CHANGED_AT)
                .orderBy(ended, memberToday.desc(), ENROLMENT.CHANGED_AT.desc(), ENROLMENT.ID)
                .limit(20)
                .fetch(row -> new OfPerson(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    /** How many households of each programme in force wait in a state for a person. */
    public List<Waiting> waiting() {
        return database.sql()
                .select(PROGRAMME.ID, PROGRAMME.NAME, ENROLMENT.STATE, count())
                .from(ENROLMENT)
                .join(PROGRAMME)
                .on(PROGRAMME.ID.eq(ENROLMENT.PROGRAMME_ID))
                .where(ENROLMENT.STATE.in("applied", "duplicate_held"), PROGRAMME.STATE.eq("active"))
                .groupBy(PROGRAMME.ID, PROGRAMME.NAME, ENROLMENT.STATE)
                .orderBy(PROGRAMME.NAME, ENROLMENT.STATE)
                .limit(20)
                .fetch(row -> new Waiting(
                        row.value1(), row.value2(), row.value3(), row.value4().longValue()));
    }

    public record Waiting(UUID programmeId, String programmeName, String state, long households) {}

    /** How many enrolments are in each state, most first. */
    public Map<String, Long> countsByState(UUID programmeId) {
        Map<String, Long> counts = new LinkedHashMap<>();
        database.sql()
                .select(ENROLMENT.STATE, count())
                .from(ENROLMENT)
                .where(ENROLMENT.PROGRAMME_ID.eq(programmeId))
                .groupBy(ENROLMENT.STATE)
                .orderBy(count().desc())
                .forEach(row -> counts.put(row.value1(), row.value2().longValue()));
        return counts;
    }

    private static Enrolment view(Record row) {
        return new Enrolment(
                row.get(ENROLMENT.ID),
                row.get(ENROLMENT.PROGRAMME_ID),
                row.get(ENROLMENT.SUBJECT_ID),
                row.get(SUBJECT.REF),
                row.get(ENROLMENT.STATE),
                row.get(ENROLMENT.REASON),
                row.get(ENROLMENT.NOTE),
                row.get(ENROLMENT.CHANGED_BY),
                row.get(ENROLMENT.CHANGED_AT));
    }
}
