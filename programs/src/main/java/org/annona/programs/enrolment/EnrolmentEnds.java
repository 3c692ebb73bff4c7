package org.annona.programs.enrolment;

import static org.annona.programs.internal.tables.Tables.ENROLMENT;
import static org.annona.programs.internal.tables.Tables.ENROLMENT_END;
import static org.annona.programs.internal.tables.Tables.PROGRAMME;
import static org.annona.programs.internal.tables.Tables.SUBJECT;
import static org.jooq.impl.DSL.noCondition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.internal.tables.tables.records.EnrolmentEndRecord;
import org.annona.programs.internal.tables.tables.records.EnrolmentRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Ends of enrolments: a programme manager asks, an approver decides. Until then nothing changes for the household. */
public final class EnrolmentEnds {

    private static final Keyset ORDER =
            new Keyset(Map.of("asked", ENROLMENT_END.ASKED_AT), "asked", true, ENROLMENT_END.ID);

    private final Database database;
    private final AuditTrail audit = new AuditTrail("programs");

    public EnrolmentEnds(Database database) {
        this.database = database;
    }

    /** @param state {@code open}, {@code done}, {@code refused} or {@code withdrawn} */
    public record End(
            UUID id,
            UUID enrolmentId,
            String subjectRef,
            String programmeName,
            String toState,
            String reason,
            String note,
            String askedBy,
            Instant askedAt,
            String state,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            String answer) {}

    /** @return the request */
    public UUID ask(Actor actor, UUID enrolment, String toState, String reason, String note) {
        actor.require(ProgramsPermission.ENROL);
        if (note.isBlank()) {
            throw Problem.of(ProgramsProblem.REASON_MISSING);
        }
        UUID id = Ids.next();
        database.transact(tx -> {
            Enrolments.allowed(tx, enrolment, toState, reason);
            int added = tx.insertInto(ENROLMENT_END)
                    .set(ENROLMENT_END.ID, id)
                    .set(ENROLMENT_END.ENROLMENT_ID, enrolment)
                    .set(ENROLMENT_END.TO_STATE, toState)
                    .set(ENROLMENT_END.REASON, reason)
                    .set(ENROLMENT_END.NOTE, note.strip())
                    .set(ENROLMENT_END.ASKED_BY, actor.name())
                    .onConflictDoNothing()
                    .execute();
            if (added == 0) {
                throw Problem.of(ProgramsProblem.END_ASKED);
            }
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.enrolment_end.ask", "enrolment/" + enrolment)
                            .with("to", toState)
                            .with("because", reason)
                            .forReason(note.strip()));
        });
        return id;
    }

    /** @param id of the request that was seen, and not only of the enrolment: another one may stand there meanwhile */
    public void confirm(Actor actor, UUID id) {
        database.transact(tx -> {
            EnrolmentEndRecord end = decidable(tx, actor, id);
            EnrolmentRecord record = Enrolments.allowed(tx, end.getEnrolmentId(), end.getToState(), end.getReason());
            record.setState(end.getToState());
            record.setReason(end.getReason());
            record.setNote(end.getNote());
            record.setChangedBy(end.getAskedBy());
            record.setCause("confirmed by " + actor.name());
            record.setChangedAt(Database.now(tx));
            record.update();
            decide(tx, actor, end, "done", "");
        });
    }

    public void refuse(Actor actor, UUID id, String answer) {
        if (answer.isBlank()) {
            throw Problem.of(ProgramsProblem.REASON_MISSING);
        }
        database.transact(tx -> decide(tx, actor, decidable(tx, actor, id), "refused", answer.strip()));
    }

    /** Takes the request back; only the person who asked can. */
    public void withdraw(Actor actor, UUID id) {
        actor.require(ProgramsPermission.ENROL);
        database.transact(tx -> {
            EnrolmentEndRecord end = locked(tx, id);
            if (!end.getAskedBy().equals(actor.name())) {
                throw Problem.of(ProgramsProblem.END_UNKNOWN);
            }
            decide(tx, actor, end, "withdrawn", "");
        });
    }

    private static EnrolmentEndRecord decidable(DSLContext tx, Actor actor, UUID id) {
        actor.require(ProgramsPermission.APPROVE);
        EnrolmentEndRecord end = locked(tx, id);
        if (end.getAskedBy().equals(actor.name())) {
            throw Problem.of(ProgramsProblem.OWN_WORK);
        }
        return end;
    }

    private static EnrolmentEndRecord locked(DSLContext tx, UUID id) {
        return tx.selectFrom(ENROLMENT_END)
                .where(ENROLMENT_END.ID.eq(id), ENROLMENT_END.STATE.eq("open"))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(ProgramsProblem.END_UNKNOWN));
    }

    private void decide(DSLContext tx, Actor actor, EnrolmentEndRecord end, String state, String answer) {
        end.setState(state);
        end.setDecidedBy(actor.name());
        end.setDecidedAt(Database.now(tx));
        end.setAnswer(answer);
        end.update();
        AuditEvent event = AuditEvent.of(
                        actor.name(), "programs.enrolment_end." + state, "enrolment/" + end.getEnrolmentId())
                .with("to", end.getToState())
                .with("because", end.getReason())
                .with("askedBy", end.getAskedBy());
        audit.append(tx, answer.isEmpty() ? event : event.forReason(answer));
    }

    /** Filter: state; without it what is open. */
    public Page<End> page(Actor actor, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        String state = request.filter("state").isEmpty() ? "open" : request.filter("state");
        Condition condition = state.equals("all") ? noCondition() : ENROLMENT_END.STATE.eq(state);
        List<Field<?>> fields = new ArrayList<>(List.of(ENROLMENT_END.fields()));
        fields.addAll(List.of(SUBJECT.REF, PROGRAMME.NAME));
        return ORDER.page(
                        database.sql(),
                        fields,
                        ENROLMENT_END
                                .join(ENROLMENT)
                                .on(ENROLMENT.ID.eq(ENROLMENT_END.ENROLMENT_ID))
                                .join(SUBJECT)
                                .on(SUBJECT.ID.eq(ENROLMENT.SUBJECT_ID))
                                .join(PROGRAMME)
                                .on(PROGRAMME.ID.eq(ENROLMENT.PROGRAMME_ID)),
                        condition,
                        request)
                .map(row -> view(row, row.get(SUBJECT.REF), row.get(PROGRAMME.NAME)));
    }

    /** The newest request about an enrolment. */
    Optional<End> newest(UUID enrolment) {
        return database.sql()
                .selectFrom(ENROLMENT_END)
                .where(ENROLMENT_END.ENROLMENT_ID.eq(enrolment))
                .orderBy(ENROLMENT_END.ASKED_AT.desc())
                .limit(1)
                .fetchOptional(row -> view(row, "", ""));
    }

    /** How many requests of others this person can decide. */
    public long waitingFor(Actor actor) {
        return database.sql()
                .fetchCount(ENROLMENT_END, ENROLMENT_END.STATE.eq("open").and(ENROLMENT_END.ASKED_BY.ne(actor.name())));
    }

    /** How many requests of this person wait for an approver. */
    public long askedBy(Actor actor) {
        return database.sql()
                .fetchCount(ENROLMENT_END, ENROLMENT_END.STATE.eq("open").and(ENROLMENT_END.ASKED_BY.eq(actor.name())));
    }

    private static End view(Record row, String household, String programme) {
        return new End(
                row.get(ENROLMENT_END.ID),
                row.get(ENROLMENT_END.ENROLMENT_ID),
                household,
                programme,
                row.get(ENROLMENT_END.TO_STATE),
                row.get(ENROLMENT_END.REASON),
                row.get(ENROLMENT_END.NOTE),
                row.get(ENROLMENT_END.ASKED_BY),
                row.get(ENROLMENT_END.ASKED_AT),
                row.get(ENROLMENT_END.STATE),
                row.get(ENROLMENT_END.DECIDED_BY),
                row.get(ENROLMENT_END.DECIDED_AT),
                row.get(ENROLMENT_END.ANSWER));
    }
}
