package org.annona.programs.duplication;

import static org.annona.programs.internal.tables.Tables.DUPLICATION_ATTEMPT;
import static org.annona.programs.internal.tables.Tables.DUPLICATION_CHECK;

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
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.problem.Problem;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.DuplicationOracle;
import org.annona.programs.PersonDirectory;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.duplication.PartnerTagLists.TheirList;
import org.annona.programs.duplication.Sources.Source;
import org.annona.programs.duplication.Verdict.Result;
import org.annona.programs.internal.tables.tables.records.DuplicationAttemptRecord;
import org.jooq.DSLContext;
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
    private static final SqlFile CLAIM = SqlFile.beside(Checks.class, "claim-checks.sql");
    private static final SqlFile VERDICTS = SqlFile.beside(Checks.class, "record-verdicts.sql");
    private static final SqlFile CLOSE = SqlFile.beside(Checks.class, "close-attempts.sql");
    private static final SqlFile HOLD = SqlFile.beside(Checks.class, "hold-duplicates.sql");
    private static final SqlFile GIVE_UP = SqlFile.beside(Checks.class, "give-up-for-now.sql");
    private static final SqlFile NOT_CLEARED = SqlFile.beside(Checks.class, "not-cleared.sql");
    /** First pauses (3 minutes with the usual one) that are enough for any answer at once. */
    private static final int AT_ONCE_IN_PAUSES = 90;

    private static final Duration LEAST_AT_ONCE = Duration.ofSeconds(10);
    private static final Duration LATER = Duration.ofHours(24);
    private static final int MOST_ATTEMPTS = 5;
    /** After which what stayed inconclusive is asked once more. */
    private static final Duration AGAIN = Duration.ofHours(24);
    /** Within which a check is due that is worth waiting for. */
    private static final Duration SOON = Duration.ofMinutes(10);

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

    /** One check that is under way. */
    private record Claimed(UUID check, UUID person, int attempts, UUID attempt) {}

    /** Checks one person now. @return the check */
    public UUID checkNow(Actor actor, UUID sourceId, UUID person) {
        actor.require(ProgramsPermission.ASK_DUPLICATES);
        Source source = active(sourceId);
        requireList(source);
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

    private void requireList(Source source) {
        if (isBlind(source) && blind.list(source).filter(TheirList::whole).isEmpty()) {
            throw Problem.of(ProgramsProblem.DUPLICATION_LIST_MISSING);
        }
    }

    /** Asks now for an identifier that no person of our registry has; what is said is kept nowhere. */
    Evidence queryStatus(UUID sourceId, PersonDirectory.Identifier identifier) {
        Source source = active(sourceId);
        requireList(source);
        if (isLater(source)) {
            throw Problem.of(
                    ProgramsProblem.DUPLICATION_ANSWERS_LATER,
                    "source",
                    source.terms().name());
        }
        return isBlind(source)
                ? blind.ask(source, identifier)
                : registries.ask(source.terms().senderId(), identifier.type(), identifier.value());
    }

    private Source active(UUID id) {
        return sources.find(id)
                .filter(source -> source.terms().active())
                .orElseThrow(() -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNKNOWN));
    }

    private static boolean isLater(Source source) {
        return source.terms().manner() == CheckMode.LATER;
    }

    private static boolean isBlind(Source source) {
        return source.terms().manner() == CheckMode.BLIND;
    }

    /** A process that died in the middle of a question is noticed after it. */
    private Duration patience(Source source) {
        Duration usual = firstPause.multipliedBy(AT_ONCE_IN_PAUSES);
        Duration atOnce = usual.compareTo(LEAST_AT_ONCE) < 0 ? LEAST_AT_ONCE : usual;
        return isLater(source) ? LATER.plus(atOnce) : atOnce;
    }

    /**
     * What became of a message.
     *
     * @param claimed about how many people it was
     * @param done how many of them are not asked for again in this run
     * @param outage why the registry could not be reached; empty where it was
     */
    record Asked(int claimed, int done, String outage) {

        static final Asked NOBODY = new Asked(0, 0, "");

        Asked and(Asked other) {
            return new Asked(claimed + other.claimed, done + other.done, outage.isEmpty() ? other.outage : outage);
        }
    }

    /** Asks about the next people who are due, as many as one message holds. */
    Asked askNext(Source source, String actor) {
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
        return claimed.isEmpty() ? Asked.NOBODY : put(source, claimed, inquiry);
    }

    /** A blind question holds one point that belongs to no person. */
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
        tx.batchInsert(rows).execute();
    }

    private Asked put(Source source, List<Claimed> claimed, UUID inquiry) {
        List<UUID> people = claimed.stream().map(Claimed::person).toList();
        if (isLater(source)) {
            registries.askLater(
                    source.terms().senderId(), inquiry, people, clock.instant().plus(LATER));
            return new Asked(people.size(), people.size(), "");
        }
        List<Recorded> recorded = record(
                source,
                claimed,
                isBlind(source)
                        ? blind.ask(source, people)
                        : registries.ask(source.terms().senderId(), people));
        return new Asked(
                recorded.size(),
                (int) recorded.stream().filter(one -> !isTriedSoon(one)).count(),
                recorded.stream()
                        .filter(one -> one.verdict().outage())
                        .map(one -> one.verdict().reason())
                        .findFirst()
                        .orElse(""));
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

    private List<Recorded> record(Source source, List<Claimed> claimed, Map<UUID, List<Evidence>> answers) {
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
                            "nexts", SqlFile.column("timestamptz", all, this::nextTry),
                            "outages",
                                    SqlFile.column(
                                            "bool", all, one -> one.verdict().outage())),
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
        return all;
    }

    private static boolean isTriedSoon(Recorded one) {
        return one.verdict().result() == Result.INCONCLUSIVE
                && (one.verdict().outage() || one.claimed().attempts() < MOST_ATTEMPTS);
    }

    /**
     * Later and later; after some attempts once a day. During an outage the caller decides when it is tried again, for all
     * people alike.
     */
    private @Nullable Timestamp nextTry(Recorded one) {
        if (one.verdict().result() != Result.INCONCLUSIVE) {
            return null;
        }
        if (!isTriedSoon(one)) {
            return Timestamp.from(clock.instant().plus(AGAIN));
        }
        int attempts = one.verdict().outage() ? 1 : one.claimed().attempts();
        long millis = firstPause.toMillis() << Math.min(attempts - 1, 10);
        return Timestamp.from(clock.instant()
                .plusMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1)));
    }

    /** Leaves those who wait for a registry that cannot be reached to the schedule. @return how many they are */
    int giveUpForNow(DSLContext tx, UUID source) {
        return GIVE_UP.run(
                tx,
                Map.of(
                        "source", source,
                        "now", Timestamp.from(clock.instant()),
                        "again", Timestamp.from(clock.instant().plus(AGAIN))));
    }

    private static String json(List<Evidence> evidence) {
        ArrayNode all = JSON.createArrayNode();
        for (Evidence one : evidence) {
            ObjectNode node = all.addObject().put("identifier", one.identifierType());
            switch (one.finding()) {
                case Finding.Nothing nothing -> node.put("finding", "nothing");
                case Finding.NotKnown(String reason, boolean outage) ->
                    node.put("finding", "not known").put("reason", reason);
                case Finding.Found(List<Match> found, boolean whole) -> {
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
                .put("since", match.since())
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
                NOT_CLEARED.list(database.sql(), values, (row, number) -> row.getObject("subject_id", UUID.class)));
    }

    /** When the next person of a source is due, or an answer is overdue; null where that is not soon. */
    @Nullable
    Instant nextDue(UUID source) {
        return database.sql()
                .select(DUPLICATION_CHECK.NEXT_TRY_AT)
                .from(DUPLICATION_CHECK)
                .where(DUPLICATION_CHECK.SOURCE_ID.eq(source), DUPLICATION_CHECK.NEXT_TRY_AT.isNotNull())
                .and(DUPLICATION_CHECK
                        .STATE
                        .eq("checking")
                        .or(DUPLICATION_CHECK.NEXT_TRY_AT.le(clock.instant().plus(SOON))))
                .orderBy(DUPLICATION_CHECK.NEXT_TRY_AT)
                .limit(1)
                .fetchOne(DUPLICATION_CHECK.NEXT_TRY_AT);
    }

    /** Whether a check is due now. */
    boolean isDue(DSLContext tx, UUID source) {
        return tx.fetchExists(
                DUPLICATION_CHECK,
                DUPLICATION_CHECK.SOURCE_ID.eq(source),
                DUPLICATION_CHECK.NEXT_TRY_AT.le(clock.instant()));
    }
}
