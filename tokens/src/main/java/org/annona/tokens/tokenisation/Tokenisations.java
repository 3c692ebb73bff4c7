package org.annona.tokens.tokenisation;

import static org.annona.tokens.internal.tables.Tables.TOKENISATION;
import static org.annona.tokens.internal.tables.Tables.TOKENISATION_EVENT;
import static org.annona.tokens.internal.tables.Tables.TOKEN_CASE;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.tokens.Subjects;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.internal.tables.states.TokenisationState;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** People on their way to a token, as those who look after them see them; trying again, and deciding cases. */
public final class Tokenisations {

    private static final Keyset ORDER =
            new Keyset(Map.of("changed", TOKENISATION.CHANGED_AT), "changed", true, TOKENISATION.ID);
    private static final Keyset CASE_ORDER =
            new Keyset(Map.of("opened", TOKEN_CASE.OPENED_AT), "opened", true, TOKEN_CASE.ID);
    private static final Set<TokenisationState> STUCK =
            Set.of(TokenisationState.FAILED, TokenisationState.GAVE_UP, TokenisationState.LEFT_OUT);

    private final Database database;
    private final Subjects subjects;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("tokens");

    public Tokenisations(Database database, Subjects subjects, Clock clock) {
        this.database = database;
        this.subjects = subjects;
        this.clock = clock;
    }

    /** @param reference of the person */
    record Row(
            UUID id,
            UUID personId,
            String reference,
            TokenisationState state,
            int attempts,
            String code,
            String message,
            @Nullable Instant dueAt,
            Instant changedAt) {}

    /** How many people are in each state, by its code. */
    public Map<String, Long> countByState(UUID connector) {
        return database
                .sql()
                .select(TOKENISATION.STATE, count())
                .from(TOKENISATION)
                .where(TOKENISATION.CONNECTOR_ID.eq(connector))
                .groupBy(TOKENISATION.STATE)
                .fetch()
                .stream()
                .collect(Collectors.toMap(
                        row -> row.value1().code(), row -> row.value2().longValue()));
    }

    /** Of those who are not through, by the code of what hinders them; most first. */
    List<Map.Entry<String, Long>> countByCode(UUID connector) {
        return database
                .sql()
                .select(TOKENISATION.CODE, count())
                .from(TOKENISATION)
                .where(TOKENISATION.CONNECTOR_ID.eq(connector), TOKENISATION.STATE.in(STUCK), TOKENISATION.CODE.ne(""))
                .groupBy(TOKENISATION.CODE)
                .orderBy(count().desc(), TOKENISATION.CODE)
                .limit(20)
                .fetch()
                .stream()
                .map(row -> Map.entry(row.value1(), row.value2().longValue()))
                .toList();
    }

    Page<Row> page(Actor actor, UUID connector, PageRequest request) {
        actor.require(TokensPermission.VIEW);
        Condition condition = TOKENISATION.CONNECTOR_ID.eq(connector);
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(TOKENISATION.STATE.coerce(String.class).eq(request.filter("state")));
        }
        if (!request.filter("code").isEmpty()) {
            condition = condition.and(TOKENISATION.CODE.eq(request.filter("code")));
        }
        if (!request.filter("person").isEmpty()) {
            UUID person = subjects.byReference(request.filter("person")).orElse(new UUID(0, 0));
            condition = condition.and(TOKENISATION.PERSON_ID.eq(person));
        }
        Page<org.jooq.Record> page =
                ORDER.page(database.sql(), List.of(TOKENISATION.fields()), TOKENISATION, condition, request);
        Map<UUID, String> references = subjects.references(
                page.rows().stream().map(row -> row.get(TOKENISATION.PERSON_ID)).toList());
        return page.map(row -> new Row(
                row.get(TOKENISATION.ID),
                row.get(TOKENISATION.PERSON_ID),
                references.getOrDefault(row.get(TOKENISATION.PERSON_ID), "?"),
                row.get(TOKENISATION.STATE),
                row.get(TOKENISATION.ATTEMPTS),
                row.get(TOKENISATION.CODE),
                row.get(TOKENISATION.MESSAGE),
                row.get(TOKENISATION.DUE_AT),
                row.get(TOKENISATION.CHANGED_AT)));
    }

    /**
     * Lets people who are stuck stand in the queue again at once.
     *
     * @param code only those with this one; empty for all
     * @return how many they were
     */
    int tryAgain(Actor actor, UUID connector, String code, String reason) {
        actor.require(TokensPermission.OPERATE);
        requireReason(reason);
        return database.inTransaction(tx -> {
            Condition which = TOKENISATION.CONNECTOR_ID.eq(connector).and(TOKENISATION.STATE.in(STUCK));
            if (!code.isEmpty()) {
                which = which.and(TOKENISATION.CODE.eq(code));
            }
            tx.insertInto(
                            TOKENISATION_EVENT,
                            TOKENISATION_EVENT.ID,
                            TOKENISATION_EVENT.TOKENISATION_ID,
                            TOKENISATION_EVENT.FROM_STATE,
                            TOKENISATION_EVENT.TO_STATE,
                            TOKENISATION_EVENT.REASON,
                            TOKENISATION_EVENT.ACTOR)
                    .select(select(
                                    org.jooq.impl.DSL.uuid(),
                                    TOKENISATION.ID,
                                    TOKENISATION.STATE,
                                    inline(TokenisationState.NEW, TOKENISATION_EVENT.TO_STATE),
                                    val(reason),
                                    val(actor.name()))
                            .from(TOKENISATION)
                            .where(which))
                    .execute();
            int moved = tx.update(TOKENISATION)
                    .set(TOKENISATION.STATE, TokenisationState.NEW)
                    .set(TOKENISATION.DUE_AT, clock.instant())
                    .set(TOKENISATION.ATTEMPTS, 0)
                    .set(TOKENISATION.MOST_TOGETHER, 1000)
                    .set(TOKENISATION.CHANGED_AT, clock.instant())
                    .where(which)
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "tokens.try_again", "connector/" + connector)
                            .touching(moved)
                            .with("code", code)
                            .forReason(reason));
            return moved;
        });
    }

    private static void requireReason(String reason) {
        if (reason.isBlank()) {
            throw Problem.of(TokensProblem.REASON_MISSING);
        }
    }

    /** Two people with one token, or one with two. */
    record Case(
            UUID id,
            String kind,
            UUID personId,
            String reference,
            @Nullable UUID otherId,
            String otherReference,
            Instant openedAt,
            @Nullable String decision,
            @Nullable String decidedBy,
            @Nullable String reason) {}

    public long countOpenCases() {
        return database.sql().fetchCount(TOKEN_CASE, TOKEN_CASE.DECIDED_AT.isNull());
    }

    Page<Case> cases(Actor actor, PageRequest request) {
        actor.require(TokensPermission.VIEW);
        Condition condition = switch (request.filter("state")) {
            case "decided" -> TOKEN_CASE.DECIDED_AT.isNotNull();
            case "all" -> org.jooq.impl.DSL.trueCondition();
            default -> TOKEN_CASE.DECIDED_AT.isNull();
        };
        Page<org.jooq.Record> page =
                CASE_ORDER.page(database.sql(), List.of(TOKEN_CASE.fields()), TOKEN_CASE, condition, request);
        List<UUID> people = page.rows().stream()
                .flatMap(row ->
                        java.util.stream.Stream.of(row.get(TOKEN_CASE.PERSON_ID), row.get(TOKEN_CASE.OTHER_PERSON_ID)))
                .filter(Objects::nonNull)
                .toList();
        Map<UUID, String> references = subjects.references(people);
        return page.map(row -> view(row, references));
    }

    private static Case view(org.jooq.Record row, Map<UUID, String> references) {
        UUID other = row.get(TOKEN_CASE.OTHER_PERSON_ID);
        return new Case(
                row.get(TOKEN_CASE.ID),
                row.get(TOKEN_CASE.KIND),
                row.get(TOKEN_CASE.PERSON_ID),
                references.getOrDefault(row.get(TOKEN_CASE.PERSON_ID), "?"),
                other,
                other == null ? "" : references.getOrDefault(other, "?"),
                row.get(TOKEN_CASE.OPENED_AT),
                row.get(TOKEN_CASE.DECISION),
                row.get(TOKEN_CASE.DECIDED_BY),
                row.get(TOKEN_CASE.REASON));
    }

    Optional<Case> findCase(Actor actor, UUID id) {
        actor.require(TokensPermission.VIEW);
        return database.sql().selectFrom(TOKEN_CASE).where(TOKEN_CASE.ID.eq(id)).fetchOptional(row -> {
            List<UUID> people = new java.util.ArrayList<>(List.of(row.getPersonId()));
            if (row.getOtherPersonId() != null) {
                people.add(row.getOtherPersonId());
            }
            return view(row, subjects.references(people));
        });
    }

    /**
     * @param decision {@code same_person} (entered twice), {@code different_people} (the authority has to look), {@code
     *     try_again}
     */
    void decide(Actor actor, UUID id, String decision, String reason) {
        actor.require(TokensPermission.OPERATE);
        requireReason(reason);
        database.transact(tx -> {
            UUID tokenisation = tx.update(TOKEN_CASE)
                    .set(TOKEN_CASE.DECIDED_AT, clock.instant())
                    .set(TOKEN_CASE.DECIDED_BY, actor.name())
                    .set(TOKEN_CASE.DECISION, decision)
                    .set(TOKEN_CASE.REASON, reason)
                    .where(TOKEN_CASE.ID.eq(id), TOKEN_CASE.DECIDED_AT.isNull())
                    .returning(TOKEN_CASE.TOKENISATION_ID)
                    .fetchOne(TOKEN_CASE.TOKENISATION_ID);
            if (tokenisation == null) {
                throw Problem.of(TokensProblem.CASE_DECIDED);
            }
            boolean again = decision.equals("try_again");
            TokenisationState state = again ? TokenisationState.NEW : TokenisationState.GAVE_UP;
            event(tx, tokenisation, state, reason, actor.name());
            tx.update(TOKENISATION)
                    .set(TOKENISATION.STATE, state)
                    .set(TOKENISATION.DUE_AT, again ? clock.instant() : null)
                    .set(TOKENISATION.ATTEMPTS, 0)
                    .set(TOKENISATION.CODE, again ? "" : "LOCAL-" + decision.toUpperCase(java.util.Locale.ROOT))
                    .set(TOKENISATION.CHANGED_AT, clock.instant())
                    .where(TOKENISATION.ID.eq(tokenisation), TOKENISATION.STATE.eq(TokenisationState.COLLISION))
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "tokens.case.decide", "token-case/" + id)
                            .with("decision", decision)
                            .forReason(reason));
        });
    }

    private static void event(DSLContext tx, UUID tokenisation, TokenisationState to, String reason, String actor) {
        tx.insertInto(TOKENISATION_EVENT)
                .set(TOKENISATION_EVENT.ID, Ids.next())
                .set(TOKENISATION_EVENT.TOKENISATION_ID, tokenisation)
                .set(TOKENISATION_EVENT.FROM_STATE, TokenisationState.COLLISION)
                .set(TOKENISATION_EVENT.TO_STATE, to)
                .set(TOKENISATION_EVENT.REASON, reason)
                .set(TOKENISATION_EVENT.ACTOR, actor)
                .execute();
    }
}
