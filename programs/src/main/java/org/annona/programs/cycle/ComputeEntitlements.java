package org.annona.programs.cycle;

import static org.annona.programs.internal.tables.Tables.ACCOUNT_CONCERN;
import static org.annona.programs.internal.tables.Tables.CYCLE;
import static org.annona.programs.internal.tables.Tables.ENTITLEMENT;
import static org.annona.programs.internal.tables.Tables.ROSTER;
import static org.annona.programs.internal.tables.Tables.ROSTER_MEMBER;
import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.listing.Chunk;
import org.annona.foundation.problem.Problem;
import org.annona.programs.PayeeAccounts;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.Cycle.State;
import org.annona.programs.internal.tables.tables.records.CycleRecord;
import org.annona.programs.population.HouseholdBinding;
import org.annona.programs.programme.BenefitSql;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.ProgrammeTerms;
import org.annona.programs.programme.Programmes;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * Computes from the roster alone what each household receives, looks up the accounts of the payees, and asks for the approval of
 * the list. Where accounts are new or shared it stops before, and runs again when all of them are decided on.
 */
public final class ComputeEntitlements implements Work {

    static final String KIND = "programs.compute-entitlements";

    private static final int SUBJECTS_PER_CHUNK = 10_000;
    private static final int ACCOUNTS_PER_CHUNK = 5_000;
    private static final SqlFile STORE_ACCOUNTS = SqlFile.beside(ComputeEntitlements.class, "store-accounts.sql");
    private static final SqlFile FIND_CONCERNS = SqlFile.beside(ComputeEntitlements.class, "find-concerns.sql");
    private static final SqlFile HOLD_CONCERNS = SqlFile.beside(ComputeEntitlements.class, "hold-concerns.sql");
    private static final SqlFile SUMMARY = SqlFile.beside(ComputeEntitlements.class, "summary.sql");

    private final Database database;
    private final Programmes programmes;
    private final PayeeAccounts accounts;
    private final AuditTrail audit = new AuditTrail("programs");

    public ComputeEntitlements(Database database, Programmes programmes, PayeeAccounts accounts) {
        this.database = database;
        this.programmes = programmes;
        this.accounts = accounts;
    }

    private static final UUID FIRST = new UUID(0, 0);

    private enum Part {
        COMPUTE,
        LOOK_UP_ACCOUNTS,
        COMPARE_ACCOUNTS
    }

    private record Position(Part part, UUID subject) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        UUID id = run.input(Cycles.CycleJob.class).cycleId();
        Position position = run.cursor(Position.class, new Position(Part.COMPUTE, FIRST));
        return switch (position.part()) {
            case COMPUTE -> run.chunk(database, tx -> computeChunk(tx, run, id, position.subject()));
            case LOOK_UP_ACCOUNTS -> lookUpAccounts(run, id, position.subject());
            case COMPARE_ACCOUNTS -> run.chunk(database, tx -> compareAccounts(tx, run, id, position.subject()));
        };
    }

    private Progress computeChunk(DSLContext tx, JobRun run, UUID id, UUID after) {
        CycleRecord cycle = tx.fetchSingle(CYCLE, CYCLE.ID.eq(id));
        State state = State.valueOf(cycle.getState().toUpperCase(Locale.ROOT));
        if (state == State.CANCELLED) {
            return Progress.finished("the cycle was given up");
        }
        if (state == State.ACCOUNTS) {
            return finish(tx, run, id);
        }
        UUID last = Chunk.lastKey(
                tx,
                ROSTER,
                ROSTER.SUBJECT_ID,
                ROSTER.CYCLE_ID.eq(id).and(ROSTER.SUBJECT_ID.gt(after)),
                SUBJECTS_PER_CHUNK);
        if (last == null) {
            return Progress.upTo(new Position(Part.LOOK_UP_ACCOUNTS, FIRST)).in("looking up accounts");
        }
        int computed = compute(tx, cycle, after, last);
        return Progress.upTo(new Position(Part.COMPUTE, last))
                .done(computed)
                .ofTotal(cycle.getHouseholds())
                .in("computing");
    }

    /** The accounts are asked for outside of any transaction; where nobody answers, the job waits and no account is passed over. */
    private Step lookUpAccounts(JobRun run, UUID id, UUID after) {
        List<Payee> payees = database.sql()
                .select(ENTITLEMENT.SUBJECT_ID, ENTITLEMENT.PAYEE_ID)
                .from(ENTITLEMENT)
                .where(ENTITLEMENT.CYCLE_ID.eq(id), ENTITLEMENT.STATE.eq("computed"))
                .and(ENTITLEMENT.SUBJECT_ID.gt(after))
                .orderBy(ENTITLEMENT.SUBJECT_ID)
                .limit(ACCOUNTS_PER_CHUNK)
                .fetch(row -> new Payee(row.value1(), row.value2()));
        if (payees.isEmpty()) {
            return run.chunk(
                    database,
                    tx -> Progress.upTo(new Position(Part.COMPARE_ACCOUNTS, FIRST))
                            .in("comparing accounts"));
        }
        List<Optional<PayeeAccounts.Account>> answers =
                accounts.of(payees.stream().map(Payee::id).toList());
        if (answers.size() != payees.size()) {
            throw new IllegalStateException(
                    "the book of accounts gave " + answers.size() + " answers to " + payees.size() + " questions");
        }
        List<Looked> looked = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            UUID subject = payees.get(i).subject();
            answers.get(i).ifPresent(account -> looked.add(new Looked(subject, account.version(), account.mark())));
        }
        return run.chunk(database, tx -> {
            STORE_ACCOUNTS.run(
                    tx,
                    Map.of(
                            "cycle", id,
                            "household", SqlFile.column("uuid", looked, Looked::subject),
                            "version", SqlFile.column("int", looked, Looked::version),
                            "mark", SqlFile.column("bytea", looked, Looked::mark)));
            return Progress.upTo(
                            new Position(Part.LOOK_UP_ACCOUNTS, payees.getLast().subject()))
                    .in("looking up accounts");
        });
    }

    private record Payee(UUID subject, UUID id) {}

    private record Looked(UUID subject, int version, byte[] mark) {}

    private Progress compareAccounts(DSLContext tx, JobRun run, UUID id, UUID after) {
        CycleRecord known = tx.fetchSingle(CYCLE, CYCLE.ID.eq(id));
        if (known.getState().equals(Cycles.state(State.CANCELLED))) {
            return Progress.finished("the cycle was given up");
        }
        UUID last = Chunk.lastKey(
                tx,
                ENTITLEMENT,
                ENTITLEMENT.SUBJECT_ID,
                ENTITLEMENT.CYCLE_ID.eq(id).and(ENTITLEMENT.SUBJECT_ID.gt(after)),
                SUBJECTS_PER_CHUNK);
        if (last != null) {
            FIND_CONCERNS.run(tx, Map.of("cycle", id, "openedBy", known.getOpenedBy(), "after", after, "last", last));
            return Progress.upTo(new Position(Part.COMPARE_ACCOUNTS, last)).in("comparing accounts");
        }
        CycleRecord cycle = Cycles.locked(tx, id, State.FROZEN);
        long concerns = tx.fetchCount(ACCOUNT_CONCERN, ACCOUNT_CONCERN.CYCLE_ID.eq(id));
        if (concerns == 0) {
            return finish(tx, run, id);
        }
        cycle.setPayable(
                (long) tx.fetchCount(ENTITLEMENT, ENTITLEMENT.CYCLE_ID.eq(id).and(ENTITLEMENT.STATE.eq("computed"))));
        HOLD_CONCERNS.run(tx, Map.of("cycle", id));
        cycle.setConcerns(concerns);
        cycle.setState(Cycles.state(State.ACCOUNTS));
        cycle.update();
        audit.append(
                tx,
                AuditEvent.of(run.requestedBy(), "programs.cycle.accounts", "cycle/" + id)
                        .because(run.asCause())
                        .touching(concerns));
        return Progress.finished(concerns + " lines with a new or shared account wait to be accepted");
    }

    private int compute(DSLContext tx, CycleRecord cycle, UUID after, UUID last) {
        ProgrammeTerms terms =
                programmes.version(cycle.getProgrammeId(), cycle.getVersion()).terms();
        Catalogue catalogue = terms.catalogue(programmes.currency());
        BenefitSql benefit = BenefitSql.of(terms.benefit(), terms.bandRules(catalogue), members(cycle));
        Table<?> from = ROSTER;
        for (Table<?> band : benefit.tables()) {
            from = from.crossJoin(band);
        }
        Field<Integer[]> counted = benefit.counted().isEmpty()
                ? array(List.<Field<Integer>>of()).cast(SQLDataType.INTEGER.array())
                : array(benefit.counted());
        Table<?> computed = select(
                        ROSTER.CYCLE_ID.as("cycle_id"),
                        ROSTER.SUBJECT_ID.as("subject_id"),
                        ROSTER.PAYEE_ID.as("payee_id"),
                        ROSTER.EXCEPTION.as("exception"),
                        counted.as("counted"),
                        field(benefit.certain()).as("certain"),
                        benefit.amountMinor().as("amount"))
                .from(from)
                .where(ROSTER.CYCLE_ID.eq(cycle.getId()), ROSTER.SUBJECT_ID.gt(after), ROSTER.SUBJECT_ID.le(last))
                .asTable("computed");
        Field<String> exception = field(name("computed", "exception"), SQLDataType.CLOB);
        Field<Boolean> certain = field(name("computed", "certain"), SQLDataType.BOOLEAN);
        Field<Long> amount = field(name("computed", "amount"), SQLDataType.BIGINT);
        return tx.insertInto(ENTITLEMENT)
                .columns(
                        ENTITLEMENT.CYCLE_ID,
                        ENTITLEMENT.SUBJECT_ID,
                        ENTITLEMENT.PAYEE_ID,
                        ENTITLEMENT.AMOUNT_MINOR,
                        ENTITLEMENT.COUNTED,
                        ENTITLEMENT.STATE,
                        ENTITLEMENT.REASON)
                .select(select(
                                field(name("computed", "cycle_id"), SQLDataType.UUID),
                                field(name("computed", "subject_id"), SQLDataType.UUID),
                                field(name("computed", "payee_id"), SQLDataType.UUID),
                                when(condition(certain), amount),
                                field(name("computed", "counted"), SQLDataType.INTEGER.array()),
                                when(exception.isNotNull().or(not(condition(certain))), inline("held"))
                                        .when(amount.eq(0L), inline("nil"))
                                        .otherwise(inline("computed")),
                                when(exception.isNotNull(), exception)
                                        .when(not(condition(certain)), inline("MEMBER_UNKNOWN"))
                                        .when(amount.eq(0L), inline("NOTHING_DUE"))
                                        .otherwise(inline("")))
                        .from(computed))
                .onConflictDoNothing()
                .execute();
    }

    private static SqlBinding.Related members(CycleRecord cycle) {
        return new SqlBinding.Related(
                ROSTER_MEMBER,
                ROSTER_MEMBER.CYCLE_ID.eq(ROSTER.CYCLE_ID).and(ROSTER_MEMBER.SUBJECT_ID.eq(ROSTER.SUBJECT_ID)),
                HouseholdBinding.memberBinding(
                        ROSTER_MEMBER.BIRTH_DATE, ROSTER_MEMBER.SEX, ROSTER_MEMBER.ROLE, cycle.getAsOf()));
    }

    private Progress finish(DSLContext tx, JobRun run, UUID id) {
        CycleRecord cycle = Cycles.locked(tx, id, State.FROZEN, State.ACCOUNTS);
        Programme programme = programmes.find(cycle.getProgrammeId());
        summarise(tx, cycle);
        if (cycle.getPayable() == 0) {
            cycle.setState(Cycles.state(State.CANCELLED));
            cycle.setCancelledBy(Actor.SYSTEM);
            cycle.setCancelReason(Problem.of(ProgramsProblem.NOBODY_TO_PAY).sentence());
            cycle.setClosedAt(Database.now(tx));
            cycle.update();
            return Progress.finished("nobody on the roster can be paid, so the cycle was given up");
        }
        CycleDigest digest = CycleDigest.of(tx, id, programme.currency().getCurrencyCode());
        cycle.setDigest(digest.roster());
        cycle.setLinesDigest(digest.lines());
        cycle.setState(Cycles.state(State.COMPUTED));
        cycle.update();
        Approvals.ask(
                tx,
                new Approvals.Ask(
                        "cycle",
                        programme.id(),
                        id,
                        1,
                        programme.name() + " " + cycle.getCode(),
                        digest.roster(),
                        cycle.getOpenedBy()));
        audit.append(
                tx,
                AuditEvent.of(run.requestedBy(), "programs.cycle.computed", "cycle/" + id)
                        .because(run.asCause())
                        .touching(cycle.getHouseholds())
                        .resultingIn(digest.roster())
                        .with("payable", cycle.getPayable())
                        .with("totalMinor", cycle.getTotalMinor()));
        return Progress.finished(cycle.getPayable() + " " + programme.subject().plural() + " receive money");
    }

    private static void summarise(DSLContext tx, CycleRecord cycle) {
        SUMMARY.first(tx, Map.of("cycle", cycle.getId(), "programme", cycle.getProgrammeId()), (row, number) -> {
            cycle.setPayable(row.getLong("payable"));
            cycle.setTotalMinor(row.getLong("total_minor"));
            cycle.setSummary(JSONB.valueOf(row.getString("summary")));
            return cycle;
        });
    }
}
