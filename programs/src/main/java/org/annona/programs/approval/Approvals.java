package org.annona.programs.approval;

import static org.annona.programs.internal.tables.Tables.APPROVAL_REQUEST;
import static org.annona.programs.internal.tables.Tables.APPROVAL_VOTE;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
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
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.approval.ApprovalRequest.Kind;
import org.annona.programs.approval.ApprovalRequest.State;
import org.annona.programs.approval.ApprovalRequest.Vote;
import org.annona.programs.internal.tables.tables.records.ApprovalRequestRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;

/**
 * Decisions by those who did not prepare what is decided on. A request is bound to the digest of its subject; a vote names
 * the digest that the voter saw, and counts only if all are the same.
 */
public final class Approvals {

    private static final Keyset ORDER =
            new Keyset(Map.of("prepared", APPROVAL_REQUEST.PREPARED_AT), "prepared", true, APPROVAL_REQUEST.ID);
    private static final Field<Integer> VOTES =
            field(select(count()).from(APPROVAL_VOTE).where(APPROVAL_VOTE.REQUEST_ID.eq(APPROVAL_REQUEST.ID)));

    private final Database database;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    public Approvals(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param preparedBy the user who may not decide on it */
    public record Ask(
            String kind,
            UUID programmeId,
            UUID subjectId,
            int version,
            String title,
            byte[] digest,
            String preparedBy) {}

    /** Opens a request within the transaction that prepared its subject. */
    public static UUID ask(DSLContext tx, Ask ask) {
        UUID id = Ids.next();
        tx.insertInto(APPROVAL_REQUEST)
                .set(APPROVAL_REQUEST.ID, id)
                .set(APPROVAL_REQUEST.KIND, ask.kind())
                .set(APPROVAL_REQUEST.PROGRAMME_ID, ask.programmeId())
                .set(APPROVAL_REQUEST.SUBJECT_ID, ask.subjectId())
                .set(APPROVAL_REQUEST.VERSION, ask.version())
                .set(APPROVAL_REQUEST.TITLE, ask.title())
                .set(APPROVAL_REQUEST.DIGEST, ask.digest())
                .set(APPROVAL_REQUEST.STATE, "open")
                .set(APPROVAL_REQUEST.PREPARED_BY, ask.preparedBy())
                .execute();
        return id;
    }

    /** Ends the open request on a subject that changes or is given up; votes on it lose their meaning. */
    public static void voidOpen(DSLContext tx, String kind, UUID subjectId, Instant now) {
        tx.update(APPROVAL_REQUEST)
                .set(APPROVAL_REQUEST.STATE, "void")
                .set(APPROVAL_REQUEST.ENDED_AT, now)
                .where(APPROVAL_REQUEST.KIND.eq(kind), APPROVAL_REQUEST.SUBJECT_ID.eq(subjectId))
                .and(APPROVAL_REQUEST.STATE.eq("open"))
                .execute();
    }

    public static boolean hasOpen(DSLContext tx, String kind, UUID subjectId) {
        return tx.fetchExists(
                APPROVAL_REQUEST,
                APPROVAL_REQUEST
                        .KIND
                        .eq(kind)
                        .and(APPROVAL_REQUEST.SUBJECT_ID.eq(subjectId))
                        .and(APPROVAL_REQUEST.STATE.eq("open")));
    }

    /** Which permission decides on a stage: terms have one stage, a cycle is approved first and released then. */
    public static ProgramsPermission permission(Kind kind, int stage) {
        return kind == Kind.CYCLE && stage == 2 ? ProgramsPermission.RELEASE : ProgramsPermission.APPROVE;
    }

    private static int stages(Kind kind) {
        return kind == Kind.CYCLE ? 2 : 1;
    }

    /**
     * Records a vote within the transaction that carries out what it decides.
     *
     * @param seen the digest that the page of the voter showed, in hexadecimal
     * @return the request with the vote
     */
    public ApprovalRequest vote(
            DSLContext tx, Actor actor, UUID requestId, boolean approved, String seen, String reason) {
        ApprovalRequestRecord row = tx.selectFrom(APPROVAL_REQUEST)
                .where(APPROVAL_REQUEST.ID.eq(requestId))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Problem.of(ProgramsProblem.REQUEST_UNKNOWN));
        ApprovalRequest request = view(tx, row);
        refuseUnfitVote(actor, request, seen);
        if (!approved && reason.isBlank()) {
            throw Problem.of(ProgramsProblem.REASON_MISSING);
        }
        int stage = request.openStage();
        tx.insertInto(APPROVAL_VOTE)
                .set(APPROVAL_VOTE.REQUEST_ID, requestId)
                .set(APPROVAL_VOTE.STAGE, stage)
                .set(APPROVAL_VOTE.DECISION, approved ? "approved" : "rejected")
                .set(APPROVAL_VOTE.VOTER, actor.name())
                .set(APPROVAL_VOTE.PREPARED_BY, request.preparedBy())
                .set(APPROVAL_VOTE.DIGEST, request.digest())
                .set(APPROVAL_VOTE.REASON, reason.strip())
                .execute();
        if (!approved || stage == stages(request.kind())) {
            row.setState(approved ? "approved" : "rejected");
            row.setEndedAt(clock.instant());
            row.update();
        }
        audit.append(
                tx,
                AuditEvent.of(
                                actor.name(),
                                "programs.approval." + (approved ? "approve" : "reject"),
                                request.kind().name().toLowerCase(Locale.ROOT) + "/" + request.subjectId())
                        .because("request/" + requestId)
                        .resultingIn(request.digest())
                        .with("stage", stage)
                        .forReason(reason.strip()));
        return view(tx, row);
    }

    private static void refuseUnfitVote(Actor actor, ApprovalRequest request, String seen) {
        if (request.state() != State.OPEN) {
            throw Problem.of(
                    ProgramsProblem.REQUEST_ENDED,
                    "state",
                    request.state().name().toLowerCase(Locale.ROOT));
        }
        requireOpenStage(actor, request);
        if (actor.name().equals(request.preparedBy())) {
            throw Problem.of(ProgramsProblem.OWN_WORK);
        }
        if (request.votes().stream().anyMatch(vote -> vote.voter().equals(actor.name()))) {
            throw Problem.of(ProgramsProblem.TWO_STAGES);
        }
        if (!Arrays.equals(request.digest(), bytes(seen))) {
            throw Problem.of(ProgramsProblem.DIGEST_CHANGED);
        }
    }

    /** Somebody whose stage a colleague decided meanwhile hears who it was, and not that the next stage is forbidden. */
    public static void requireOpenStage(Actor actor, ApprovalRequest request) {
        ProgramsPermission needed = permission(request.kind(), request.openStage());
        if (!actor.may(needed)) {
            for (Vote vote : request.votes()) {
                if (actor.may(permission(request.kind(), vote.stage()))) {
                    throw Problem.of(ProgramsProblem.STAGE_PASSED, "voter", vote.voter());
                }
            }
        }
        actor.require(needed);
    }

    private static byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }

    public ApprovalRequest show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return database.sql()
                .selectFrom(APPROVAL_REQUEST)
                .where(APPROVAL_REQUEST.ID.eq(id))
                .fetchOptional(row -> view(database.sql(), row))
                .orElseThrow(() -> Problem.of(ProgramsProblem.REQUEST_UNKNOWN));
    }

    /** The newest request on a subject. */
    public Optional<ApprovalRequest> newestOn(UUID subjectId) {
        return database.sql()
                .selectFrom(APPROVAL_REQUEST)
                .where(APPROVAL_REQUEST.SUBJECT_ID.eq(subjectId))
                .orderBy(APPROVAL_REQUEST.PREPARED_AT.desc())
                .limit(1)
                .fetchOptional(row -> view(database.sql(), row));
    }

    /** Filters: state; mine (yes) for those that wait for this person. */
    public Page<ApprovalRequest> page(Actor actor, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition =
                request.filter("state").isEmpty() ? noCondition() : APPROVAL_REQUEST.STATE.eq(request.filter("state"));
        if (request.filter("mine").equals("yes")) {
            condition = condition.and(waitsFor(actor));
        }
        return ORDER.page(database.sql(), List.of(APPROVAL_REQUEST.fields()), APPROVAL_REQUEST, condition, request)
                .map(row -> view(database.sql(), row.into(APPROVAL_REQUEST)));
    }

    public long waitingFor(Actor actor) {
        return database.sql().fetchCount(APPROVAL_REQUEST, waitsFor(actor));
    }

    private static Condition waitsFor(Actor actor) {
        List<Condition> ways = new ArrayList<>();
        if (actor.may(ProgramsPermission.APPROVE)) {
            ways.add(VOTES.eq(0));
        }
        if (actor.may(ProgramsPermission.RELEASE)) {
            ways.add(VOTES.eq(1));
        }
        return (ways.isEmpty() ? falseCondition() : or(ways))
                .and(APPROVAL_REQUEST.STATE.eq("open"))
                .and(APPROVAL_REQUEST.PREPARED_BY.ne(actor.name()))
                .and(notExists(selectOne()
                        .from(APPROVAL_VOTE)
                        .where(
                                APPROVAL_VOTE.REQUEST_ID.eq(APPROVAL_REQUEST.ID),
                                APPROVAL_VOTE.VOTER.eq(actor.name()))));
    }

    private static ApprovalRequest view(DSLContext sql, ApprovalRequestRecord row) {
        return new ApprovalRequest(
                row.getId(),
                Kind.valueOf(row.getKind().toUpperCase(Locale.ROOT)),
                row.getProgrammeId(),
                row.getSubjectId(),
                row.getVersion(),
                row.getTitle(),
                row.getDigest(),
                State.valueOf(row.getState().toUpperCase(Locale.ROOT)),
                row.getPreparedBy(),
                row.getPreparedAt(),
                row.getEndedAt(),
                sql.selectFrom(APPROVAL_VOTE)
                        .where(APPROVAL_VOTE.REQUEST_ID.eq(row.getId()))
                        .orderBy(APPROVAL_VOTE.STAGE)
                        .fetch(vote -> new ApprovalRequest.Vote(
                                vote.getStage(),
                                vote.getDecision().equals("approved"),
                                vote.getVoter(),
                                vote.getReason(),
                                vote.getVotedAt())));
    }
}
