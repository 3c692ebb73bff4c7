package org.annona.programs.duplication;

import static org.annona.programs.internal.tables.Tables.DUPLICATION_ATTEMPT;
import static org.annona.programs.internal.tables.Tables.DUPLICATION_CHECK;
import static org.annona.programs.internal.tables.Tables.DUPLICATION_SOURCE;
import static org.annona.programs.internal.tables.Tables.ENROLMENT;
import static org.annona.programs.internal.tables.Tables.ENROLMENT_HISTORY;
import static org.annona.programs.internal.tables.Tables.HOUSEHOLD;
import static org.annona.programs.internal.tables.Tables.MEMBERSHIP;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.NewRows;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.DuplicationOracle;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.duplication.Sources.Source;
import org.annona.programs.duplication.Verdict.Result;
import org.annona.programs.internal.tables.tables.records.DuplicationAttemptRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks of people with the registries of others. An attempt is written down before a registry is asked; what it says is
 * noted with its evidence, and only the newest attempt decides. What is not known is tried again, and never taken for "no".
 */
public final class Checks implements DuplicationOracle, BeneficiaryRegistries.Audience {

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
    private static final SqlFile CLAIM = SqlFile.beside(Checks.class, "claim-checks.sql");
    private static final SqlFile VERDICTS = SqlFile.beside(Checks.class, "record-verdicts.sql");
    private static final SqlFile CLOSE = SqlFile.beside(Checks.class, "close-attempts.sql");
    private static final SqlFile HOLD = SqlFile.beside(Checks.class, "hold-doubles.sql");
    private static final SqlFile NOT_CLEARED = SqlFile.beside(Checks.class, "not-cleared.sql");
    /** Long enough for any answer at once; a process that died in the middle is noticed after it. */
    private static final Duration AT_ONCE = Duration.ofMinutes(3);

    private static final Duration LATER = Duration.ofHours(24);
    private static final int MOST_ATTEMPTS = 5;

    private final Database database;
    private final Sources sources;
    private final BeneficiaryRegistries registries;
    private final BlindQuestions blind;
    private final Duration firstPause;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("programs");

    /** @param firstPause before what is not known is asked for again; it doubles each time */
    public Checks(
            Database database,
            Sources sources,
            BeneficiaryRegistries registries,
            BlindQuestions blind,
            Duration firstPause,
            Clock clock) {
        this.database = database;
        this.sources = sources;
        this.registries = registries;
        this.blind = blind;
        this.firstPause = firstPause;
        this.clock = clock;
    }

    private static List<Field<?>> columns() {
        List<Field<?>> columns = new ArrayList<>(List.of(DUPLICATION_CHECK.fields()));
        columns.add(DUPLICATION_SOURCE.NAME);
        columns.add(HOUSEHOLD_ID);
        columns.add(HOUSEHOLD_REF);
        return List.copyOf(columns);
    }

    /** One check that is under way. */
    private record Claimed(UUID check, UUID person, int attempts, UUID attempt) {}

    /** Checks one person now. @return the check */
    public UUID checkNow(Actor actor, UUID sourceId, UUID person) {
        actor.require(ProgramsPermission.CHECK_DOUBLES);
        Source source = active(sourceId);
        if (isBlind(source) && !blind.isReady(source)) {
            throw Problem.of(ProgramsProblem.DUPLICATION_LIST_MISSING);
        }
        UUID id = database.inTransaction(tx -> {
            tx.insertInto(DUPLICATION_CHECK)
                    .set(DUPLICATION_CHECK.ID, Ids.next())
                    .set(DUPLICATION_CHECK.SOURCE_ID, sourceId)
                    .set(DUPLICATION_CHECK.PERSON_ID, person)
                    .set(DUPLICATION_CHECK.STATE, "ready")
                    .set(DUPLICATION_CHECK.RESULT, "not_checked")
                    .onConflictDoNothing()
                    .execute();
            UUID check = tx.select(DUPLICATION_CHECK.ID)
                    .from(DUPLICATION_CHECK)
                    .where(DUPLICATION_CHECK.SOURCE_ID.eq(sourceId), DUPLICATION_CHECK.PERSON_ID.eq(person))
                    .fetchSingle()
                    .value1();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.duplication.check", "duplication-check/" + check)
                            .with("source", sourceId));
            return check;
        });
        Claimed claimed = database.inTransaction(tx -> {
            UUID attempt = Ids.next();
            int attempts = tx.update(DUPLICATION_CHECK)
                    .set(DUPLICATION_CHECK.STATE, "checking")
                    .set(DUPLICATION_CHECK.RESULT, "not_checked")
                    .set(DUPLICATION_CHECK.ATTEMPTS, 1)
                    .set(DUPLICATION_CHECK.ATTEMPT_ID, attempt)
                    .set(DUPLICATION_CHECK.CLAIMED_UNTIL, clock.instant().plus(patience(source)))
                    .set(DUPLICATION_CHECK.NEXT_TRY_AT, clock.instant().plus(patience(source)))
                    .set(DUPLICATION_CHECK.ASKED_AT, clock.instant())
                    .where(DUPLICATION_CHECK.ID.eq(id))
                    .execute();
            Claimed one = new Claimed(id, person, attempts, attempt);
            writeAttempts(tx, source, List.of(one), attempt, actor.name());
            return one;
        });
        put(source, List.of(claimed), claimed.attempt());
        return id;
    }

    private Source active(UUID id) {
        return sources.find(id)
                .filter(source -> source.terms().active())
                .orElseThrow(() -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNKNOWN));
    }

    private static boolean isLater(Source source) {
        return source.terms().manner() == Manner.LATER;
    }

    private static boolean isBlind(Source source) {
        return source.terms().manner() == Manner.BLIND;
    }

    private static Duration patience(Source source) {
        return isLater(source) ? LATER.plus(AT_ONCE) : AT_ONCE;
    }

    /** Asks about the next people who are due, as many as one message holds. @return how many they were */
    int askNext(Source source, String actor) {
        UUID inquiry = Ids.next();
        List<Claimed> claimed = database.inTransaction(tx -> {
            Map<String, Object> values = Map.of(
                    "source", source.id(),
                    "now", Timestamp.from(clock.instant()),
                    "until", Timestamp.from(clock.instant().plus(patience(source))),
                    "most", most(source));
            List<Claimed> all = CLAIM.list(
                    tx,
                    values,
                    (row, number) -> new Claimed(
                            row.getObject("id", UUID.class),
                            row.getObject("person_id", UUID.class),
                            row.getInt("attempts"),
                            row.getObject("attempt_id", UUID.class)));
            writeAttempts(tx, source, all, inquiry, actor);
            return all;
        });
        if (!claimed.isEmpty()) {
            put(source, claimed, inquiry);
        }
        return claimed.size();
    }

    /** A blind question holds one point of nobody. */
    private int most(Source source) {
        int most = registries.mostAtOnce(source.terms().senderId());
        return isBlind(source) ? Math.max(1, most - 1) : most;
    }

    /** On what ground identifiers leave is written down before they do. */
    private void writeAttempts(DSLContext tx, Source source, List<Claimed> claimed, UUID inquiry, String actor) {
        List<DuplicationAttemptRecord> rows = new ArrayList<>();
        for (Claimed one : claimed) {
            DuplicationAttemptRecord row = new DuplicationAttemptRecord();
            row.setId(one.attempt());
            row.setCheckId(one.check());
            row.setInquiryId(isLater(source) ? inquiry : null);
            row.setBasis(source.terms().basis());
            row.setAskedBy(actor);
            row.setAskedAt(clock.instant());
            rows.add(row);
        }
        NewRows.of(rows).write(tx);
    }

    private void put(Source source, List<Claimed> claimed, UUID inquiry) {
        List<UUID> people = claimed.stream().map(Claimed::person).toList();
        if (isLater(source)) {
            registries.askLater(
                    source.terms().senderId(), inquiry, people, clock.instant().plus(LATER));
            return;
        }
        record(
                source,
                claimed,
                isBlind(source)
                        ? blind.ask(source, people)
                        : registries.ask(source.terms().senderId(), people));
    }

    @Override
    public void answered(UUID inquiry, Map<UUID, List<Evidence>> answers) {
        Map<UUID, List<Claimed>> bySource = new HashMap<>();
        database.sql()
                .select(
                        DUPLICATION_CHECK.SOURCE_ID,
                        DUPLICATION_CHECK.ID,
                        DUPLICATION_CHECK.PERSON_ID,
                        DUPLICATION_CHECK.ATTEMPTS,
                        DUPLICATION_ATTEMPT.ID)
                .from(DUPLICATION_ATTEMPT)
                .join(DUPLICATION_CHECK)
                .on(DUPLICATION_CHECK.ID.eq(DUPLICATION_ATTEMPT.CHECK_ID))
                .where(DUPLICATION_ATTEMPT.INQUIRY_ID.eq(inquiry), DUPLICATION_ATTEMPT.ANSWERED_AT.isNull())
                .forEach(row -> bySource.computeIfAbsent(row.value1(), none -> new ArrayList<>())
                        .add(new Claimed(row.value2(), row.value3(), row.value4(), row.value5())));
        bySource.forEach((id, claimed) -> sources.find(id).ifPresent(source -> record(source, claimed, answers)));
    }

    private record Recorded(Claimed claimed, List<Evidence> evidence, Verdict verdict) {

        String state() {
            return switch (verdict.result()) {
                case NOT_CHECKED -> "ready";
                case INCONCLUSIVE -> "failed";
                default -> "completed";
            };
        }
    }

    private void record(Source source, List<Claimed> claimed, Map<UUID, List<Evidence>> answers) {
        List<Recorded> all = new ArrayList<>();
        for (Claimed one : claimed) {
            List<Evidence> evidence = answers.getOrDefault(one.person(), List.of());
            all.add(new Recorded(
                    one, evidence, Verdict.of(evidence, source.terms().ownProgrammes())));
        }
        database.transact(tx -> {
            CLOSE.run(
                    tx,
                    Map.of(
                            "now", Timestamp.from(clock.instant()),
                            "attempts",
                                    SqlFile.column(
                                            "uuid", all, one -> one.claimed().attempt()),
                            "results",
                                    SqlFile.column(
                                            "text",
                                            all,
                                            one -> one.verdict().result().code()),
                            "evidences", SqlFile.column("text", all, one -> json(one.evidence()))));
            List<UUID> decided = VERDICTS.list(
                    tx,
                    Map.of(
                            "now", Timestamp.from(clock.instant()),
                            "ids",
                                    SqlFile.column(
                                            "uuid", all, one -> one.claimed().check()),
                            "attempts",
                                    SqlFile.column(
                                            "uuid", all, one -> one.claimed().attempt()),
                            "states", SqlFile.column("text", all, Recorded::state),
                            "results",
                                    SqlFile.column(
                                            "text",
                                            all,
                                            one -> one.verdict().result().code()),
                            "incompletes",
                                    SqlFile.column(
                                            "bool", all, one -> one.verdict().incomplete()),
                            "matches",
                                    SqlFile.column(
                                            "text",
                                            all,
                                            one -> matches(one.verdict().matched())
                                                    .toString()),
                            "errors",
                                    SqlFile.column(
                                            "text", all, one -> one.verdict().reason()),
                            "nexts", SqlFile.column("timestamptz", all, this::nextTry)),
                    (row, number) -> row.getObject("id", UUID.class));
            HOLD.run(
                    tx,
                    Map.of(
                            "actor", Actor.SYSTEM,
                            "cause", "duplication-source/" + source.id(),
                            "now", Timestamp.from(clock.instant()),
                            "today", LocalDate.now(clock),
                            "source", source.id(),
                            "checks", SqlFile.column("uuid", decided, id -> id)));
        });
    }

    /** Later and later; after some attempts it stays inconclusive until somebody asks again. */
    private @Nullable Timestamp nextTry(Recorded one) {
        int attempts = one.claimed().attempts();
        if (one.verdict().result() != Result.INCONCLUSIVE || attempts >= MOST_ATTEMPTS) {
            return null;
        }
        long millis = firstPause.toMillis() << Math.min(attempts - 1, 10);
        return Timestamp.from(clock.instant()
                .plusMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1)));
    }

    private static String json(List<Evidence> evidence) {
        ArrayNode all = JSON.createArrayNode();
        for (Evidence one : evidence) {
            ObjectNode node = all.addObject().put("identifier", one.identifierType());
            switch (one.finding()) {
                case Finding.Nothing nothing -> node.put("finding", "nothing");
                case Finding.NotKnown(String reason) ->
                    node.put("finding", "not known").put("reason", reason);
                case Finding.Found(List<Match> found) -> {
                    node.put("finding", "found");
                    node.set("programmes", matches(found));
                }
            }
        }
        return all.toString();
    }

    private static ArrayNode matches(List<Match> matches) {
        ArrayNode all = JSON.createArrayNode();
        matches.forEach(match -> all.addObject()
                .put("code", match.programmeCode())
                .put("name", match.programmeName())
                .put("status", match.status().name().toLowerCase(java.util.Locale.ROOT))
                .put("names the identifier", match.carriesIdentifier()));
        return all;
    }

    @Override
    public Set<UUID> notCleared(UUID programme, Collection<UUID> households) {
        Map<String, Object> values = Map.of(
                "programme", programme,
                "today", LocalDate.now(clock),
                "households", SqlFile.column("uuid", List.copyOf(households), household -> household));
        return Set.copyOf(
                NOT_CLEARED.list(database.sql(), values, (row, number) -> row.getObject("household_id", UUID.class)));
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
            Instant changedAt) {

        /** The programmes that made it a match, for people. */
        public String programmes() {
            StringBuilder words = new StringBuilder();
            JSON.readTree(matched)
                    .forEach(match -> words.append(words.isEmpty() ? "" : ", ")
                            .append(match.path("name").asString(""))
                            .append(" (")
                            .append(match.path("status").asString(""))
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
            List<String> evidence) {}

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
        return ORDER.page(database.sql(), COLUMNS, checks(), condition, request).map(Checks::view);
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
                .where(DUPLICATION_CHECK.PERSON_ID.in(select(MEMBERSHIP.PERSON_ID)
                        .from(MEMBERSHIP)
                        .where(MEMBERSHIP.HOUSEHOLD_ID.eq(household), MEMBERSHIP.VALID_FROM.le(today))
                        .and(MEMBERSHIP.VALID_TO.isNull().or(MEMBERSHIP.VALID_TO.gt(today)))))
                .orderBy(DUPLICATION_CHECK.PERSON_ID, DUPLICATION_SOURCE.NAME)
                .limit(100)
                .fetch(Checks::view);
    }

    /** The members of a household today. */
    public List<UUID> membersOf(UUID household) {
        LocalDate today = LocalDate.now(clock);
        return database.sql()
                .select(MEMBERSHIP.PERSON_ID)
                .from(MEMBERSHIP)
                .where(MEMBERSHIP.HOUSEHOLD_ID.eq(household), MEMBERSHIP.VALID_FROM.le(today))
                .and(MEMBERSHIP.VALID_TO.isNull().or(MEMBERSHIP.VALID_TO.gt(today)))
                .orderBy(MEMBERSHIP.ROLE.eq("head").desc(), MEMBERSHIP.PERSON_ID)
                .limit(100)
                .fetch(MEMBERSHIP.PERSON_ID);
    }

    public Check show(Actor actor, UUID id) {
        actor.require(ProgramsPermission.VIEW);
        return database.sql()
                .select(COLUMNS)
                .from(checks())
                .where(DUPLICATION_CHECK.ID.eq(id))
                .fetchOptional(Checks::view)
                .orElseThrow(() -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNKNOWN));
    }

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
                        evidence(row.getEvidence())));
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
                                .append(match.path("name").asString(""))
                                .append(", ")
                                .append(match.path("status").asString(""))
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
                row.get(DUPLICATION_CHECK.CHANGED_AT));
    }

    /** When the next person of a source is due; null where none is. */
    @Nullable
    Instant nextDue(UUID source) {
        return database.sql()
                .select(DUPLICATION_CHECK.NEXT_TRY_AT)
                .from(DUPLICATION_CHECK)
                .where(DUPLICATION_CHECK.SOURCE_ID.eq(source), DUPLICATION_CHECK.NEXT_TRY_AT.isNotNull())
                .orderBy(DUPLICATION_CHECK.NEXT_TRY_AT)
                .limit(1)
                .fetchOne(DUPLICATION_CHECK.NEXT_TRY_AT);
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

    /**
     * Decides whether a match is a double. Households that were held for it go on where they were, or leave.
     *
     * @param isDouble whether she is assisted elsewhere and so not here
     */
    public void review(Actor actor, UUID check, boolean isDouble, String reason) {
        actor.require(ProgramsPermission.REVIEW_DOUBLES);
        if (reason.isBlank()) {
            throw Problem.of(ProgramsProblem.DUPLICATION_REVIEW_UNFIT, "reason", "it needs a reason");
        }
        database.transact(tx -> {
            UUID person = tx.update(DUPLICATION_CHECK)
                    .set(DUPLICATION_CHECK.REVIEW, isDouble ? "double" : "no_double")
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
            int moved = release(tx, actor, check, person, isDouble, reason.strip());
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "programs.duplication.review", "duplication-check/" + check)
                            .touching(moved)
                            .with("double", isDouble)
                            .with("reason", reason.strip()));
        });
    }

    /** What was held because of a double goes back to where it came from, as the history tells, or ends. */
    private int release(DSLContext tx, Actor actor, UUID check, UUID person, boolean isDouble, String reason) {
        LocalDate today = LocalDate.now(clock);
        Field<String> before = field(select(ENROLMENT_HISTORY.FROM_STATE)
                .from(ENROLMENT_HISTORY)
                .where(ENROLMENT_HISTORY.ENROLMENT_ID.eq(ENROLMENT.ID), ENROLMENT_HISTORY.TO_STATE.eq("duplicate_held"))
                .orderBy(ENROLMENT_HISTORY.NUMBER.desc())
                .limit(1));
        var held = tx.select(ENROLMENT.ID, before)
                .from(ENROLMENT)
                .where(ENROLMENT.STATE.eq("duplicate_held"), ENROLMENT.REASON.eq("DUP_EXTERNAL"))
                .and(ENROLMENT.HOUSEHOLD_ID.in(select(MEMBERSHIP.HOUSEHOLD_ID)
                        .from(MEMBERSHIP)
                        .where(MEMBERSHIP.PERSON_ID.eq(person), MEMBERSHIP.VALID_FROM.le(today))
                        .and(MEMBERSHIP.VALID_TO.isNull().or(MEMBERSHIP.VALID_TO.gt(today)))))
                .forUpdate()
                .fetch();
        int moved = 0;
        for (var row : held) {
            if (!isDouble && hasOtherOpen(tx, row.value1())) {
                continue;
            }
            String from = row.value2();
            boolean inside = from.equals("enrolled") || from.equals("suspended");
            moved += tx.update(ENROLMENT)
                    .set(ENROLMENT.STATE, isDouble ? inside ? "exited" : "rejected" : from)
                    .set(ENROLMENT.REASON, isDouble ? "CONFIRMED_DUPLICATE" : "NOT_DUPLICATE")
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
                .join(MEMBERSHIP)
                .on(MEMBERSHIP.HOUSEHOLD_ID.eq(ENROLMENT.HOUSEHOLD_ID))
                .join(DUPLICATION_CHECK)
                .on(DUPLICATION_CHECK.PERSON_ID.eq(MEMBERSHIP.PERSON_ID))
                .where(ENROLMENT.ID.eq(enrolment), DUPLICATION_CHECK.REVIEW.eq("open"))
                .and(MEMBERSHIP.VALID_FROM.le(today))
                .and(MEMBERSHIP.VALID_TO.isNull().or(MEMBERSHIP.VALID_TO.gt(today))));
    }
}
