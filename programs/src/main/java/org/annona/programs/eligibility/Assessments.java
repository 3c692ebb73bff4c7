package org.annona.programs.eligibility;

import static org.annona.programs.internal.tables.Tables.ASSESSMENT;
import static org.annona.programs.internal.tables.Tables.DECISION;
import static org.annona.programs.internal.tables.Tables.SUBJECT;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.PlainReading;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.eligibility.Assessment.Decision;
import org.annona.programs.internal.tables.tables.records.AssessmentRecord;
import org.annona.programs.population.SubjectKind;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.ProgrammeTerms;
import org.annona.programs.programme.Programmes;
import org.jooq.Condition;
import org.jooq.Record;

/** Makes assessments and tells what they found. */
public final class Assessments {

    private static final Keyset ORDER =
            new Keyset(Map.of("household", DECISION.SUBJECT_ID), "household", false, DECISION.SUBJECT_ID);
    private static final SqlFile MISSING = SqlFile.beside(Assessments.class, "missing-attributes.sql");
    private static final SqlFile PARTS = SqlFile.beside(Assessments.class, "part-results.sql");

    private final Database database;
    private final Programmes programmes;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public Assessments(Database database, Programmes programmes, Clock clock) {
        this.database = database;
        this.programmes = programmes;
        this.clock = clock;
    }

    /** Begins to read the rule in force over the population as it is today. Changes nothing but the list of assessments. */
    public Assessment begin(Actor actor, UUID programmeId) {
        actor.require(ProgramsPermission.PREPARE);
        Programme programme = programmes.requireActive(programmeId);
        Programme.Version version = programmes.current(programme);
        UUID id = Ids.next();
        database.transact(tx -> {
            tx.insertInto(ASSESSMENT)
                    .set(ASSESSMENT.ID, id)
                    .set(ASSESSMENT.PROGRAMME_ID, programmeId)
                    .set(ASSESSMENT.VERSION, version.number())
                    .set(ASSESSMENT.AS_OF, LocalDate.now(clock))
                    .set(ASSESSMENT.STATE, "running")
                    .set(ASSESSMENT.CREATED_BY, actor.name())
                    .execute();
            Jobs.order(
                    tx,
                    new JobOrder(
                            "programs",
                            AssessSubjects.KIND,
                            AssessSubjects.KIND + "/" + id,
                            "Assessment for " + programme.name(),
                            "programme/" + programmeId,
                            actor.name(),
                            new AssessSubjects.Order(id)));
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.assessment.begin", "programme/" + programmeId)
                            .because("assessment/" + id)
                            .resultingIn(version.digest())
                            .with("version", version.number()));
        });
        return find(id);
    }

    public Assessment show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return find(id);
    }

    Assessment find(UUID id) {
        return database.sql()
                .selectFrom(ASSESSMENT)
                .where(ASSESSMENT.ID.eq(id))
                .fetchOptional(Assessments::view)
                .orElseThrow(() -> Problem.of(ProgramsProblem.ASSESSMENT_UNKNOWN));
    }

    public Optional<Assessment> newestOf(UUID programmeId) {
        return database.sql()
                .selectFrom(ASSESSMENT)
                .where(ASSESSMENT.PROGRAMME_ID.eq(programmeId))
                .orderBy(ASSESSMENT.CREATED_AT.desc(), ASSESSMENT.ID)
                .limit(1)
                .fetchOptional(Assessments::view);
    }

    public List<Assessment.MissingAttribute> missing(Assessment assessment) {
        Catalogue catalogue = terms(assessment).catalogue(programmes.currency());
        return MISSING.list(database.sql(), Map.of("assessment", assessment.id()), (row, number) -> {
            String path = row.getString("attribute");
            Attribute attribute = attribute(catalogue, path);
            return new Assessment.MissingAttribute(
                    path, attribute.label(), attribute.source(), row.getLong("households"));
        });
    }

    private ProgrammeTerms terms(Assessment assessment) {
        return programmes
                .version(assessment.programmeId(), assessment.version())
                .terms();
    }

    private static Attribute attribute(Catalogue catalogue, String path) {
        String[] names = path.split("\\.", 2);
        Optional<Attribute> found = catalogue.attribute(path).isPresent() || names.length == 1
                ? catalogue.attribute(path)
                : catalogue.relation(names[0]).flatMap(related -> related.attribute(names[1]));
        return found.orElse(new Attribute(path, Attribute.Type.CODE, path, "", ""));
    }

    public List<Assessment.PartResult> parts(Assessment assessment) {
        List<String> readings = readings(assessment);
        return PARTS.list(
                database.sql(),
                Map.of("assessment", assessment.id()),
                (row, number) -> new Assessment.PartResult(
                        readings.get(row.getInt("number") - 1),
                        row.getLong("fulfilled"),
                        row.getLong("not_fulfilled"),
                        row.getLong("unknown")));
    }

    private List<String> readings(Assessment assessment) {
        ProgrammeTerms terms = terms(assessment);
        Catalogue catalogue = terms.catalogue(programmes.currency());
        List<Criterion> parts = terms.parts(catalogue);
        return parts.stream().map(part -> PlainReading.of(part, catalogue)).toList();
    }

    /** Filters: outcome; q (reference of a household). */
    Page<Decision> decisions(Actor actor, Assessment assessment, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition = DECISION.ASSESSMENT_ID.eq(assessment.id());
        if (!request.filter("outcome").isEmpty()) {
            condition = condition.and(DECISION.OUTCOME.eq(request.filter("outcome")));
        }
        if (!request.filter("q").isEmpty()) {
            condition = condition.and(SUBJECT.REF.eq(SubjectKind.reference(request.filter("q"))));
        }
        List<String> readings = readings(assessment);
        return ORDER.page(
                        database.sql(),
                        List.of(
                                DECISION.SUBJECT_ID,
                                DECISION.OUTCOME,
                                DECISION.PARTS,
                                DECISION.MISSING,
                                DECISION.AMOUNT_MINOR,
                                DECISION.SEEN,
                                SUBJECT.REF),
                        DECISION.join(SUBJECT).on(SUBJECT.ID.eq(DECISION.SUBJECT_ID)),
                        condition,
                        request)
                .map(row -> decision(row, readings));
    }

    /** The decision on one household in the newest assessment that looked at it. */
    public Optional<Decision> decisionOn(UUID programmeId, UUID subjectId) {
        return newestOf(programmeId)
                .flatMap(assessment -> database.sql()
                        .select(DECISION.fields())
                        .select(SUBJECT.REF)
                        .from(DECISION)
                        .join(SUBJECT)
                        .on(SUBJECT.ID.eq(DECISION.SUBJECT_ID))
                        .where(DECISION.ASSESSMENT_ID.eq(assessment.id()), DECISION.SUBJECT_ID.eq(subjectId))
                        .fetchOptional(row -> decision(row, readings(assessment))));
    }

    private static Decision decision(Record row, List<String> readings) {
        Boolean[] answers = row.get(DECISION.PARTS);
        List<Assessment.PartOutcome> parts = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            parts.add(new Assessment.PartOutcome(readings.get(i), answers[i]));
        }
        return new Decision(
                row.get(DECISION.SUBJECT_ID),
                row.get(SUBJECT.REF),
                row.get(DECISION.OUTCOME),
                parts,
                Arrays.asList(row.get(DECISION.MISSING)),
                row.get(DECISION.AMOUNT_MINOR),
                row.get(DECISION.SEEN).data());
    }

    private static Assessment view(AssessmentRecord row) {
        return new Assessment(
                row.getId(),
                row.getProgrammeId(),
                row.getVersion(),
                row.getAsOf(),
                Assessment.State.valueOf(row.getState().toUpperCase(Locale.ROOT)),
                row.getEligible(),
                row.getNotEligible(),
                row.getUnknown(),
                row.getEnrolledAlready(),
                row.getLeftBefore(),
                row.getCostMinor(),
                row.getCreatedBy(),
                row.getCreatedAt(),
                row.getEndedAt());
    }
}
