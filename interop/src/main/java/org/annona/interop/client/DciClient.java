package org.annona.interop.client;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ProtocolTime;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.search.AnswerReader;
import org.annona.interop.search.Outcome;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks one registry. Many questions travel in one message; what fails in between is tried again with a new message; a
 * registry that fails again and again is left alone for a while. Every question gets an outcome, and only
 * {@link Outcome.Answered} says something about what was asked for.
 */
public final class DciClient {

    private static final int UNAUTHORIZED = 401;
    private static final int MOST_TRIES = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private final PartnerHttp http;
    private final Line line;
    private final AccessTokens tokens;
    private final EnvelopeWriter writer;
    private final AnswerReader reader;
    private final Clock clock;
    private final CircuitBreaker breaker;
    private final Waiter waiter;

    /**
     * How the registry is spoken to.
     *
     * @param address of the registry, such as {@code https://registry.example/dci/sr}
     * @param ourId under which we sign
     * @param theirId under which it answers
     * @param encrypted whether messages are
     * @param batch how many questions a message may have
     */
    public record Line(String address, String ourId, String theirId, boolean encrypted, int batch) {}

    /** Writes a whole request, encrypted where the header says so, and signed. */
    @FunctionalInterface
    public interface EnvelopeWriter {
        byte[] write(MessageHeader header, ObjectNode message);
    }

    /** Lets time pass between two tries. */
    interface Waiter {
        void await(Duration pause) throws InterruptedException;
    }

    /** @param criteria as {@code search_criteria} */
    public record Question(String reference, ObjectNode criteria) {}

    public DciClient(
            PartnerHttp http, Line line, AccessTokens tokens, EnvelopeWriter writer, AnswerReader reader, Clock clock) {
        this(http, line, tokens, writer, reader, clock, Thread::sleep);
    }

    DciClient(
            PartnerHttp http,
            Line line,
            AccessTokens tokens,
            EnvelopeWriter writer,
            AnswerReader reader,
            Clock clock,
            Waiter waiter) {
        this.waiter = waiter;
        this.http = http;
        this.line = line;
        this.tokens = tokens;
        this.writer = writer;
        this.reader = reader;
        this.clock = clock;
        this.breaker = CircuitBreaker.of(
                line.theirId(),
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(10)
                        .minimumNumberOfCalls(5)
                        .failureRateThreshold(80)
                        .waitDurationInOpenState(Duration.ofSeconds(10))
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .maxWaitDurationInHalfOpenState(Duration.ofSeconds(30))
                        .automaticTransitionFromOpenToHalfOpenEnabled(false)
                        .build());
    }

    /** @return an outcome for each question, in their order */
    public Map<String, Outcome> search(List<Question> questions) {
        return search(line.address(), questions);
    }

    /**
     * Asks another registry of the same partner, with the same keys and tokens.
     *
     * @param prefix of that registry, beside the one of the line
     */
    public Map<String, Outcome> searchAt(String prefix, List<Question> questions) {
        String address = line.address();
        return search(address.substring(0, address.lastIndexOf('/') + 1) + prefix, questions);
    }

    private Map<String, Outcome> search(String address, List<Question> questions) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (int from = 0; from < questions.size(); from += line.batch()) {
            outcomes.putAll(batch(address, questions.subList(from, Math.min(from + line.batch(), questions.size()))));
        }
        return outcomes;
    }

    /** Where the registry takes fewer at once, in two halves (DCI reference R16.4). */
    private Map<String, Outcome> batch(String address, List<Question> questions) {
        Map<String, Outcome> outcomes = patiently(address, questions);
        boolean tooMany = questions.size() > 1
                && outcomes.values().stream()
                        .allMatch(outcome -> outcome instanceof Outcome.Rejected(String code, String text)
                                && (code + text).contains(ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED.code()));
        if (!tooMany) {
            return outcomes;
        }
        int half = questions.size() / 2;
        Map<String, Outcome> both = new LinkedHashMap<>(batch(address, questions.subList(0, half)));
        both.putAll(batch(address, questions.subList(half, questions.size())));
        return both;
    }

    private Map<String, Outcome> patiently(String address, List<Question> questions) {
        String transaction = UUID.randomUUID().toString();
        Attempt attempt = once(address, questions, transaction, true);
        for (int tries = 1; tries < MOST_TRIES && attempt.again(); tries++) {
            if (!paused(tries, attempt.least())) {
                break;
            }
            attempt = once(address, questions, transaction, true);
        }
        return attempt.outcomes();
    }

    /** @param least how long the registry asked to be left alone */
    private record Attempt(Map<String, Outcome> outcomes, boolean again, Duration least) {}

    private Attempt once(String address, List<Question> questions, String transaction, boolean mayRenew) {
        if (!breaker.tryAcquirePermission()) {
            return new Attempt(
                    all(questions, new Outcome.Unreachable("the registry was not asked: it has not answered lately")),
                    false,
                    Duration.ZERO);
        }
        long begun = System.nanoTime();
        try {
            String token = tokens.token();
            PartnerHttp.Answer answer = http.postJson(
                    address + Operation.SYNC_SEARCH.path(),
                    envelope(questions, transaction),
                    Map.of("Authorization", "Bearer " + token));
            if (answer.status() == UNAUTHORIZED && mayRenew) {
                breaker.releasePermission();
                tokens.forget(token);
                return once(address, questions, transaction, false);
            }
            Map<String, Outcome> outcomes = reader.read(
                    answer,
                    new AnswerReader.Asked(
                            transaction,
                            questions.stream().map(Question::reference).toList()));
            boolean away = outcomes.values().stream().allMatch(Outcome.Unreachable.class::isInstance);
            if (away) {
                breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, new IOException("away"));
            } else {
                breaker.onSuccess(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            }
            return new Attempt(outcomes, away, askedFor(answer));
        } catch (IOException silent) {
            breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, silent);
            return new Attempt(
                    all(questions, new Outcome.Unreachable("no answer came from the registry")),
                    !(silent instanceof ForbiddenAddress),
                    Duration.ZERO);
        } catch (RuntimeException failure) {
            // Such as a key of the partner that cannot be had: it may be there later.
            breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, failure);
            return new Attempt(
                    all(questions, new Outcome.Unreachable("the question or its answer could not be handled")),
                    false,
                    Duration.ZERO);
        }
    }

    private static Duration askedFor(PartnerHttp.Answer answer) {
        return answer.header("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    /** @return false where that would take too long for whoever waits for the answer */
    private boolean paused(int tries, Duration least) {
        long usual = FIRST_PAUSE.toMillis() << tries;
        long millis =
                Math.max(least.toMillis(), usual + ThreadLocalRandom.current().nextLong(usual));
        if (millis > LONGEST_PAUSE.toMillis()) {
            return false;
        }
        try {
            waiter.await(Duration.ofMillis(millis));
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Map<String, Outcome> all(List<Question> questions, Outcome outcome) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        questions.forEach(question -> outcomes.put(question.reference(), outcome));
        return outcomes;
    }

    /** Each try has a new id, and the same transaction and references (DCI reference R16.7). */
    private byte[] envelope(List<Question> questions, String transaction) {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transaction);
        ArrayNode items = message.putArray("search_request");
        String now = ProtocolTime.write(clock.instant());
        for (Question question : questions) {
            items.addObject()
                    .put("reference_id", question.reference())
                    .put("timestamp", now)
                    .set("search_criteria", question.criteria());
        }
        return writer.write(header(questions.size(), null), message);
    }

    private MessageHeader header(int items, @Nullable String senderUri) {
        return new MessageHeader(
                UUID.randomUUID().toString(),
                clock.instant(),
                Operation.SYNC_SEARCH.action(),
                line.ourId(),
                senderUri,
                line.theirId(),
                (long) items,
                line.encrypted(),
                null,
                null,
                null,
                null,
                null);
    }

    /** Questions by identifier, as the standard writes them. */
    public static ObjectNode byIdentifier(String type, String value, @Nullable String recordType) {
        ObjectNode criteria = JsonMapper.shared().createObjectNode();
        criteria.put("version", MessageHeader.VERSION);
        if (recordType != null) {
            criteria.put("reg_record_type", recordType);
        }
        criteria.put("query_type", "idtype-value");
        criteria.putObject("query").put("type", type).put("value", value);
        return criteria;
    }
}
