package org.annona.programs.cycle;

import static org.annona.programs.internal.tables.Tables.CYCLE;
import static org.annona.programs.internal.tables.Tables.ENTITLEMENT;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.problem.Problem;
import org.annona.programs.OrderKey;
import org.annona.programs.PaymentGateway;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.approval.ApprovalRequest;
import org.annona.programs.approval.Approvals;
import org.jooq.Record;

/**
 * Hands a released cycle to the payments: checks that list and amounts are exactly the approved ones, announces the order,
 * delivers its lines, and says that it is complete. Each of these may be repeated.
 */
public final class HandOver implements Work {

    static final String KIND = "programs.hand-over";

    private static final int LINES_PER_CHUNK = 5_000;

    private final Database database;
    private final Cycles cycles;
    private final Approvals approvals;
    private final PaymentGateway payments;
    private final AuditTrail audit = new AuditTrail("programs");

    public HandOver(Database database, Cycles cycles, Approvals approvals, PaymentGateway payments) {
        this.database = database;
        this.cycles = cycles;
        this.approvals = approvals;
        this.payments = payments;
    }

    private record Position(boolean announced, UUID household) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        Cycle cycle = cycles.find(run.input(Cycles.CycleJob.class).cycleId());
        Position position = run.cursor(Position.class, new Position(false, new UUID(0, 0)));
        if (!position.announced()) {
            announce(cycle);
            return run.chunk(
                    database,
                    tx -> Progress.upTo(new Position(true, position.household()))
                            .ofTotal(cycle.payable())
                            .in("announced"));
        }
        List<PaymentGateway.Line> lines = lines(cycle.id(), position.household());
        if (!lines.isEmpty()) {
            payments.deliver(OrderKey.of(cycle.id()), lines);
            UUID last = UUID.fromString(lines.getLast().key());
            return run.chunk(database, tx -> {
                tx.update(ENTITLEMENT)
                        .set(ENTITLEMENT.STATE, "instructed")
                        .where(ENTITLEMENT.CYCLE_ID.eq(cycle.id()), ENTITLEMENT.STATE.eq("computed"))
                        .and(ENTITLEMENT.SUBJECT_ID.gt(position.household()))
                        .and(ENTITLEMENT.SUBJECT_ID.le(last))
                        .execute();
                return Progress.upTo(new Position(true, last))
                        .done(lines.size())
                        .in("delivering");
            });
        }
        payments.complete(OrderKey.of(cycle.id()));
        return run.chunk(database, tx -> {
            tx.update(CYCLE)
                    .set(CYCLE.PAYMENT_STATE, "handed over")
                    .where(CYCLE.ID.eq(cycle.id()))
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(run.requestedBy(), "programs.cycle.handed_over", "cycle/" + cycle.id())
                            .because(run.asCause())
                            .touching(cycle.payable())
                            .resultingIn(Objects.requireNonNull(cycle.linesDigest())));
            return Progress.finished("the payments have taken the order");
        });
    }

    private void announce(Cycle cycle) {
        CycleDigest now = database.onOneSnapshot(tx -> CycleDigest.of(tx, cycle.id(), cycle.currency()));
        ApprovalRequest request = approvals.newestOn(cycle.id()).orElseThrow();
        boolean asApproved = Arrays.equals(now.roster(), request.digest())
                && Arrays.equals(now.roster(), cycle.digest())
                && Arrays.equals(now.lines(), cycle.linesDigest())
                && now.payable() == cycle.payable()
                && now.totalMinor() == cycle.totalMinor();
        if (!asApproved || request.state() != ApprovalRequest.State.APPROVED) {
            throw Problem.of(ProgramsProblem.TAMPERED);
        }
        payments.open(new PaymentGateway.Order(
                OrderKey.of(cycle.id()),
                cycle.programmeCode(),
                cycle.programmeName(),
                cycle.code(),
                cycle.currency(),
                now.payable(),
                now.totalMinor(),
                now.lines(),
                cycle.payOn(),
                request.preparedBy(),
                request.votes().get(0).voter(),
                request.votes().get(1).voter()));
    }

    private List<PaymentGateway.Line> lines(UUID cycleId, UUID after) {
        return database.sql()
                .select(
                        ENTITLEMENT.SUBJECT_ID,
                        ENTITLEMENT.PAYEE_ID,
                        ENTITLEMENT.AMOUNT_MINOR,
                        ENTITLEMENT.ACCOUNT_VERSION)
                .from(ENTITLEMENT)
                .where(ENTITLEMENT.CYCLE_ID.eq(cycleId), ENTITLEMENT.SUBJECT_ID.gt(after))
                .and(ENTITLEMENT.STATE.notIn("held", "nil"))
                .orderBy(ENTITLEMENT.SUBJECT_ID)
                .limit(LINES_PER_CHUNK)
                .fetch(HandOver::line);
    }

    private static PaymentGateway.Line line(Record row) {
        return new PaymentGateway.Line(
                row.get(ENTITLEMENT.SUBJECT_ID).toString(),
                Objects.requireNonNull(row.get(ENTITLEMENT.PAYEE_ID)),
                Objects.requireNonNull(row.get(ENTITLEMENT.AMOUNT_MINOR)),
                row.get(ENTITLEMENT.ACCOUNT_VERSION));
    }
}
