package org.annona.tokens.tokenisation;

import static org.annona.tokens.internal.tables.Tables.FORM_WINDOW;
import static org.annona.tokens.internal.tables.Tables.REQUEST;
import static org.annona.tokens.internal.tables.Tables.SUBMISSION;
import static org.annona.tokens.internal.tables.Tables.TOKENISATION;
import static org.jooq.impl.DSL.any;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.annona.access.Actor;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.digest.RowDigest;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.sealing.Sensitive;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.Subjects;
import org.annona.tokens.Subjects.Candidate;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.internal.tables.states.TokenisationState;
import org.annona.tokens.internal.tables.tables.records.FormWindowRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a seeder says of the submissions of a form. Its people are known by their virtual IDs; whoever the filter does not
 * select gets no token, and her submission is listed, so that somebody can look.
 */
public final class Submissions {

    private static final SqlFile ENTER = SqlFile.beside(Submissions.class, "enter-submitted.sql");
    private static final SqlFile SUBMITTED = SqlFile.beside(Submissions.class, "submitted.sql");
    private static final SqlFile NOTE = SqlFile.beside(Submissions.class, "note-submissions.sql");
    private static final SqlFile ATTEMPTS = SqlFile.beside(Submissions.class, "note-attempts.sql");
    private static final Keyset ORDER =
            new Keyset(Map.of("seen", SUBMISSION.SEEN_AT), "seen", true, SUBMISSION.SUBMISSION_ID);
    private static final Pattern NAME = Pattern.compile("[!-~]{1,100}");
    private static final int PART = 1_000;
    /** By somebody who looked at two people with one token. */
    private static final Set<String> DECIDED = Set.of("LOCAL-SAME_PERSON", "LOCAL-DIFFERENT_PEOPLE");

    private static final Set<String> ASKED_AGAIN = Set.of("LOCAL-WINDOW", "LOCAL-FORM");

    private final Database database;
    private final Subjects subjects;
    private final Results results;
    private final Clock clock;

    public Submissions(Database database, Subjects subjects, Results results, Clock clock) {
        this.database = database;
        this.subjects = subjects;
        this.results = results;
        this.clock = clock;
    }

    /**
     * @param name of the submission, as ODK Central calls it
     * @param vid empty where it has none
     * @param at when it was made; null where the output format does not say
     */
    record Answered(
            String name, Sensitive<String> vid, @Nullable Instant at, SeederResult result) {

        static Optional<Answered> of(JsonNode one) {
            String name = one.path("ref").asText("");
            if (!one.isObject() || !NAME.matcher(name).matches()) {
                return Optional.empty();
            }
            JsonNode vid = one.path("vid");
            return Optional.of(new Answered(
                    name,
                    Sensitive.of(
                            vid.isTextual() || vid.isNumber() ? vid.asText().strip() : ""),
                    time(one.path("at").asText("")),
                    SeederResult.of(one, "")));
        }

        /** What lies outside of what was asked for belongs to another request. */
        boolean isWithin(FormWindowRecord window) {
            return at == null || !at.isBefore(window.getFromAt()) && at.isBefore(window.getToAt());
        }

        private static @Nullable Instant time(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException unreadable) {
                return null;
            }
        }
    }

    /** @param asked whether she is with the seeder by the request at hand @param waits whether she is tried again by herself */
    private record Submitted(
            UUID tokenisation,
            Candidate candidate,
            TokenisationState state,
            String code,
            boolean waits,
            boolean asked) {}

    /** Taking the same file again has no effect, so that a process that dies in the middle loses nothing. */
    void take(Results.Asked asked, JsonNode list) {
        FormWindowRecord window = database.sql()
                .selectFrom(FORM_WINDOW)
                .where(FORM_WINDOW.REQUEST_ID.eq(asked.id()))
                .fetchSingle();
        Map<String, Answered> byName = new TreeMap<>();
        int unreadable = 0;
        for (JsonNode one : list) {
            Optional<Answered> answered = Answered.of(one).filter(named -> named.isWithin(window));
            if (answered.isPresent()) {
                byName.putIfAbsent(answered.get().name(), answered.get());
            } else {
                unreadable++;
            }
        }
        List<Answered> all = List.copyOf(byName.values());
        Map<String, Candidate> known = known(asked.terms(), all);
        Map<String, String> codes = codes(asked.terms(), all, known);
        Map<UUID, Submitted> submitted = write(asked, window, all, known, codes, unreadable);
        List<Settling> settling = new ArrayList<>();
        answers(all, known).forEach((identifier, ofHer) -> {
            Submitted one = submitted.get(identifier);
            if (one != null && one.asked()) {
                settling.add(new Settling(one.candidate().person(), agreed(asked, one.tokenisation(), ofHer)));
            }
        });
        inRounds(asked, settling);
        results.close(asked);
    }

    /** By the name of the submission, whom the filter selects of those who are named. */
    Map<String, Candidate> known(ConnectorTerms terms, List<Answered> all) {
        return known(terms.scope(), all);
    }

    private Map<String, Candidate> known(Subjects.Scope scope, List<Answered> all) {
        Map<String, Candidate> known = new HashMap<>();
        List<Answered> named =
                all.stream().filter(one -> !one.vid().reveal().isEmpty()).toList();
        for (int i = 0; i < named.size(); i += PART) {
            List<Answered> part = named.subList(i, Math.min(i + PART, named.size()));
            List<Optional<Candidate>> who =
                    subjects.whoShows(scope, part.stream().map(Answered::vid).toList());
            for (int k = 0; k < part.size(); k++) {
                String name = part.get(k).name();
                who.get(k).ifPresent(candidate -> known.put(name, candidate));
            }
        }
        return known;
    }

    /** Why nobody is asked for by a submission; empty where somebody is. */
    private Map<String, String> codes(ConnectorTerms terms, List<Answered> all, Map<String, Candidate> known) {
        List<Answered> others =
                all.stream().filter(one -> !known.containsKey(one.name())).toList();
        Map<String, Candidate> everybody =
                known(new Subjects.Scope("[]", Dialect.ODOO_17, terms.virtualIdType()), others);
        Map<String, String> codes = new HashMap<>();
        others.forEach(
                one -> codes.put(one.name(), everybody.containsKey(one.name()) ? Skipped.NOT_SELECTED : code(one)));
        return codes;
    }

    private static String code(Answered one) {
        return one.vid().reveal().isEmpty() && !one.result().code().isEmpty()
                ? one.result().code()
                : "LOCAL-UNKNOWN";
    }

    private Map<UUID, Submitted> write(
            Results.Asked asked,
            FormWindowRecord window,
            List<Answered> all,
            Map<String, Candidate> known,
            Map<String, String> codes,
            int unreadable) {
        return database.inTransaction(tx -> {
            Map<UUID, Submitted> submitted = enter(tx, asked, window, all, known);
            settleUnselected(tx, asked, window, codes.keySet());
            NOTE.run(
                    tx,
                    Map.of(
                            "connector", window.getConnectorId(),
                            "window", window.getId(),
                            "now", now(),
                            "submissions", SqlFile.column("text", all, Answered::name),
                            "times",
                                    SqlFile.column(
                                            "timestamptz",
                                            all,
                                            one -> one.at() == null ? null : Timestamp.from(one.at())),
                            "tokenisations", SqlFile.column("uuid", all, one -> tokenisation(one, known, submitted)),
                            "codes", SqlFile.column("text", all, one -> codes.getOrDefault(one.name(), ""))));
            tx.update(FORM_WINDOW)
                    .set(FORM_WINDOW.SUBMISSIONS, all.size())
                    .set(FORM_WINDOW.UNREADABLE, unreadable)
                    .set(FORM_WINDOW.NOT_SELECTED, codes.size())
                    .where(FORM_WINDOW.ID.eq(window.getId()))
                    .execute();
            tx.update(REQUEST)
                    .set(REQUEST.PEOPLE, all.size())
                    .where(REQUEST.ID.eq(asked.id()))
                    .execute();
            return submitted;
        });
    }

    /** Who was asked for again and is selected no more: she has a token by now, or is left out. */
    private void settleUnselected(
            DSLContext tx, Results.Asked asked, FormWindowRecord window, Set<String> submissions) {
        Map<UUID, UUID> people = tx.select(TOKENISATION.ID, TOKENISATION.PERSON_ID)
                .from(SUBMISSION)
                .join(TOKENISATION)
                .on(TOKENISATION.ID.eq(SUBMISSION.TOKENISATION_ID))
                .where(SUBMISSION.CONNECTOR_ID.eq(window.getConnectorId()))
                .and(SUBMISSION.SUBMISSION_ID.eq(any(submissions.toArray(String[]::new))))
                .and(TOKENISATION.STATE.eq(TokenisationState.FAILED).and(TOKENISATION.CODE.in(ASKED_AGAIN)))
                .fetchMap(TOKENISATION.ID, TOKENISATION.PERSON_ID);
        if (people.isEmpty()) {
            return;
        }
        Set<UUID> holders = subjects.holders(asked.terms().tokenType(), Set.copyOf(people.values()));
        Skipped.mark(
                tx,
                clock.instant(),
                people.entrySet().stream()
                        .map(row -> Skipped.notSelected(row.getKey(), holders.contains(row.getValue())))
                        .toList());
    }

    private static @Nullable UUID tokenisation(
            Answered one, Map<String, Candidate> known, Map<UUID, Submitted> submitted) {
        Candidate candidate = known.get(one.name());
        Submitted hers = candidate == null ? null : submitted.get(candidate.identifier());
        return hers == null ? null : hers.tokenisation();
    }

    /** By identifier: those who are named, the ones that the seeder's answer counts for among them. */
    private Map<UUID, Submitted> enter(
            DSLContext tx,
            Results.Asked asked,
            FormWindowRecord window,
            List<Answered> all,
            Map<String, Candidate> known) {
        SortedMap<UUID, Candidate> named = new TreeMap<>();
        known.values().forEach(candidate -> named.put(candidate.identifier(), candidate));
        if (named.isEmpty()) {
            return Map.of();
        }
        Map<UUID, Submitted> before = submitted(tx, asked, window.getConnectorId(), named);
        Set<String> old = tx.select(SUBMISSION.SUBMISSION_ID)
                .from(SUBMISSION)
                .where(SUBMISSION.CONNECTOR_ID.eq(window.getConnectorId()))
                .and(SUBMISSION.SUBMISSION_ID.eq(any(known.keySet().toArray(String[]::new))))
                .fetchSet(SUBMISSION.SUBMISSION_ID);
        Pattern pattern = Pattern.compile(asked.terms().tokenPattern());
        Set<UUID> fresh = new HashSet<>();
        Set<UUID> withToken = new HashSet<>();
        for (Answered one : all) {
            Candidate candidate = known.get(one.name());
            if (candidate != null && !old.contains(one.name())) {
                fresh.add(candidate.identifier());
            }
            if (candidate != null && one.result().isToken(pattern)) {
                withToken.add(candidate.identifier());
            }
        }
        List<Candidate> people = named.values().stream()
                .filter(one -> counts(
                        before.get(one.identifier()),
                        fresh.contains(one.identifier()),
                        withToken.contains(one.identifier())))
                .toList();
        Map<String, Object> values = new HashMap<>(Map.of(
                "connector", window.getConnectorId(),
                "request", asked.id(),
                "now", now(),
                "basis", asked.terms().ground(),
                "ids", SqlFile.column("uuid", people, one -> Ids.next()),
                "people", SqlFile.column("uuid", people, Candidate::person),
                "identifiers", SqlFile.column("uuid", people, Candidate::identifier),
                "versions", SqlFile.column("text", people, Candidate::version)));
        ENTER.run(tx, values);
        Map<UUID, Submitted> submitted = submitted(tx, asked, window.getConnectorId(), named);
        List<Submitted> attempts =
                submitted.values().stream().filter(Submitted::asked).toList();
        values.put("refs", SqlFile.column("text", attempts, one -> ref(asked, one.tokenisation())));
        values.put("tokenisations", SqlFile.column("uuid", attempts, Submitted::tokenisation));
        values.put(
                "versions",
                SqlFile.column("text", attempts, one -> one.candidate().version()));
        ATTEMPTS.run(tx, values);
        return submitted;
    }

    /**
     * Whether an answer counts for her. A submission that is only read once more, beside others, brings a token or nothing: its
     * error was noted before, and does not put an end to what is tried again by itself.
     */
    private static boolean counts(@Nullable Submitted before, boolean fresh, boolean token) {
        if (before == null || before.asked()) {
            return true;
        }
        return switch (before.state()) {
            case TOKENISED, COLLISION -> false;
            case NEW, LEFT_OUT -> true;
            case SENT -> token;
            case FAILED, GAVE_UP ->
                !DECIDED.contains(before.code())
                        && (token || ASKED_AGAIN.contains(before.code()) || fresh && !before.waits());
        };
    }

    private Map<UUID, Submitted> submitted(
            DSLContext tx, Results.Asked asked, UUID connector, SortedMap<UUID, Candidate> named) {
        List<Candidate> people = List.copyOf(named.values());
        Map<String, Object> values = Map.of(
                "connector", connector,
                "request", asked.id(),
                "people", SqlFile.column("uuid", people, Candidate::person),
                "identifiers", SqlFile.column("uuid", people, Candidate::identifier));
        Map<UUID, Submitted> submitted = new HashMap<>();
        SUBMITTED.list(tx, values, (row, number) -> {
            TokenisationState state = TokenisationState.of(row.getString("state"));
            UUID identifier = row.getObject("identifier_id", UUID.class);
            return submitted.put(
                    identifier,
                    new Submitted(
                            row.getObject("id", UUID.class),
                            Objects.requireNonNull(named.get(identifier)),
                            state,
                            row.getString("code"),
                            row.getBoolean("waits"),
                            row.getBoolean("asked") && state == TokenisationState.SENT));
        });
        return submitted;
    }

    /** Always the same for one person in one request. */
    private static String ref(Results.Asked asked, UUID tokenisation) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(RowDigest.ofText(asked.id() + " " + tokenisation));
    }

    /** By identifier, what the seeder says of each; people may have sent the form more than once. */
    private static Map<UUID, List<SeederResult>> answers(List<Answered> all, Map<String, Candidate> known) {
        Map<UUID, List<SeederResult>> answers = new LinkedHashMap<>();
        for (Answered one : all) {
            Candidate candidate = known.get(one.name());
            if (candidate != null) {
                answers.computeIfAbsent(candidate.identifier(), id -> new ArrayList<>())
                        .add(one.result());
            }
        }
        return answers;
    }

    /**
     * A token before an error, and an error that may pass before one that does not. Two tokens for one virtual ID are none: one of
     * them is somebody else's.
     */
    private static SeederResult agreed(Results.Asked asked, UUID tokenisation, List<SeederResult> ofHer) {
        Pattern pattern = Pattern.compile(asked.terms().tokenPattern());
        String ref = ref(asked, tokenisation);
        List<String> tokens = ofHer.stream()
                .filter(one -> one.isToken(pattern))
                .map(SeederResult::token)
                .distinct()
                .toList();
        if (!tokens.isEmpty()) {
            return new SeederResult(ref, "processed", tokens.size() == 1 ? tokens.getFirst() : null, "", "");
        }
        SeederResult told = ofHer.stream()
                .filter(one -> FailureClass.of(one.code(), one.message()) == FailureClass.SERVICE)
                .findFirst()
                .orElse(ofHer.getFirst());
        return new SeederResult(ref, told.status(), told.token(), told.code(), told.message());
    }

    private record Settling(UUID person, SeederResult result) {}

    /** A person with two virtual IDs is settled for one after the other, so that the second sees what became of the first. */
    private void inRounds(Results.Asked asked, List<Settling> settling) {
        Map<UUID, Integer> turns = new HashMap<>();
        Map<Integer, List<SeederResult>> rounds = new TreeMap<>();
        for (Settling one : settling) {
            rounds.computeIfAbsent(turns.merge(one.person(), 1, Integer::sum), turn -> new ArrayList<>())
                    .add(one.result());
        }
        if (rounds.isEmpty()) {
            results.take(asked, List.of());
        }
        for (List<SeederResult> round : rounds.values()) {
            for (int i = 0; i < round.size(); i += PART) {
                results.take(asked, round.subList(i, Math.min(i + PART, round.size())));
            }
        }
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    /** @param reference of the person, empty where she is not known */
    record Row(
            String name,
            @Nullable Instant submittedAt,
            @Nullable UUID personId,
            String reference,
            @Nullable TokenisationState state,
            String code,
            Instant seenAt) {}

    Page<Row> page(Actor actor, UUID connector, PageRequest request) {
        actor.require(TokensPermission.VIEW);
        Condition condition = SUBMISSION.CONNECTOR_ID.eq(connector);
        condition = switch (request.filter("of")) {
            case "nobody" -> condition.and(SUBMISSION.TOKENISATION_ID.isNull());
            case "somebody" -> condition.and(SUBMISSION.TOKENISATION_ID.isNotNull());
            default -> condition;
        };
        if (!request.filter("code").isEmpty()) {
            condition = condition.and(SUBMISSION.CODE.eq(request.filter("code")));
        }
        Page<org.jooq.Record> page = ORDER.page(
                database.sql(),
                List.of(
                        SUBMISSION.asterisk(),
                        TOKENISATION.PERSON_ID,
                        TOKENISATION.STATE,
                        TOKENISATION.CODE.as("hers")),
                SUBMISSION.leftJoin(TOKENISATION).on(TOKENISATION.ID.eq(SUBMISSION.TOKENISATION_ID)),
                condition,
                request);
        Map<UUID, String> references = subjects.references(page.rows().stream()
                .map(row -> row.get(TOKENISATION.PERSON_ID))
                .filter(Objects::nonNull)
                .toList());
        return page.map(row -> {
            UUID person = row.get(TOKENISATION.PERSON_ID);
            return new Row(
                    row.get(SUBMISSION.SUBMISSION_ID),
                    row.get(SUBMISSION.SUBMITTED_AT),
                    person,
                    person == null ? "" : references.getOrDefault(person, "?"),
                    row.get(TOKENISATION.STATE),
                    person == null ? row.get(SUBMISSION.CODE) : String.valueOf(row.get("hers")),
                    row.get(SUBMISSION.SEEN_AT));
        });
    }
}
