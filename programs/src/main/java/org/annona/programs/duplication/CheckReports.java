package org.annona.programs.duplication;

import static org.annona.programs.internal.tables.Tables.DUPLICATION_ATTEMPT;
import static org.annona.programs.internal.tables.Tables.DUPLICATION_CHECK;
import static org.annona.programs.internal.tables.Tables.DUPLICATION_SOURCE;
import static org.annona.programs.internal.tables.Tables.HOUSEHOLD;
import static org.annona.programs.internal.tables.Tables.MEMBERSHIP;
import static org.annona.programs.internal.tables.Tables.PERSON;
import static org.annona.programs.internal.tables.Tables.SUBJECT_MEMBER;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.select;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks as people read them: in lists, beside a household, one with all its attempts, and counted. */
public final class CheckReports {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Keyset ORDER =
            new Keyset(Map.of("changed", DUPLICATION_CHECK.CHANGED_AT), "changed", true, DUPLICATION_CHECK.ID);
    private static final Field<UUID> HOUSEHOLD_ID = DSL.field(select(MEMBERSHIP.HOUSEHOLD_ID)
                    .from(MEMBERSHIP)
                    .where(MEMBERSHIP.PERSON_ID.eq(DUPLICATION_CHECK.PERSON_ID), MEMBERSHIP.VALID_TO.isNull())
                    .limit(1))
            .as("household_id");
    private static final Field<String> HOUSEHOLD_REF = DSL.field(select(HOUSEHOLD.REF)
                    .from(MEMBERSHIP)
                    .join(HOUSEHOLD)
                    .on(HOUSEHOLD.ID.eq(MEMBERSHIP.HOUSEHOLD_ID))
                    .where(MEMBERSHIP.PERSON_ID.eq(DUPLICATION_CHECK.PERSON_ID), MEMBERSHIP.VALID_TO.isNull())
                    .limit(1))
            .as("household_ref");
    private static final List<Field<?>> COLUMNS = columns();

    private final Database database;
    private final Clock clock;

    public CheckReports(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    private static List<Field<?>> columns() {
        List<Field<?>> columns = new ArrayList<>(List.of(DUPLICATION_CHECK.fields()));
        columns.add(DUPLICATION_SOURCE.NAME);
        columns.add(HOUSEHOLD_ID);
        columns.add(HOUSEHOLD_REF);
        return List.copyOf(columns);
    }

    /** A check as lists show it. @param householdRef of the household in which the person lives today */
    public record Check(
            UUID id,
            UUID sourceId,
            String source,
            UUID personId,
            @Nullable UUID householdId,
            String householdRef,
            String state,
            String result,
            boolean incomplete,
            String matched,
            String error,
            int attempts,
            @Nullable String review,
            @Nullable String reviewedBy,
            @Nullable String reviewReason,
            @Nullable Instant answeredAt,
            Instant changedAt,
            @Nullable Instant nextTryAt) {

        /** When it is asked again by itself; null where it is not. */
        public @Nullable Instant askedAgainAt() {
            return state.equals("failed") ? nextTryAt : null;
        }

        /** The programmes that made it a match, for people. */
        public String programmes() {
            StringBuilder words = new StringBuilder();
            JSON.readTree(matched)
                    .forEach(match -> words.append(words.isEmpty() ? "" : ", ")
                            .append(programme(match))
                            .append(" (")
                            .append(status(match))
                            .append(')'));
            return words.toString();
        }
    }

    /** One time that a registry was asked. */
    public record Attempt(
            String basis,
            String askedBy,
            Instant askedAt,
            @Nullable Instant answeredAt,
            @Nullable String result,
            List<String> evidence,
            List<Found> found) {}

    /** Filters: source, result, review. */
    public Page<Check> page(Actor actor, PageRequest request) {
        actor.require(ProgramsPermission.VIEW);
        Condition condition = DSL.trueCondition();
        if (!request.filter("source").isEmpty()) {
            condition = condition.and(DUPLICATION_SOURCE.NAME.eq(request.filter("source")));
        }
        if (!request.filter("result").isEmpty()) {
            condition = condition.and(DUPLICATION_CHECK.RESULT.eq(request.filter("result")));
        }
        if (!request.filter("review").isEmpty()) {
            condition = condition.and(DUPLICATION_CHECK.REVIEW.eq(request.filter("review")));
        }
        return ORDER.page(database.sql(), COLUMNS, checks(), condition, request).map(CheckReports::view);
    }

    private static Table<?> checks() {
        return DUPLICATION_CHECK.join(DUPLICATION_SOURCE).on(DUPLICATION_SOURCE.ID.eq(DUPLICATION_CHECK.SOURCE_ID));
    }

    /** Of the members of a household, for its page. */
    public List<Check> ofHousehold(Actor actor, UUID household) {
        actor.require(ProgramsPermission.VIEW);
        LocalDate today = LocalDate.now(clock);
        return database.sql()
                .select(COLUMNS)
                .from(checks())
                .where(DUPLICATION_CHECK.PERSON_ID.in(select(SUBJECT_MEMBER.PERSON_ID)
                        .from(SUBJECT_MEMBER)
                        .where(SUBJECT_MEMBER.SUBJECT_ID.eq(household), SUBJECT_MEMBER.VALID_FROM.le(today))
                        .and(SUBJECT_MEMBER.VALID_TO.isNull().or(SUBJECT_MEMBER.VALID_TO.gt(today)))))
                .orderBy(DUPLICATION_CHECK.PERSON_ID, DUPLICATION_SOURCE.NAME)
                .limit(100)
                .fetch(CheckReports::view);
    }

    /** Of one person, one for each source that was asked. */
    public List<Check> ofPerson(Actor actor, UUID person) {
        if (!actor.may(ProgramsPermission.ASK_DUPLICATES)) {
            actor.require(ProgramsPermission.VIEW);
        }
        return database.sql()
                .select(COLUMNS)
                .from(checks())
                .where(DUPLICATION_CHECK.PERSON_ID.eq(person))
                .orderBy(DUPLICATION_SOURCE.NAME)
                .limit(100)
                .fetch(CheckReports::view);
    }

    /** Whether the population has the person; one who was entered a moment ago is not there yet. */
    boolean knows(UUID person) {
        return database.sql().fetchExists(PERSON, PERSON.ID.eq(person));
    }

    /** The members of a household today. */
    public List<UUID> membersOf(UUID household) {
        LocalDate today = LocalDate.now(clock);
        return database.sql()
                .select(SUBJECT_MEMBER.PERSON_ID)
                .from(SUBJECT_MEMBER)
                .where(SUBJECT_MEMBER.SUBJECT_ID.eq(household), SUBJECT_MEMBER.VALID_FROM.le(today))
                .and(SUBJECT_MEMBER.VALID_TO.isNull().or(SUBJECT_MEMBER.VALID_TO.gt(today)))
                .orderBy(SUBJECT_MEMBER.ROLE.eq("head").desc(), SUBJECT_MEMBER.PERSON_ID)
                .limit(100)
                .fetch(SUBJECT_MEMBER.PERSON_ID);
    }

    public Check show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return database.sql()
                .select(COLUMNS)
                .from(checks())
                .where(DUPLICATION_CHECK.ID.eq(id))
                .fetchOptional(CheckReports::view)
                .orElseThrow(() -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNKNOWN));
    }

    /** Where it was asked at last, an enrolment that was told of the person. */
    public record Found(
            String identifierType, String programme, String status, String since, boolean namesIdentifier) {}

    public List<Attempt> attempts(UUID check) {
        return database.sql()
                .selectFrom(DUPLICATION_ATTEMPT)
                .where(DUPLICATION_ATTEMPT.CHECK_ID.eq(check))
                .orderBy(DUPLICATION_ATTEMPT.ASKED_AT.desc(), DUPLICATION_ATTEMPT.ID)
                .limit(20)
                .fetch(row -> new Attempt(
                        row.getBasis(),
                        row.getAskedBy(),
                        row.getAskedAt(),
                        row.getAnsweredAt(),
                        row.getResult(),
                        evidence(row.getEvidence()),
                        found(row.getEvidence())));
    }

    private static List<Found> found(@Nullable JSONB json) {
        List<Found> found = new ArrayList<>();
        if (json != null) {
            JSON.readTree(json.data())
                    .forEach(one -> one.path("programmes")
                            .forEach(match -> found.add(new Found(
                                    one.path("identifier").asString(""),
                                    programme(match),
                                    status(match),
                                    match.path("since").asString(""),
                                    match.path("names the identifier").asBoolean(false)))));
        }
        return found;
    }

    private static String programme(JsonNode match) {
        String name = match.path("name").asString("");
        return name.isEmpty() ? "a programme that is not named" : name;
    }

    private static String status(JsonNode match) {
        String status = match.path("status").asString("");
        return status.equals("unknown") ? "status not told" : status;
    }

    private static List<String> evidence(@Nullable JSONB json) {
        List<String> lines = new ArrayList<>();
        if (json != null) {
            JSON.readTree(json.data()).forEach(one -> {
                StringBuilder line = new StringBuilder(one.path("identifier").asString(""))
                        .append(": ")
                        .append(one.path("finding").asString(""));
                String reason = one.path("reason").asString("");
                line.append(reason.isEmpty() ? "" : " (" + reason + ")");
                one.path("programmes")
                        .forEach(match -> line.append("; ")
                                .append(programme(match))
                                .append(", ")
                                .append(status(match))
                                .append(
                                        match.path("names the identifier").asBoolean(false)
                                                ? ""
                                                : ", in a record that does not name whom it is about"));
                lines.add(line.toString());
            });
        }
        return lines;
    }

    private static Check view(org.jooq.Record row) {
        return new Check(
                row.get(DUPLICATION_CHECK.ID),
                row.get(DUPLICATION_CHECK.SOURCE_ID),
                row.get(DUPLICATION_SOURCE.NAME),
                row.get(DUPLICATION_CHECK.PERSON_ID),
                row.get(HOUSEHOLD_ID),
                java.util.Objects.requireNonNullElse(row.get(HOUSEHOLD_REF), ""),
                row.get(DUPLICATION_CHECK.STATE),
                row.get(DUPLICATION_CHECK.RESULT),
                row.get(DUPLICATION_CHECK.INCOMPLETE),
                row.get(DUPLICATION_CHECK.MATCHED).data(),
                row.get(DUPLICATION_CHECK.ERROR),
                row.get(DUPLICATION_CHECK.ATTEMPTS),
                row.get(DUPLICATION_CHECK.REVIEW),
                row.get(DUPLICATION_CHECK.REVIEWED_BY),
                row.get(DUPLICATION_CHECK.REVIEW_REASON),
                row.get(DUPLICATION_CHECK.ANSWERED_AT),
                row.get(DUPLICATION_CHECK.CHANGED_AT),
                row.get(DUPLICATION_CHECK.NEXT_TRY_AT));
    }

    public Map<String, Long> countByResult(UUID source) {
        return database
                .sql()
                .select(DUPLICATION_CHECK.RESULT, count())
                .from(DUPLICATION_CHECK)
                .where(DUPLICATION_CHECK.SOURCE_ID.eq(source))
                .groupBy(DUPLICATION_CHECK.RESULT)
                .fetch()
                .stream()
                .collect(Collectors.toMap(
                        row -> row.value1(), row -> row.value2().longValue()));
    }

    public long countToReview() {
        return database.sql().fetchCount(DUPLICATION_CHECK, DUPLICATION_CHECK.REVIEW.eq("open"));
    }
}
