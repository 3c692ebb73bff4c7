package org.annona.programs.duplication;

import static org.annona.programs.internal.tables.Tables.DUPLICATION_CHECK;
import static org.annona.programs.internal.tables.Tables.ENROLMENT;
import static org.annona.programs.internal.tables.Tables.ENROLMENT_HISTORY;
import static org.annona.programs.internal.tables.Tables.SUBJECT_MEMBER;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import java.time.Clock;
import java.time.LocalDate;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.jooq.DSLContext;
import org.jooq.Field;

/** What approvers decide on matches, and what follows for households that were held for them. */
public final class Reviews {

    private final Database database;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public Reviews(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Decides whether a match is a duplicate. Households that were held for it go on where they were, or leave.
     *
     * @param isDuplicate whether the person is assisted elsewhere and so not here
     */
    public void decide(Actor actor, UUID check, boolean isDuplicate, String reason) {
        actor.require(ProgramsPermission.REVIEW_DUPLICATES);
        if (reason.isBlank()) {
            throw Problem.of(ProgramsProblem.DUPLICATION_REVIEW_UNFIT, "reason", "it needs a reason");
        }
        database.transact(tx -> {
            UUID person = tx.update(DUPLICATION_CHECK)
                    .set(DUPLICATION_CHECK.REVIEW, isDuplicate ? "duplicate" : "no_duplicate")
                    .set(DUPLICATION_CHECK.REVIEWED_BY, actor.name())
                    .set(DUPLICATION_CHECK.REVIEWED_AT, clock.instant())
                    .set(DUPLICATION_CHECK.REVIEW_REASON, reason.strip())
                    .set(DUPLICATION_CHECK.CHANGED_AT, clock.instant())
                    .where(DUPLICATION_CHECK.ID.eq(check), DUPLICATION_CHECK.REVIEW.eq("open"))
                    .returning(DUPLICATION_CHECK.PERSON_ID)
                    .fetchOne(DUPLICATION_CHECK.PERSON_ID);
            if (person == null) {
                throw Problem.of(ProgramsProblem.DUPLICATION_REVIEW_UNFIT, "reason", "it is decided already");
            }
            int moved = release(tx, actor, check, person, isDuplicate, reason.strip());
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.duplication.review", "duplication-check/" + check)
                            .touching(moved)
                            .with("duplicate", isDuplicate)
                            .forReason(reason.strip()));
        });
    }

    /** What was held because of a duplicate goes back to where it came from, as the history tells, or ends. */
    private int release(DSLContext tx, Actor actor, UUID check, UUID person, boolean isDuplicate, String reason) {
        LocalDate today = LocalDate.now(clock);
        Field<String> before = field(select(ENROLMENT_HISTORY.FROM_STATE)
                .from(ENROLMENT_HISTORY)
                .where(ENROLMENT_HISTORY.ENROLMENT_ID.eq(ENROLMENT.ID), ENROLMENT_HISTORY.TO_STATE.eq("duplicate_held"))
                .orderBy(ENROLMENT_HISTORY.NUMBER.desc())
                .limit(1));
        var held = tx.select(ENROLMENT.ID, before)
                .from(ENROLMENT)
                .where(ENROLMENT.STATE.eq("duplicate_held"), ENROLMENT.REASON.eq("DUP_EXTERNAL"))
                .and(ENROLMENT.SUBJECT_ID.in(select(SUBJECT_MEMBER.SUBJECT_ID)
                        .from(SUBJECT_MEMBER)
                        .where(SUBJECT_MEMBER.PERSON_ID.eq(person), SUBJECT_MEMBER.VALID_FROM.le(today))
                        .and(SUBJECT_MEMBER.VALID_TO.isNull().or(SUBJECT_MEMBER.VALID_TO.gt(today)))))
                .forUpdate()
                .fetch();
        int moved = 0;
        for (var row : held) {
            if (!isDuplicate && hasOtherOpen(tx, row.value1())) {
                continue;
            }
            String from = row.value2();
            boolean inside = from.equals("enrolled") || from.equals("suspended");
            moved += tx.update(ENROLMENT)
                    .set(ENROLMENT.STATE, isDuplicate ? inside ? "exited" : "rejected" : from)
                    .set(ENROLMENT.REASON, isDuplicate ? "CONFIRMED_DUPLICATE" : "NOT_DUPLICATE")
                    .set(ENROLMENT.NOTE, reason)
                    .set(ENROLMENT.CHANGED_BY, actor.name())
                    .set(ENROLMENT.CAUSE, "duplication-check/" + check)
                    .set(ENROLMENT.CHANGED_AT, clock.instant())
                    .where(ENROLMENT.ID.eq(row.value1()))
                    .execute();
        }
        return moved;
    }

    /** Whether another member of the household waits for a review too. */
    private boolean hasOtherOpen(DSLContext tx, UUID enrolment) {
        LocalDate today = LocalDate.now(clock);
        return tx.fetchExists(select(DUPLICATION_CHECK.ID)
                .from(ENROLMENT)
                .join(SUBJECT_MEMBER)
                .on(SUBJECT_MEMBER.SUBJECT_ID.eq(ENROLMENT.SUBJECT_ID))
                .join(DUPLICATION_CHECK)
                .on(DUPLICATION_CHECK.PERSON_ID.eq(SUBJECT_MEMBER.PERSON_ID))
                .where(ENROLMENT.ID.eq(enrolment), DUPLICATION_CHECK.REVIEW.eq("open"))
                .and(SUBJECT_MEMBER.VALID_FROM.le(today))
                .and(SUBJECT_MEMBER.VALID_TO.isNull().or(SUBJECT_MEMBER.VALID_TO.gt(today))));
    }
}
