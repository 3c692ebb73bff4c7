package org.annona.tokens.tokenisation;

import static org.annona.tokens.internal.tables.Tables.REQUEST;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Sensitive;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.Subjects;
import org.annona.tokens.Subjects.Issued;
import org.annona.tokens.Subjects.Stored;
import org.annona.tokens.internal.tables.states.TokenisationState;
import org.annona.tokens.seeder.SeederCodes;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a seeder says of the people of one request, however it came. The first answer for a person counts; the same once
 * more has no effect, another one is noted as a contradiction, and one for somebody who was not asked about as a stranger's.
 * A token is stored in the registry first and noted here afterwards, so that nothing is lost between the two.
 */
public final class Results {

    private static final SqlFile LOOK_UP = SqlFile.beside(Results.class, "look-up-attempts.sql");
    private static final SqlFile LOOK_UP_OPEN = SqlFile.beside(Results.class, "look-up-open.sql");
    private static final SqlFile ANSWER = SqlFile.beside(Results.class, "answer-attempts.sql");
    private static final SqlFile SETTLE = SqlFile.beside(Results.class, "settle.sql");
    private static final SqlFile COUNT = SqlFile.beside(Results.class, "count-answers.sql");
    private static final SqlFile CASES = SqlFile.beside(Results.class, "open-cases.sql");
    private static final Set<TokenisationState> OPEN =
            Set.of(TokenisationState.NEW, TokenisationState.SENT, TokenisationState.FAILED, TokenisationState.GAVE_UP);

    private final Database database;
    private final Subjects subjects;
    private final Supplier<List<Subjects.Retention>> retentions;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("tokens");

    /** @param retentions rules that hold at once when a token is stored */
    public Results(Database database, Subjects subjects, Supplier<List<Subjects.Retention>> retentions, Clock clock) {
        this.database = database;
        this.subjects = subjects;
        this.retentions = retentions;
        this.clock = clock;
    }

    /** @param id of the request they belong to @param terms that it was made under */
    record Asked(UUID id, ConnectorTerms terms) {}

    /** How many answers were new, and how many were not what they should be. */
    record Taken(int tokens, int failed, int repeats, int contradictions, int strangers) {}

    private record Attempt(
            String ref,
            UUID tokenisation,
            boolean answered,
            byte @Nullable [] digest,
            UUID person,
            UUID identifier,
            TokenisationState state,
            int attempts,
            boolean current,
            boolean sameData) {

        /** A token that comes late counts while the person is still open and her data are those that were sent; an error does not. */
        boolean counts() {
            return OPEN.contains(state) && (current || sameData);
        }
    }

    /** What follows for one person. */
    private record Settled(
            SeederResult result,
            Attempt attempt,
            String outcome,
            TokenisationState state,
            @Nullable Instant due,
            int attempts,
            String code,
            String message,
            @Nullable UUID other) {}

    Taken take(Asked asked, List<SeederResult> results) {
        Map<String, SeederResult> byRef = new LinkedHashMap<>();
        int contradictions = 0;
        int repeats = 0;
        for (SeederResult result : results) {
            SeederResult first = byRef.putIfAbsent(result.ref(), result);
            if (first != null && first.equals(result)) {
                repeats++;
            } else if (first != null) {
                contradictions++;
            }
        }
        Map<String, Attempt> known = lookUp(asked.id(), byRef.keySet());
        List<SeederResult> open = new ArrayList<>();
        int strangers = 0;
        for (SeederResult result : byRef.values()) {
            Attempt attempt = known.get(result.ref());
            if (attempt == null) {
                strangers++;
            } else if (!attempt.answered()) {
                open.add(result);
            } else if (Arrays.equals(attempt.digest(), result.digest())) {
                repeats++;
            } else {
                contradictions++;
            }
        }
        List<Settled> settled = settled(asked, open, known);
        return write(asked, settled, new Taken(0, 0, repeats, contradictions, strangers));
    }

    private Map<String, Attempt> lookUp(UUID request, Set<String> refs) {
        Map<String, Attempt> known = new HashMap<>();
        if (!refs.isEmpty()) {
            Map<String, Object> values =
                    Map.of("request", request, "refs", SqlFile.column("text", List.copyOf(refs), ref -> ref));
            LOOK_UP.list(database.sql(), values, (row, number) -> known.put(row.getString("ref"), attempt(row)));
        }
        return known;
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(
                row.getString("ref"),
                row.getObject("tokenisation_id", UUID.class),
                row.getBoolean("answered"),
                row.getBytes("answer_digest"),
                row.getObject("person_id", UUID.class),
                row.getObject("identifier_id", UUID.class),
                TokenisationState.of(row.getString("state")),
                row.getInt("attempts"),
                row.getBoolean("current"),
                row.getString("data_version").equals(row.getString("current_version")));
    }

    /**
     * Ends a request of a form for those whom its file names and who are selected no more. Whoever holds a token by now has it
     * from an answer that was stored and could not be noted.
     */
    void close(Asked asked) {
        List<Attempt> open = new ArrayList<>();
        LOOK_UP_OPEN.list(database.sql(), Map.of("request", asked.id()), (row, number) -> open.add(attempt(row)));
        if (open.isEmpty()) {
            return;
        }
        Set<UUID> holders = subjects.holders(
                asked.terms().tokenType(), open.stream().map(Attempt::person).toList());
        List<Settled> settled = new ArrayList<>();
        for (Attempt attempt : open) {
            SeederResult nothing = new SeederResult(attempt.ref(), "", null, "", "");
            settled.add(
                    holders.contains(attempt.person())
                            ? new Settled(
                                    nothing,
                                    attempt,
                                    "token",
                                    TokenisationState.TOKENISED,
                                    null,
                                    attempt.attempts(),
                                    "",
                                    "",
                                    null)
                            : waiting(nothing, attempt, Skipped.NOT_SELECTED, Skipped.NOT_SELECTED_WORDS));
        }
        write(asked, settled, new Taken(0, 0, 0, 0, 0));
    }

    private List<Settled> settled(Asked asked, List<SeederResult> results, Map<String, Attempt> known) {
        Pattern pattern = Pattern.compile(asked.terms().tokenPattern());
        List<SeederResult> withToken = new ArrayList<>();
        List<Settled> settled = new ArrayList<>();
        for (SeederResult result : results) {
            Attempt attempt = java.util.Objects.requireNonNull(known.get(result.ref()));
            boolean isToken = result.isToken(pattern);
            if (!(isToken ? attempt.counts() : attempt.current())) {
                settled.add(unchanged(result, attempt));
            } else if (isToken) {
                withToken.add(result);
            } else {
                settled.add(failed(asked.terms(), result, attempt));
            }
        }
        if (!withToken.isEmpty()) {
            settled.addAll(stored(asked, withToken, known));
        }
        return settled;
    }

    private static Settled unchanged(SeederResult result, Attempt attempt) {
        return new Settled(result, attempt, "late", attempt.state(), null, attempt.attempts(), result.code(), "", null);
    }

    private Settled failed(ConnectorTerms terms, SeederResult result, Attempt attempt) {
        boolean told = !result.code().isEmpty();
        String code = told ? result.code() : "LOCAL-TOKEN";
        String message = told
                ? SeederCodes.sentence(code, result.message())
                : "it calls the person processed and gives no token that fits";
        return failed(terms, result, attempt, code, message, FailureClass.of(code, result.message()));
    }

    private Settled failed(
            ConnectorTerms terms,
            SeederResult result,
            Attempt attempt,
            String code,
            String message,
            FailureClass failure) {
        int attempts = attempt.attempts() + 1;
        boolean end = attempts >= terms.maxAttempts();
        TokenisationState state =
                failure == FailureClass.SERVICE && end ? TokenisationState.GAVE_UP : TokenisationState.FAILED;
        Instant due = failure == FailureClass.SERVICE && !end
                ? clock.instant().plus(terms.backOffs().spread(attempts))
                : null;
        return new Settled(result, attempt, "error", state, due, attempts, code, message, null);
    }

    private List<Settled> stored(Asked asked, List<SeederResult> results, Map<String, Attempt> known) {
        List<Issued> issued = new ArrayList<>();
        for (SeederResult result : results) {
            Attempt attempt = java.util.Objects.requireNonNull(known.get(result.ref()));
            issued.add(new Issued(
                    attempt.person(),
                    attempt.identifier(),
                    Sensitive.of(java.util.Objects.requireNonNull(result.token()))));
        }
        List<Subjects.Retention> atOnce = retentions.get().stream()
                .filter(rule -> rule.whereHeld().contains(asked.terms().tokenType()) && isUnderstood(rule))
                .toList();
        List<Stored> answers = subjects.store(asked.terms().tokenType(), issued, atOnce, "token-request/" + asked.id());
        List<Settled> settled = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            SeederResult result = results.get(i);
            settled.add(settled(
                    asked.terms(), result, java.util.Objects.requireNonNull(known.get(result.ref())), answers.get(i)));
        }
        return settled;
    }

    /** A rule that is understood no more takes nothing away, and keeps no token from anybody; its sweep tells that it fails. */
    private boolean isUnderstood(Subjects.Retention rule) {
        try {
            subjects.read(rule.filter(), rule.dialect());
            return true;
        } catch (Problem refused) {
            return false;
        }
    }

    private Settled settled(ConnectorTerms terms, SeederResult result, Attempt attempt, Stored stored) {
        return switch (stored.outcome()) {
            case STORED, HELD_ALREADY ->
                new Settled(
                        result, attempt, "token", TokenisationState.TOKENISED, null, attempt.attempts(), "", "", null);
            case OF_ANOTHER -> collision(result, attempt, "another person has this token", stored.other());
            case DIFFERS -> collision(result, attempt, "she has a different token already", null);
            case PERSON_GONE ->
                waiting(result, attempt, "LOCAL-PERSON", "the person is not active in the registry any more");
            case IDENTIFIER_GONE ->
                waiting(result, attempt, "LOCAL-IDENTIFIER", "the virtual ID that was shown is hers no more");
            case MALFORMED ->
                failed(
                        terms,
                        result,
                        attempt,
                        "LOCAL-TOKEN",
                        "the token does not have the form of its type",
                        FailureClass.SERVICE);
        };
    }

    private static Settled collision(SeederResult result, Attempt attempt, String message, @Nullable UUID other) {
        return new Settled(
                result,
                attempt,
                "collision",
                TokenisationState.COLLISION,
                null,
                attempt.attempts(),
                "LOCAL-COLLISION",
                message,
                other);
    }

    private static Settled waiting(SeederResult result, Attempt attempt, String code, String message) {
        return new Settled(
                result, attempt, "error", TokenisationState.LEFT_OUT, null, attempt.attempts(), code, message, null);
    }

    private Taken write(Asked asked, List<Settled> settled, Taken odd) {
        return database.inTransaction(tx -> {
            // Whoever else answers or gives up this request waits, so that the last of them sees that it is the last.
            tx.select(REQUEST.ID)
                    .from(REQUEST)
                    .where(REQUEST.ID.eq(asked.id()))
                    .forUpdate()
                    .fetch();
            Set<String> first = answered(tx, asked.id(), settled);
            List<Settled> mine = settled.stream()
                    .filter(one -> first.contains(one.result().ref()))
                    .toList();
            List<Settled> moved =
                    mine.stream().filter(one -> !one.outcome().equals("late")).toList();
            settle(tx, asked.id(), moved);
            openCases(tx, moved);
            int tokens = count(mine, "token");
            Taken taken = new Taken(
                    tokens,
                    mine.size() - tokens,
                    odd.repeats() + settled.size() - mine.size(),
                    odd.contradictions(),
                    odd.strangers());
            count(tx, asked.id(), taken);
            tell(tx, asked.id(), taken);
            return taken;
        });
    }

    private static int count(List<Settled> settled, String outcome) {
        return (int)
                settled.stream().filter(one -> one.outcome().equals(outcome)).count();
    }

    /** Which of them nobody else was quicker with. */
    private Set<String> answered(DSLContext tx, UUID request, List<Settled> settled) {
        if (settled.isEmpty()) {
            return Set.of();
        }
        Map<String, Object> values = Map.of(
                "request", request,
                "now", now(),
                "refs", SqlFile.column("text", settled, one -> one.result().ref()),
                "outcomes", SqlFile.column("text", settled, Settled::outcome),
                "codes", SqlFile.column("text", settled, Settled::code),
                "digests", SqlFile.column("bytea", settled, one -> one.result().digest()));
        return new HashSet<>(ANSWER.list(tx, values, (row, number) -> row.getString("ref")));
    }

    private void settle(DSLContext tx, UUID request, List<Settled> settled) {
        if (settled.isEmpty()) {
            return;
        }
        SETTLE.run(
                tx,
                Map.of(
                        "now", now(),
                        "request", request,
                        "ids",
                                SqlFile.column(
                                        "uuid", settled, one -> one.attempt().tokenisation()),
                        "states",
                                SqlFile.column(
                                        "text", settled, one -> one.state().code()),
                        "dues",
                                SqlFile.column(
                                        "timestamptz",
                                        settled,
                                        one -> one.due() == null ? null : Timestamp.from(one.due())),
                        "attempts", SqlFile.column("int4", settled, Settled::attempts),
                        "codes", SqlFile.column("text", settled, Settled::code),
                        "messages", SqlFile.column("text", settled, Settled::message)));
    }

    private static void openCases(DSLContext tx, List<Settled> settled) {
        List<Settled> collisions = settled.stream()
                .filter(one -> one.outcome().equals("collision"))
                .toList();
        if (!collisions.isEmpty()) {
            CASES.run(
                    tx,
                    Map.of(
                            "ids", SqlFile.column("uuid", collisions, one -> Ids.next()),
                            "tokenisations",
                                    SqlFile.column(
                                            "uuid",
                                            collisions,
                                            one -> one.attempt().tokenisation()),
                            "kinds",
                                    SqlFile.column(
                                            "text",
                                            collisions,
                                            one -> one.other() == null ? "other_token" : "same_token"),
                            "people",
                                    SqlFile.column(
                                            "uuid",
                                            collisions,
                                            one -> one.attempt().person()),
                            "others", SqlFile.column("uuid", collisions, Settled::other)));
        }
    }

    private void count(DSLContext tx, UUID request, Taken taken) {
        COUNT.run(
                tx,
                Map.of(
                        "request", request,
                        "now", now(),
                        "tokens", taken.tokens(),
                        "failed", taken.failed(),
                        "repeats", taken.repeats(),
                        "contradictions", taken.contradictions(),
                        "strangers", taken.strangers()));
    }

    /** What an honest seeder does not do is told to the auditors. */
    private void tell(DSLContext tx, UUID request, Taken taken) {
        if (taken.contradictions() + taken.strangers() > 0) {
            audit.append(
                    tx,
                    AuditEvent.of(Actor.SYSTEM, "tokens.answer.suspicious", "token-request/" + request)
                            .with("contradictions", taken.contradictions())
                            .with("strangers", taken.strangers()));
        }
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }
}
