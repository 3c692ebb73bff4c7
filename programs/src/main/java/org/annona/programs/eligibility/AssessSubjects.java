package org.annona.programs.eligibility;

import static org.annona.programs.internal.tables.Tables.ASSESSMENT;
import static org.annona.programs.internal.tables.Tables.DECISION;
import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.arrayRemove;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Criterion;
import org.annona.foundation.criteria.SqlRule;
import org.annona.foundation.criteria.UsedAttribute;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.listing.Chunk;
import org.annona.programs.internal.tables.tables.records.AssessmentRecord;
import org.annona.programs.population.HouseholdCatalogue;
import org.annona.programs.population.LiveSubjects;
import org.annona.programs.population.PopulationRefresh;
import org.annona.programs.programme.BenefitSql;
import org.annona.programs.programme.ProgrammeTerms;
import org.annona.programs.programme.Programmes;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.TableLike;
import org.jooq.impl.SQLDataType;

/** Reads a rule over the population: one statement decides a chunk of subjects, with the reasons. */
public final class AssessSubjects implements Work {

    static final String KIND = "programs.assess-subjects";

    private static final int SUBJECTS_PER_CHUNK = 5_000;
    private static final SqlFile COUNT = SqlFile.beside(AssessSubjects.class, "count-decisions.sql");

    private final Database database;
    private final Programmes programmes;
    private final PopulationRefresh refresh;
    private final Clock clock;

    public AssessSubjects(Database database, Programmes programmes, PopulationRefresh refresh, Clock clock) {
        this.database = database;
        this.programmes = programmes;
        this.refresh = refresh;
        this.clock = clock;
    }

    record Order(UUID assessmentId) {}

    /** @param fresh whether the population was brought up to date */
    private record Position(boolean fresh, UUID subject) {
        static final Position START = new Position(false, new UUID(0, 0));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        Position position = run.cursor(Position.class, Position.START);
        if (!position.fresh()) {
            boolean more = refresh.fetch().more();
            return run.chunk(
                    database,
                    tx -> Progress.upTo(new Position(!more, position.subject())).in("fetching the population"));
        }
        AssessmentRecord assessment = database.sql()
                .fetchSingle(ASSESSMENT, ASSESSMENT.ID.eq(run.input(Order.class).assessmentId()));
        return run.chunk(database, tx -> decideChunk(tx, assessment, position));
    }

    private Progress decideChunk(DSLContext tx, AssessmentRecord assessment, Position position) {
        LiveSubjects subjects = LiveSubjects.of(terms(assessment).subject(), assessment.getAsOf());
        UUID last = Chunk.lastKey(
                tx,
                subjects.table(),
                subjects.id(),
                subjects.active().and(subjects.id().gt(position.subject())),
                SUBJECTS_PER_CHUNK);
        if (last == null) {
            COUNT.run(tx, Map.of("assessment", assessment.getId(), "now", java.sql.Timestamp.from(clock.instant())));
            return Progress.finished("all " + terms(assessment).subject().plural() + " were looked at");
        }
        int decided = decide(tx, assessment, position.subject(), last);
        return Progress.upTo(new Position(true, last))
                .done(decided)
                .ofTotal(tx.fetchCount(subjects.table(), subjects.active()))
                .in("deciding");
    }

    private ProgrammeTerms terms(AssessmentRecord assessment) {
        return programmes
                .version(assessment.getProgrammeId(), assessment.getVersion())
                .terms();
    }

    private int decide(DSLContext tx, AssessmentRecord assessment, UUID after, UUID upTo) {
        ProgrammeTerms terms = terms(assessment);
        Catalogue catalogue = terms.catalogue(programmes.currency());
        LiveSubjects binding = LiveSubjects.of(terms.subject(), assessment.getAsOf());
        List<Criterion> parts = terms.parts(catalogue);
        BenefitSql benefit =
                BenefitSql.of(terms.benefit(), terms.bandRules(catalogue), binding.related(HouseholdCatalogue.MEMBERS));

        // Inside, each part of the rule is a column; outside, the columns become an outcome.
        List<SelectField<?>> columns = new ArrayList<>();
        columns.add(binding.id().as("subject_id"));
        for (int i = 0; i < parts.size(); i++) {
            columns.add(SqlRule.asColumn(parts.get(i), binding).as("part_" + i));
        }
        columns.add(
                missing(UsedAttribute.in(terms.criterion(catalogue)), binding).as("missing"));
        columns.add(binding.seen().as("seen"));
        columns.add(when(benefit.certain(), benefit.amountMinor()).as("amount"));
        TableLike<?> from = binding.table();
        for (Table<?> band : benefit.tables()) {
            from = ((Table<?>) from).crossJoin(band);
        }
        Table<?> looked = select(columns)
                .from(from)
                .where(binding.active(), binding.id().gt(after), binding.id().le(upTo))
                .asTable("looked");

        List<Field<Boolean>> answers = IntStream.range(0, parts.size())
                .mapToObj(i -> field(name("looked", "part_" + i), SQLDataType.BOOLEAN))
                .toList();
        Condition all = and(answers.stream().map(answer -> condition(answer)).toList());
        Field<String> outcome = when(all, inline("eligible"))
                .when(not(all), inline("not_eligible"))
                .otherwise(inline("unknown"));
        Field<String[]> missing = field(name("looked", "missing"), SQLDataType.CLOB.array());
        return tx.insertInto(DECISION)
                .columns(
                        DECISION.ASSESSMENT_ID,
                        DECISION.SUBJECT_ID,
                        DECISION.OUTCOME,
                        DECISION.PARTS,
                        DECISION.MISSING,
                        DECISION.SEEN,
                        DECISION.AMOUNT_MINOR)
                .select(select(
                                val(assessment.getId()),
                                field(name("looked", "subject_id"), SQLDataType.UUID),
                                outcome,
                                array(answers),
                                when(outcome.eq(inline("unknown")), missing)
                                        .otherwise(
                                                array(List.<Field<String>>of()).cast(SQLDataType.CLOB.array())),
                                field(name("looked", "seen"), SQLDataType.JSONB),
                                field(name("looked", "amount"), SQLDataType.BIGINT))
                        .from(looked))
                .execute();
    }

    /** The attributes that the rule reads and that have no value here. */
    private static Field<String[]> missing(Set<UsedAttribute> used, LiveSubjects binding) {
        List<Field<String>> names = new ArrayList<>();
        for (UsedAttribute attribute : used) {
            Condition absent = attribute.relation() == null
                    ? binding.field(attribute.name()).isNull()
                    : someMemberLacks(attribute, binding);
            names.add(when(absent, inline(attribute.path())));
        }
        return names.isEmpty()
                ? array(List.<Field<String>>of()).cast(SQLDataType.CLOB.array())
                : arrayRemove(array(names), (String) null).cast(SQLDataType.CLOB.array());
    }

    private static Condition someMemberLacks(UsedAttribute attribute, LiveSubjects binding) {
        var members = binding.related(Objects.requireNonNull(attribute.relation()));
        return exists(selectOne()
                .from(members.table())
                .where(members.join(), members.binding().field(attribute.name()).isNull()));
    }
}
