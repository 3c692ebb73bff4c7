package org.annona.payments.decision;

import static org.annona.payments.internal.tables.Tables.DECISION;
import static org.jooq.impl.DSL.noCondition;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsPermission;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.decision.Decision.State;
import org.annona.payments.internal.tables.tables.records.DecisionRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;

/**
 * Decisions that take two people. A request expires, and the one who asked can withdraw it; there is at most one open request
 * about a subject, so that nobody decides two things about one payment at once.
 */
public final class Decisions {

    private static final Keyset ORDER = new Keyset(Map.of("asked", DECISION.ASKED_AT), "asked", true, DECISION.ID);

    private final Database database;
    private final Map<DecisionKind, Decidable> kinds = new EnumMap<>(DecisionKind.class);
    private final Duration life;
    private final AuditTrail audit = new AuditTrail("payments");

    /** @param life of a request that nobody decides */
    public Decisions(Database database, List<Decidable> kinds, Duration life) {
        this.database = database;
        kinds.forEach(kind -> this.kinds.put(kind.kind(), kind));
        this.life = life;
    }

    /** @return the request, which another person confirms or refuses */
    public UUID ask(Actor actor, DecisionKind kind, UUID subject, int part, String detail, String reason) {
        actor.require(PaymentsPermission.OPERATE);
        String why = said(reason);
        return database.inTransaction(tx -> {
            expire(tx, subject, part);
            Instant now = Database.now(tx);
            DecisionRecord row = tx.newRecord(DECISION);
            row.setId(Ids.next());
            row.setKind(kind.code());
            row.setSubjectId(subject);
            row.setPart(part);
            row.setDetail(detail);
            row.setReason(why);
            row.setAskedBy(actor.name());
            row.setAskedAt(now);
            row.setExpiresAt(now.plus(life));
            row.setState("open");
            row.setDecidedReason("");
            decidable(kind).check(tx, view(row, now));
            boolean first =
                    tx.insertInto(DECISION).set(row).onConflictDoNothing().execute() == 1;
            if (!first) {
                throw Problem.of(PaymentsProblem.DECISION_OPEN);
            }
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "payments.decision.ask", "decision/" + row.getId())
                            .with("kind", kind.code())
                            .with("subject", subject)
                            .with("detail", detail)
                            .forReason(why));
            return row.getId();
        });
    }

    /** Confirms what another person asked for and carries it out. */
    public void confirm(Actor actor, UUID id) {
        actor.require(PaymentsPermission.OPERATE);
        database.transact(tx -> {
            DecisionRecord row = locked(tx, id);
            Decision decision = view(row, Database.now(tx));
            if (decision.askedBy().equals(actor.name())) {
                throw Problem.of(PaymentsProblem.SAME_PERSON);
            }
            decidable(decision.kind()).check(tx, decision);
            decidable(decision.kind()).carryOut(tx, actor, decision);
            end(tx, row, "done", actor, "");
        });
    }

    public void refuse(Actor actor, UUID id, String reason) {
        actor.require(PaymentsPermission.OPERATE);
        String why = said(reason);
        database.transact(tx -> {
            DecisionRecord row = locked(tx, id);
            if (row.getAskedBy().equals(actor.name())) {
                throw Problem.of(PaymentsProblem.SAME_PERSON);
            }
            end(tx, row, "refused", actor, why);
        });
    }

    /** Takes the request back; only the one who asked can. */
    public void withdraw(Actor actor, UUID id) {
        actor.require(PaymentsPermission.OPERATE);
        database.transact(tx -> {
            DecisionRecord row = locked(tx, id);
            if (!row.getAskedBy().equals(actor.name())) {
                throw notPossible("only " + row.getAskedBy() + " can withdraw this request");
            }
            end(tx, row, "withdrawn", actor, "");
        });
    }

    private void end(DSLContext tx, DecisionRecord row, String state, Actor actor, String reason) {
        row.setState(state);
        row.setDecidedBy(actor.name());
        row.setDecidedAt(Database.now(tx));
        row.setDecidedReason(reason);
        row.update();
        AuditEvent event = AuditEvent.of(actor.name(), "payments.decision." + state, "decision/" + row.getId())
                .with("kind", row.getKind())
                .with("subject", row.getSubjectId())
                .with("askedBy", row.getAskedBy());
        audit.append(tx, reason.isEmpty() ? event : event.forReason(reason));
    }

    /** Filter: state; without it, what is open. */
    public Page<Decision> page(Actor actor, PageRequest request) {
        actor.require(PaymentsPermission.VIEW);
        String state = request.filter("state").isEmpty() ? "open" : request.filter("state");
        Instant now = Database.now(database.sql());
        Condition condition = state.equals("all") ? noCondition() : DECISION.STATE.eq(state);
        if (state.equals("open")) {
            condition = condition.and(DECISION.EXPIRES_AT.gt(now));
        }
        return ORDER.page(database.sql(), List.of(DECISION.fields()), DECISION, condition, request)
                .map(row -> view(row.into(DECISION), now));
    }

    public Decision show(Actor actor, UUID id) {
        actor.require(PaymentsPermission.VIEW);
        Instant now = Database.now(database.sql());
        return database.sql()
                .selectFrom(DECISION)
                .where(DECISION.ID.eq(id))
                .fetchOptional(row -> view(row, now))
                .orElseThrow(() -> Problem.of(PaymentsProblem.DECISION_UNKNOWN));
    }

    /** The request about a subject that waits for a second person. */
    public Optional<Decision> open(UUID subject, int part) {
        Instant now = Database.now(database.sql());
        return database.sql()
                .selectFrom(DECISION)
                .where(DECISION.SUBJECT_ID.eq(subject), DECISION.PART.eq(part), DECISION.STATE.eq("open"))
                .and(DECISION.EXPIRES_AT.gt(now))
                .fetchOptional(row -> view(row, now));
    }

    public Decidable.Sight sight(Decision decision) {
        return decidable(decision.kind()).sight(decision);
    }

    /** How many requests of others this person can decide. */
    public long waitingFor(Actor actor) {
        return database.sql()
                .fetchCount(
                        DECISION,
                        DECISION.STATE
                                .eq("open")
                                .and(DECISION.ASKED_BY.ne(actor.name()))
                                .and(DECISION.EXPIRES_AT.gt(Database.now(database.sql()))));
    }

    private void expire(DSLContext tx, UUID subject, int part) {
        tx.update(DECISION)
                .set(DECISION.STATE, "expired")
                .where(DECISION.SUBJECT_ID.eq(subject), DECISION.PART.eq(part), DECISION.STATE.eq("open"))
                .and(DECISION.EXPIRES_AT.le(Database.now(tx)))
                .execute();
    }

    private DecisionRecord locked(DSLContext tx, UUID id) {
        DecisionRecord row = tx.selectFrom(DECISION)
                .where(DECISION.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(PaymentsProblem.DECISION_UNKNOWN));
        State state = view(row, Database.now(tx)).state();
        if (state != State.OPEN) {
            throw notPossible("the request is " + state.words());
        }
        return row;
    }

    private Decidable decidable(DecisionKind kind) {
        Decidable decidable = kinds.get(kind);
        if (decidable == null) {
            throw new IllegalStateException("nobody carries out " + kind);
        }
        return decidable;
    }

    private static String said(String reason) {
        if (reason.isBlank()) {
            throw Problem.of(PaymentsProblem.REASON_MISSING);
        }
        return reason.strip();
    }

    private static Problem notPossible(String reason) {
        return Problem.of(PaymentsProblem.NOT_POSSIBLE, "reason", reason);
    }

    private static Decision view(DecisionRecord row, Instant now) {
        State state = State.valueOf(row.getState().toUpperCase(Locale.ROOT));
        boolean late = state == State.OPEN && !row.getExpiresAt().isAfter(now);
        return new Decision(
                row.getId(),
                DecisionKind.of(row.getKind()),
                row.getSubjectId(),
                row.getPart(),
                row.getDetail(),
                row.getReason(),
                row.getAskedBy(),
                row.getAskedAt(),
                row.getExpiresAt(),
                late ? State.EXPIRED : state,
                row.getDecidedBy(),
                row.getDecidedAt(),
                row.getDecidedReason());
    }
}
