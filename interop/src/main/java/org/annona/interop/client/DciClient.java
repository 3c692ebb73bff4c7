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
import java.util.function.Function;
import java.util.function.Supplier;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.matching.MatchingRequest;
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
     * @param address of the registry as it was agreed, such as {@code https://registry.example/dci/sr}; paths of the standard
     *     follow it
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
     * Asks another registry of the same installation of Annona, with the same keys and tokens. Other systems have no registry
     * beside the one that was agreed.
     *
     * @param name of that registry, which replaces the last segment of the address
     */
    public Map<String, Outcome> searchBeside(String name, List<Question> questions) {
        String address = line.address();
        return search(address.substring(0, address.lastIndexOf('/') + 1) + name, questions);
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
        AnswerReader.Asked asked = asked(transaction, questions);
        return patiently(() -> once(
                address,
                Operation.SYNC_SEARCH,
                () -> search(Operation.SYNC_SEARCH, questions, transaction, null),
                answer -> reader.read(answer, asked),
                asked.references(),
                true));
    }

    /**
     * Has a registry take questions that it answers later, in one try. It may be told again what it took already, under the
     * same transaction.
     *
     * @param replyTo the address at which its answer is awaited
     * @return pending where it was taken
     */
    public Outcome searchLater(String transaction, String replyTo, List<Question> questions) {
        return only(once(
                        line.address(),
                        Operation.SEARCH,
                        () -> search(Operation.SEARCH, questions, transaction, replyTo),
                        answer -> Map.of(transaction, reader.readAcknowledgement(answer)),
                        List.of(transaction),
                        true)
                .outcomes());
    }

    /**
     * Asks what became of questions that a registry took, in one try.
     *
     * @return answered with the one {@code SearchResponse} that the registry keeps of them; without items where it knows of none
     */
    public Outcome status(String transaction) {
        return only(once(
                        line.address(),
                        Operation.SYNC_TXN_STATUS,
                        () -> howFar(transaction),
                        answer -> Map.of(transaction, reader.readStatus(answer, transaction)),
                        List.of(transaction),
                        true)
                .outcomes());
    }

    /** Takes one step of an exchange. @return answered with the message that was said to it */
    public Outcome match(MatchingRequest.Step step) {
        MatchingRequest request = new MatchingRequest(UUID.randomUUID().toString(), step);
        String transaction = request.transactionId();
        return only(patiently(() -> once(
                line.address(),
                Operation.SYNC_MATCHING,
                () -> writer.write(header(Operation.SYNC_MATCHING, 1, null), request.asMessage()),
                answer -> Map.of(transaction, reader.readMatching(answer, transaction)),
                List.of(transaction),
                true)));
    }

    private static Outcome only(Map<String, Outcome> outcomes) {
        return outcomes.values().iterator().next();
    }

    private static AnswerReader.Asked asked(String transaction, List<Question> questions) {
        return new AnswerReader.Asked(
                transaction, questions.stream().map(Question::reference).toList());
    }

    private Map<String, Outcome> patiently(Supplier<Attempt> trying) {
        Attempt attempt = trying.get();
        for (int tries = 1; tries < MOST_TRIES && attempt.again(); tries++) {
            if (!paused(tries, attempt.least())) {
                break;
            }
            attempt = trying.get();
        }
        return attempt.outcomes();
    }

    /** @param least how long the registry asked to be left alone */
    private record Attempt(Map<String, Outcome> outcomes, boolean again, Duration least) {}

    private Attempt once(
            String address,
            Operation operation,
            Supplier<byte[]> envelope,
            Function<PartnerHttp.Answer, Map<String, Outcome>> reading,
            List<String> references,
            boolean mayRenew) {
        if (!breaker.tryAcquirePermission()) {
            return nothing(references, "the registry was not asked: it has not answered lately", false);
        }
        long begun = System.nanoTime();
        String called = address + operation.path();
        try {
            String token = tokens.token();
            PartnerHttp.Answer answer =
                    http.postJson(called, envelope.get(), Map.of("Authorization", "Bearer " + token));
            if (answer.status() == UNAUTHORIZED && mayRenew) {
                breaker.releasePermission();
                tokens.forget(token);
                return once(address, operation, envelope, reading, references, false);
            }
            Map<String, Outcome> outcomes = new LinkedHashMap<>(reading.apply(answer));
            outcomes.replaceAll((reference, outcome) -> naming(called, outcome));
            boolean away = outcomes.values().stream().allMatch(Outcome.Unreachable.class::isInstance);
            if (away) {
                breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, new IOException("away"));
            } else {
                breaker.onSuccess(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            }
            return new Attempt(outcomes, away, rest(outcomes));
        } catch (NoToken none) {
            breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, none);
            return nothing(references, String.valueOf(none.getMessage()), none.isPassing());
        } catch (IOException silent) {
            breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, silent);
            return nothing(references, "no answer came from " + called, !(silent instanceof ForbiddenAddress));
        } catch (RuntimeException failure) {
            // Such as a key of the partner that cannot be had: it may be there later.
            breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, failure);
            return nothing(references, "the question or its answer could not be handled", false);
        }
    }

    /** Of what may be the fault of an address the address is told. */
    private static Outcome naming(String called, Outcome outcome) {
        String at = " (" + called + ")";
        return switch (outcome) {
            case Outcome.Unreachable(String reason, Duration rest) -> new Outcome.Unreachable(reason + at, rest);
            case Outcome.Unreadable(String reason) -> new Outcome.Unreadable(reason + at);
            case Outcome.Rejected(String code, String text)
            when code.startsWith(AnswerReader.HTTP) -> new Outcome.Rejected(code + at, text);
            default -> outcome;
        };
    }

    private static Attempt nothing(List<String> references, String reason, boolean again) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        references.forEach(reference -> outcomes.put(reference, new Outcome.Unreachable(reason)));
        return new Attempt(outcomes, again, Duration.ZERO);
    }

    private static Duration rest(Map<String, Outcome> outcomes) {
        return outcomes.values().stream()
                .map(outcome -> outcome instanceof Outcome.Unreachable away ? away.rest() : Duration.ZERO)
                .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other);
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

    /** Each try has a new id, and the same transaction and references (DCI reference R16.7). */
    private byte[] search(Operation operation, List<Question> questions, String transaction, @Nullable String replyTo) {
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
        return writer.write(header(operation, questions.size(), replyTo), message);
    }

    private byte[] howFar(String transaction) {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transaction);
        message.putObject("txnstatus_request")
                .put("reference_id", "status")
                .put("txn_type", "search")
                .put("attribute_type", "transaction_id")
                .put("attribute_value", transaction);
        return writer.write(header(Operation.SYNC_TXN_STATUS, 1, null), message);
    }

    private MessageHeader header(Operation operation, int items, @Nullable String senderUri) {
        return new MessageHeader(
                UUID.randomUUID().toString(),
                clock.instant(),
                operation.action(),
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
