package org.annona.programs.cycle;

import static org.annona.programs.internal.tables.Tables.ACCOUNT_CONCERN;
import static org.annona.programs.internal.tables.Tables.CYCLE;
import static org.annona.programs.internal.tables.Tables.ENTITLEMENT;
import static org.annona.programs.internal.tables.Tables.ROSTER;
import static org.jooq.impl.DSL.selectOne;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.PersonDirectory;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.ProgramsSettings;
import org.annona.programs.cycle.Cycle.State;
import org.annona.programs.internal.tables.tables.records.CycleRecord;
import org.annona.programs.population.SubjectKind;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a cycle whose account is new since the last payment, or serves more than one household. Somebody other than the person
 * who opened the cycle accepts each of them or leaves it out; then the list goes to its approval.
 */
public final class AccountConcerns {

    /** In a short list a few changed accounts are a large share and still a usual thing. */
    private static final long FEW = 5;

    private static final SqlFile ACCEPT = SqlFile.beside(AccountConcerns.class, "accept-concerns.sql");
    private static final Keyset ORDER =
            new Keyset(Map.of("ref", ROSTER.SUBJECT_REF), "ref", false, ACCOUNT_CONCERN.SUBJECT_ID);

    private static final int MOST_OTHERS = 5;
    private static final SqlFile SHARING = SqlFile.beside(AccountConcerns.class, "sharing.sql");

    private final Database database;
    private final PersonDirectory people;
    private final int percent;
    private final AuditTrail audit = new AuditTrail("programs");

    public AccountConcerns(Database database, PersonDirectory people, ProgramsSettings settings) {
        this.database = database;
        this.people = people;
        this.percent = settings.accountConcernPercent();
    }

    /**
     * @param kind {@code new}, {@code shared} or {@code new_and_shared}
     * @param households how many households of the list are paid on the account
     * @param decision {@code accepted}, {@code left_out}, or empty while nobody has decided
     */
    public record ConcernRow(
            UUID subjectId,
            String subjectRef,
            UUID enrolmentId,
            @Nullable Long amountMinor,
            String kind,
            int households,
            int accountVersion,
            String decision,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt) {}

    /** Filters: decision ({@code open} for none); kind; q (reference of a household). */
    public Page<ConcernRow> page(Actor actor, UUID cycleId, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition = ACCOUNT_CONCERN.CYCLE_ID.eq(cycleId);
        String decision = request.filter("decision");
        if (!decision.isEmpty()) {
            condition = condition.and(
                    decision.equals("open")
                            ? ACCOUNT_CONCERN.DECISION.isNull()
                            : ACCOUNT_CONCERN.DECISION.eq(decision));
        }
        if (!request.filter("kind").isEmpty()) {
            condition = condition.and(ACCOUNT_CONCERN.KIND.eq(request.filter("kind")));
        }
        if (!request.filter("q").isEmpty()) {
            condition = condition.and(ROSTER.SUBJECT_REF.eq(SubjectKind.reference(request.filter("q"))));
        }
        return ORDER.page(
                        database.sql(),
                        List.of(
                                ACCOUNT_CONCERN.SUBJECT_ID,
                                ROSTER.SUBJECT_REF,
                                ROSTER.ENROLMENT_ID,
                                ENTITLEMENT.AMOUNT_MINOR,
                                ENTITLEMENT.ACCOUNT_VERSION,
                                ACCOUNT_CONCERN.KIND,
                                ACCOUNT_CONCERN.HOUSEHOLDS,
                                ACCOUNT_CONCERN.DECISION,
                                ACCOUNT_CONCERN.DECIDED_BY,
                                ACCOUNT_CONCERN.DECIDED_AT),
                        ACCOUNT_CONCERN
                                .join(ROSTER)
                                .on(ROSTER.CYCLE_ID.eq(ACCOUNT_CONCERN.CYCLE_ID))
                                .and(ROSTER.SUBJECT_ID.eq(ACCOUNT_CONCERN.SUBJECT_ID))
                                .join(ENTITLEMENT)
                                .on(ENTITLEMENT.CYCLE_ID.eq(ACCOUNT_CONCERN.CYCLE_ID))
                                .and(ENTITLEMENT.SUBJECT_ID.eq(ACCOUNT_CONCERN.SUBJECT_ID)),
                        condition,
                        request)
                .map(row -> new ConcernRow(
                        row.get(ACCOUNT_CONCERN.SUBJECT_ID),
                        row.get(ROSTER.SUBJECT_REF),
                        row.get(ROSTER.ENROLMENT_ID),
                        row.get(ENTITLEMENT.AMOUNT_MINOR),
                        row.get(ACCOUNT_CONCERN.KIND),
                        row.get(ACCOUNT_CONCERN.HOUSEHOLDS),
                        row.get(ENTITLEMENT.ACCOUNT_VERSION),
                        row.get(ACCOUNT_CONCERN.DECISION) == null ? "" : row.get(ACCOUNT_CONCERN.DECISION),
                        row.get(ACCOUNT_CONCERN.DECIDED_BY),
                        row.get(ACCOUNT_CONCERN.DECIDED_AT)));
    }

    /**
     * A household that is or was paid on the same account.
     *
     * @param payeeName masked, for those who decide; else empty
     */
    public record Other(UUID subjectId, String subjectRef, UUID enrolmentId, String payeeName) {}

    /**
     * @param others at most {@value #MOST_OTHERS}
     * @param more how many there are besides
     * @param atLeast whether they were not counted to the end
     */
    public record Sharing(List<Other> others, long more, boolean atLeast) {}

    private record SharingRow(
            UUID household,
            UUID other,
            String ref,
            UUID enrolment,
            @Nullable UUID payee,
            long others,
            boolean atLeast) {}

    /** The other households on the accounts of these lines; lines whose account serves nobody else are missing. */
    public Map<UUID, Sharing> sharing(Actor actor, UUID cycleId, List<UUID> households) {
        actor.require(ProgramsPermission.VIEW);
        if (households.isEmpty()) {
            return Map.of();
        }
        List<SharingRow> rows = SHARING.list(
                database.sql(),
                Map.of(
                        "cycle",
                        cycleId,
                        "household",
                        SqlFile.column("uuid", households, household -> household),
                        "most",
                        MOST_OTHERS),
                (row, number) -> new SharingRow(
                        row.getObject("subject_id", UUID.class),
                        row.getObject("other_id", UUID.class),
                        row.getString("subject_ref"),
                        row.getObject("enrolment_id", UUID.class),
                        row.getObject("payee_id", UUID.class),
                        row.getLong("others"),
                        row.getBoolean("at_least")));
        Map<UUID, String> names = actor.may(ProgramsPermission.APPROVE)
                ? people.maskedNames(rows.stream()
                        .map(SharingRow::payee)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet()))
                : Map.of();
        Map<UUID, Sharing> sharing = new HashMap<>();
        for (SharingRow row : rows) {
            Sharing known = sharing.computeIfAbsent(
                    row.household(),
                    none -> new Sharing(new ArrayList<>(), Math.max(0, row.others() - MOST_OTHERS), row.atLeast()));
            String name = row.payee() == null ? "" : names.getOrDefault(row.payee(), "");
            known.others().add(new Other(row.other(), row.ref(), row.enrolment(), name));
        }
        return sharing;
    }

    /**
     * @param lines of the list with an amount
     * @param concerned of them
     * @param open of those, not decided yet
     * @param tooMany whether the whole list cannot be approved
     */
    public record Count(long lines, long concerned, long open, boolean tooMany) {}

    public Count count(Actor actor, Cycle cycle) {
        actor.require(ProgramsPermission.VIEW);
        return new Count(
                cycle.payable(),
                cycle.concerns(),
                open(database.sql(), cycle.id()),
                tooMany(cycle.concerns(), cycle.payable()));
    }

    private static long open(DSLContext sql, UUID cycleId) {
        return sql.fetchCount(
                ACCOUNT_CONCERN, ACCOUNT_CONCERN.CYCLE_ID.eq(cycleId).and(ACCOUNT_CONCERN.DECISION.isNull()));
    }

    private boolean tooMany(long concerned, long lines) {
        return concerned > FEW && concerned * 100 > percent * lines;
    }

    /** @param households the lines that the page showed; each of them is still undecided */
    public void decide(Actor actor, UUID cycleId, List<UUID> households, boolean accepted) {
        decide(
                actor,
                cycleId,
                ACCOUNT_CONCERN.SUBJECT_ID.in(households),
                households.stream().distinct().count(),
                accepted);
    }

    /** @param seen how many undecided lines the page told of */
    public void decideAll(Actor actor, UUID cycleId, long seen, boolean accepted) {
        decide(actor, cycleId, ACCOUNT_CONCERN.SUBJECT_ID.isNotNull(), seen, accepted);
    }

    private void decide(Actor actor, UUID cycleId, Condition which, long expected, boolean accepted) {
        actor.require(ProgramsPermission.APPROVE);
        database.transact(tx -> {
            CycleRecord cycle = Cycles.locked(tx, cycleId, State.ACCOUNTS);
            if (cycle.getOpenedBy().equals(actor.name())) {
                throw Problem.of(ProgramsProblem.OWN_WORK);
            }
            if (tooMany(cycle.getConcerns(), cycle.getPayable())) {
                throw Problem.of(
                        ProgramsProblem.ACCOUNTS_TOO_MANY,
                        "concerned",
                        cycle.getConcerns(),
                        "lines",
                        cycle.getPayable(),
                        "percent",
                        percent);
            }
            int decided = tx.update(ACCOUNT_CONCERN)
                    .set(ACCOUNT_CONCERN.DECISION, accepted ? "accepted" : "left_out")
                    .set(ACCOUNT_CONCERN.DECIDED_BY, actor.name())
                    .set(ACCOUNT_CONCERN.DECIDED_AT, Database.now(tx))
                    .where(ACCOUNT_CONCERN.CYCLE_ID.eq(cycleId), ACCOUNT_CONCERN.DECISION.isNull(), which)
                    .execute();
            if (decided == 0 || decided != expected) {
                throw Problem.of(ProgramsProblem.ACCOUNTS_CHANGED);
            }
            if (accepted) {
                ACCEPT.run(tx, Map.of("cycle", cycleId));
            }
            audit.append(
                    tx,
                    AuditEvent.of(
                                    actor.name(),
                                    accepted ? "programs.accounts.accept" : "programs.accounts.leave_out",
                                    "cycle/" + cycleId)
                            .touching(decided));
            if (open(tx, cycleId) == 0) {
                Jobs.order(
                        tx,
                        new JobOrder(
                                "programs",
                                ComputeEntitlements.KIND,
                                ComputeEntitlements.KIND + "/" + cycleId + "/accounts",
                                "List of " + cycle.getCode(),
                                "cycle/" + cycleId,
                                actor.name(),
                                new Cycles.CycleJob(cycleId)));
            }
        });
    }

    /** How many cycles wait for this person to look at accounts. */
    public long waitingFor(Actor actor) {
        return database.sql()
                .fetchCount(
                        CYCLE,
                        CYCLE.STATE
                                .eq(Cycles.state(State.ACCOUNTS))
                                .and(CYCLE.OPENED_BY.ne(actor.name()))
                                .andExists(selectOne()
                                        .from(ACCOUNT_CONCERN)
                                        .where(
                                                ACCOUNT_CONCERN.CYCLE_ID.eq(CYCLE.ID),
                                                ACCOUNT_CONCERN.DECISION.isNull())));
    }
}
