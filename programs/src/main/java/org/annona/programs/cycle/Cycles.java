package org.annona.programs.cycle;

import static org.annona.programs.internal.tables.Tables.CYCLE;
import static org.annona.programs.internal.tables.Tables.ENTITLEMENT;
import static org.annona.programs.internal.tables.Tables.PROGRAMME;
import static org.annona.programs.internal.tables.Tables.ROSTER;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.sum;

import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Reasons;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.money.Money;
import org.annona.foundation.problem.Problem;
import org.annona.programs.OrderKey;
import org.annona.programs.PaymentGateway;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.Cycle.State;
import org.annona.programs.internal.tables.tables.records.CycleRecord;
import org.annona.programs.population.SubjectKind;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.Programmes;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Cycles from their opening to their end. Every step is prepared by one person and decided by others. */
public final class Cycles {

    private static final SqlFile STOPPED_LINES = SqlFile.beside(Cycles.class, "stopped-lines.sql");

    static final JsonMapper JSON = JsonMapper.shared();
    private static final Keyset ORDER = new Keyset(Map.of("opened", CYCLE.OPENED_AT), "opened", true, CYCLE.ID);
    private static final Keyset ENTITLEMENT_ORDER =
            new Keyset(Map.of("ref", ROSTER.SUBJECT_REF), "ref", false, ENTITLEMENT.SUBJECT_ID);

    private final Database database;
    private final Programmes programmes;
    private final PaymentGateway payments;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public Cycles(Database database, Programmes programmes, PaymentGateway payments, Clock clock) {
        this.database = database;
        this.programmes = programmes;
        this.payments = payments;
        this.clock = clock;
    }

    record CycleJob(UUID cycleId) {}

    /** One entitlement with what became of its payment. */
    public record EntitlementRow(
            UUID cycleId,
            String cycleCode,
            UUID enrolmentId,
            UUID subjectId,
            String subjectRef,
            int size,
            @Nullable Long amountMinor,
            String state,
            String reason,
            String paymentRef,
            long settledMinor,
            long returnedMinor,
            List<Integer> counted) {}

    /** Opens a cycle: freezes the roster of the enrolled as of today, then computes what each household receives. */
    public Cycle open(Actor actor, UUID programmeId, String code, LocalDate payOn) {
        actor.require(ProgramsPermission.PREPARE);
        Programme programme = programmes.requireActive(programmeId);
        String name = code.strip();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,29}")) {
            throw unfit("its name has 1 to 30 letters, digits, blanks, points or hyphens");
        }
        LocalDate today = LocalDate.now(clock);
        if (payOn.isBefore(today)) {
            throw unfit("the day of payment lies in the past");
        }
        UUID id = Ids.next();
        try {
            database.transact(tx -> {
                tx.insertInto(CYCLE)
                        .set(CYCLE.ID, id)
                        .set(CYCLE.PROGRAMME_ID, programmeId)
                        .set(CYCLE.VERSION, programmes.current(programme).number())
                        .set(CYCLE.CODE, name)
                        .set(CYCLE.AS_OF, today)
                        .set(CYCLE.PAY_ON, payOn)
                        .set(CYCLE.STATE, state(State.PLANNED))
                        .set(CYCLE.OPENED_BY, actor.name())
                        .execute();
                Jobs.order(
                        tx,
                        new JobOrder(
                                "programs",
                                FreezeRoster.KIND,
                                FreezeRoster.KIND + "/" + id,
                                "Roster of " + programme.name() + " " + name,
                                "cycle/" + id,
                                actor.name(),
                                new CycleJob(id)));
                audit.append(
                        tx,
                        AuditEvent.of(actor.name(), "programs.cycle.open", "cycle/" + id)
                                .with("programme", programme.code())
                                .with("code", name));
            });
        } catch (DataAccessException conflict) {
            if (Sqlstate.isConflict(conflict)) {
                throw Problem.of(ProgramsProblem.CYCLE_CODE_TAKEN, "code", name);
            }
            throw conflict;
        }
        return find(id);
    }

    /** Reads a day as forms send it. */
    public static LocalDate dayOf(String text) {
        try {
            return LocalDate.parse(text.strip());
        } catch (DateTimeParseException unreadable) {
            throw unfit("'" + text.strip() + "' is no day; write it as 2026-12-01");
        }
    }

    private static Problem unfit(String reason) {
        return Problem.of(ProgramsProblem.CYCLE_UNFIT, "reason", reason);
    }

    /** Gives up a cycle that was not released; nothing of it was or will be paid. */
    public void cancel(Actor actor, UUID id, String reason) {
        actor.require(ProgramsPermission.PREPARE);
        if (reason.isBlank()) {
            throw Problem.of(ProgramsProblem.REASON_MISSING);
        }
        database.transact(tx -> {
            CycleRecord cycle =
                    locked(tx, id, State.PLANNED, State.FROZEN, State.ACCOUNTS, State.COMPUTED, State.LIST_APPROVED);
            cancel(tx, cycle, actor.name(), reason.strip());
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.cycle.cancel", "cycle/" + id)
                            .forReason(reason.strip()));
        });
    }

    /** Refuses to ask for the cancelling of a cycle that cannot be cancelled any more. */
    Cycle cancellable(Actor actor, UUID id) {
        actor.require(ProgramsPermission.PREPARE);
        database.transact(
                tx -> locked(tx, id, State.PLANNED, State.FROZEN, State.ACCOUNTS, State.COMPUTED, State.LIST_APPROVED));
        return find(id);
    }

    private void cancel(DSLContext tx, CycleRecord cycle, String by, String reason) {
        Approvals.voidOpen(tx, "cycle", cycle.getId(), clock.instant());
        cycle.setCancelledBy(by);
        cycle.setCancelReason(reason);
        cycle.setState(state(State.CANCELLED));
        cycle.setClosedAt(clock.instant());
        cycle.update();
    }

    /** The list is right; called with the vote that says so. */
    public void approveList(DSLContext tx, UUID id, byte[] digest) {
        CycleRecord cycle = locked(tx, id, State.COMPUTED);
        refuseOther(cycle, digest);
        cycle.setState(state(State.LIST_APPROVED));
        cycle.update();
    }

    /** The list is wrong; called with the vote that says so. A new cycle may be opened under the same name. */
    public void rejectList(DSLContext tx, Actor actor, UUID id, String reason) {
        cancel(tx, locked(tx, id, State.COMPUTED, State.LIST_APPROVED), actor.name(), reason.strip());
    }

    /** Lets the money go; called with the vote that says so. The hand-over checks the digest once more, row by row. */
    public void release(DSLContext tx, Actor actor, UUID id, byte[] digest) {
        CycleRecord cycle = locked(tx, id, State.LIST_APPROVED);
        refuseOther(cycle, digest);
        programmes.requireActive(cycle.getProgrammeId());
        cycle.setState(state(State.RELEASED));
        cycle.setPaymentState("handing over");
        cycle.update();
        Jobs.order(
                tx,
                new JobOrder(
                        "programs",
                        HandOver.KIND,
                        HandOver.KIND + "/" + id,
                        "Hand-over of " + cycle.getCode() + " to the payments",
                        "cycle/" + id,
                        actor.name(),
                        new CycleJob(id)));
    }

    private static void refuseOther(CycleRecord cycle, byte[] digest) {
        if (!Arrays.equals(cycle.getDigest(), digest)) {
            throw Problem.of(ProgramsProblem.DIGEST_CHANGED);
        }
    }

    /** Refuses where the payments cannot commit what the cycle needs, and where nobody knows. */
    public void refuseShortFunds(Cycle cycle) {
        PaymentGateway.Funds funds;
        try {
            funds = payments.fundsOf(cycle.programmeCode(), cycle.currency(), cycle.payOn());
        } catch (Problem silent) {
            throw Problem.of(ProgramsProblem.PAYMENTS_SILENT).causedBy(silent);
        }
        long missing = cycle.totalMinor() - funds.availableMinor();
        if (missing > 0) {
            throw Problem.of(
                    ProgramsProblem.FUNDS_SHORT,
                    "needed",
                    Money.of(cycle.totalMinor(), cycle.currency()),
                    "available",
                    Money.of(funds.availableMinor(), cycle.currency()),
                    "short",
                    Money.of(missing, cycle.currency()));
        }
    }

    /** Lines of an order that may not be paid any more: line key to the code of the reason. Orders of others have none. */
    public Map<String, String> stopped(String orderKey, List<String> lineKeys) {
        Map<String, String> stopped = new HashMap<>();
        OrderKey.cycleOf(orderKey)
                .ifPresent(cycle -> STOPPED_LINES
                        .list(
                                database.sql(),
                                Map.of("cycle", cycle, "line", SqlFile.column("text", lineKeys, key -> key)),
                                (row, number) -> Map.entry(row.getString("line_key"), row.getString("reason")))
                        .forEach(entry -> stopped.put(entry.getKey(), entry.getValue())));
        return stopped;
    }

    /** What may still be committed, or empty where the payments do not answer. */
    public Optional<PaymentGateway.Funds> fundsOf(Cycle cycle) {
        try {
            return Optional.of(payments.fundsOf(cycle.programmeCode(), cycle.currency(), cycle.payOn()));
        } catch (Problem silent) {
            return Optional.empty();
        }
    }

    public Cycle show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return find(id);
    }

    public Cycle find(UUID id) {
        return database.sql()
                .select(CYCLE.fields())
                .select(PROGRAMME.CODE, PROGRAMME.NAME, PROGRAMME.CURRENCY)
                .from(CYCLE)
                .join(PROGRAMME)
                .on(PROGRAMME.ID.eq(CYCLE.PROGRAMME_ID))
                .where(CYCLE.ID.eq(id))
                .fetchOptional(Cycles::view)
                .orElseThrow(() -> Problem.of(ProgramsProblem.CYCLE_UNKNOWN));
    }

    public Optional<Cycle> findByCode(UUID programmeId, String code) {
        return database.sql()
                .select(CYCLE.ID)
                .from(CYCLE)
                .where(CYCLE.PROGRAMME_ID.eq(programmeId), CYCLE.CODE.eq(code))
                .and(CYCLE.STATE.ne(state(State.CANCELLED)))
                .fetchOptional(CYCLE.ID)
                .map(this::find);
    }

    /** Filters: programme (id), state. */
    public Page<Cycle> page(Actor actor, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition = noCondition();
        if (!request.filter("programme").isEmpty()) {
            condition = condition.and(CYCLE.PROGRAMME_ID.cast(String.class).eq(request.filter("programme")));
        }
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(CYCLE.STATE.eq(request.filter("state")));
        }
        List<Field<?>> columns = new ArrayList<>(List.of(CYCLE.fields()));
        columns.addAll(List.of(PROGRAMME.CODE, PROGRAMME.NAME, PROGRAMME.CURRENCY));
        return ORDER.page(
                        database.sql(),
                        columns,
                        CYCLE.join(PROGRAMME).on(PROGRAMME.ID.eq(CYCLE.PROGRAMME_ID)),
                        condition,
                        request)
                .map(Cycles::view);
    }

    /** Filters: state; reason; q (reference of a household). */
    public Page<EntitlementRow> entitlements(Actor actor, UUID cycleId, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition = ENTITLEMENT.CYCLE_ID.eq(cycleId);
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(ENTITLEMENT.STATE.eq(request.filter("state")));
        }
        if (!request.filter("reason").isEmpty()) {
            condition = condition.and(ENTITLEMENT.REASON.eq(request.filter("reason")));
        }
        if (!request.filter("q").isEmpty()) {
            condition = condition.and(ROSTER.SUBJECT_REF.eq(SubjectKind.reference(request.filter("q"))));
        }
        return ENTITLEMENT_ORDER
                .page(database.sql(), rowColumns(), rowTables(), condition, request)
                .map(Cycles::row);
    }

    /** All entitlements of a household in a programme, newest cycle first. */
    public List<EntitlementRow> entitlementsOf(UUID programmeId, UUID subjectId) {
        return database.sql()
                .select(rowColumns())
                .from(rowTables())
                .where(ENTITLEMENT.SUBJECT_ID.eq(subjectId), CYCLE.PROGRAMME_ID.eq(programmeId))
                .and(CYCLE.STATE.ne(state(State.CANCELLED)))
                .orderBy(CYCLE.OPENED_AT.desc())
                .limit(100)
                .fetch(Cycles::row);
    }

    private static List<Field<?>> rowColumns() {
        return List.of(
                ENTITLEMENT.CYCLE_ID,
                CYCLE.CODE,
                ROSTER.ENROLMENT_ID,
                ENTITLEMENT.SUBJECT_ID,
                ROSTER.SUBJECT_REF,
                ROSTER.SIZE,
                ENTITLEMENT.AMOUNT_MINOR,
                ENTITLEMENT.STATE,
                ENTITLEMENT.REASON,
                ENTITLEMENT.PAYMENT_REF,
                ENTITLEMENT.SETTLED_MINOR,
                ENTITLEMENT.RETURNED_MINOR,
                ENTITLEMENT.COUNTED);
    }

    private static Table<?> rowTables() {
        return ENTITLEMENT
                .join(ROSTER)
                .on(ROSTER.CYCLE_ID.eq(ENTITLEMENT.CYCLE_ID), ROSTER.SUBJECT_ID.eq(ENTITLEMENT.SUBJECT_ID))
                .join(CYCLE)
                .on(CYCLE.ID.eq(ENTITLEMENT.CYCLE_ID));
    }

    private static EntitlementRow row(Record row) {
        return new EntitlementRow(
                row.get(ENTITLEMENT.CYCLE_ID),
                row.get(CYCLE.CODE),
                row.get(ROSTER.ENROLMENT_ID),
                row.get(ENTITLEMENT.SUBJECT_ID),
                row.get(ROSTER.SUBJECT_REF),
                row.get(ROSTER.SIZE),
                row.get(ENTITLEMENT.AMOUNT_MINOR),
                row.get(ENTITLEMENT.STATE),
                row.get(ENTITLEMENT.REASON),
                row.get(ENTITLEMENT.PAYMENT_REF),
                row.get(ENTITLEMENT.SETTLED_MINOR),
                row.get(ENTITLEMENT.RETURNED_MINOR),
                Arrays.asList(row.get(ENTITLEMENT.COUNTED)));
    }

    /** Cycles that are not over and hold households back, the newest first. */
    public List<Cycle> holding() {
        return database
                .sql()
                .select(CYCLE.fields())
                .select(PROGRAMME.CODE, PROGRAMME.NAME, PROGRAMME.CURRENCY)
                .from(CYCLE)
                .join(PROGRAMME)
                .on(PROGRAMME.ID.eq(CYCLE.PROGRAMME_ID))
                .where(CYCLE.STATE.in(state(State.COMPUTED), state(State.LIST_APPROVED), state(State.RELEASED)))
                .orderBy(CYCLE.OPENED_AT.desc())
                .limit(10)
                .fetch(Cycles::view)
                .stream()
                .filter(cycle -> cycle.summary().heldTotal() > 0)
                .toList();
    }

    /** Households and amounts per state of the entitlements of a cycle. */
    public record StateCount(String state, long households, long amountMinor, long settledMinor, long returnedMinor) {}

    public List<StateCount> counts(UUID cycleId) {
        return database.sql()
                .select(
                        ENTITLEMENT.STATE,
                        count(),
                        sum(ENTITLEMENT.AMOUNT_MINOR),
                        sum(ENTITLEMENT.SETTLED_MINOR),
                        sum(ENTITLEMENT.RETURNED_MINOR))
                .from(ENTITLEMENT)
                .where(ENTITLEMENT.CYCLE_ID.eq(cycleId))
                .groupBy(ENTITLEMENT.STATE)
                .orderBy(ENTITLEMENT.STATE)
                .fetch(row -> new StateCount(
                        row.value1(),
                        row.value2(),
                        row.value3() == null ? 0 : row.value3().longValueExact(),
                        row.value4().longValueExact(),
                        row.value5().longValueExact()));
    }

    /** Entitlements that are not paid for a reason, per state and reason. */
    public Map<String, Long> reasons(UUID cycleId) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        database.sql()
                .select(ENTITLEMENT.STATE, ENTITLEMENT.REASON, count())
                .from(ENTITLEMENT)
                .where(ENTITLEMENT.CYCLE_ID.eq(cycleId), ENTITLEMENT.REASON.ne(""))
                .groupBy(ENTITLEMENT.STATE, ENTITLEMENT.REASON)
                .orderBy(count().desc())
                .limit(50)
                .forEach(row -> reasons.put(
                        CyclePages.lineWords(row.value1()) + ": " + Reasons.words(row.value2()),
                        row.value3().longValue()));
        return reasons;
    }

    static CycleRecord locked(DSLContext tx, UUID id, State... expected) {
        CycleRecord cycle = tx.selectFrom(CYCLE)
                .where(CYCLE.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(ProgramsProblem.CYCLE_UNKNOWN));
        for (State state : expected) {
            if (cycle.getState().equals(state(state))) {
                return cycle;
            }
        }
        throw Problem.of(
                ProgramsProblem.CYCLE_NOT_READY, "state", cycle.getState().replace('_', ' '));
    }

    public static String state(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static Cycle view(Record row) {
        String summary = row.get(CYCLE.SUMMARY).data();
        return new Cycle(
                row.get(CYCLE.ID),
                row.get(CYCLE.PROGRAMME_ID),
                row.get(PROGRAMME.CODE),
                row.get(PROGRAMME.NAME),
                row.get(PROGRAMME.CURRENCY),
                row.get(CYCLE.VERSION),
                row.get(CYCLE.CODE),
                row.get(CYCLE.AS_OF),
                row.get(CYCLE.PAY_ON),
                State.valueOf(row.get(CYCLE.STATE).toUpperCase(Locale.ROOT)),
                row.get(CYCLE.DIGEST),
                row.get(CYCLE.LINES_DIGEST),
                row.get(CYCLE.HOUSEHOLDS),
                row.get(CYCLE.PAYABLE),
                row.get(CYCLE.CONCERNS),
                row.get(CYCLE.TOTAL_MINOR),
                summary.equals("{}") ? Cycle.Summary.NONE : JSON.readValue(summary, Cycle.Summary.class),
                row.get(CYCLE.PAYMENT_STATE),
                row.get(CYCLE.PAYMENT_NOTE),
                row.get(CYCLE.OPENED_BY),
                row.get(CYCLE.OPENED_AT),
                row.get(CYCLE.CLOSED_AT),
                row.get(CYCLE.CANCELLED_BY),
                row.get(CYCLE.CANCEL_REASON));
    }
}
