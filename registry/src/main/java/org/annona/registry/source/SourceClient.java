package org.annona.registry.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.annona.interop.client.AccessTokens;
import org.annona.interop.client.NoToken;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.http.PartnerHttp.Answer;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.signature.Signer;
import org.annona.registry.source.SourceTerms.Authentication;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks one source, by GraphQL within a DCI message or by a search of the standard (reference, sections 1 and 2; IM-3, IM-10, IM-12). */
public final class SourceClient implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");
    private static final int OK = 200;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);
    private static final int LONGEST_REASON = 60;
    private static final Set<String> ENTITIES = Set.of("Group", "Member");
    private static final Set<String> PASSING_CODES =
            Set.of("err.service.unavailable", "err.request.timeout", "err.request.too_many_requests");

    private final PartnerHttp http;
    private final SourceTerms terms;
    private final String secret;
    private final MessageSigning signing;
    private final Clock clock;
    private final @Nullable AccessTokens tokens;

    SourceClient(PartnerHttp http, SourceTerms terms, String secret, MessageSigning signing, Clock clock) {
        this.signing = signing;
        this.http = http;
        this.terms = terms;
        this.secret = secret;
        this.clock = clock;
        this.tokens = terms.authentication() == Authentication.CLIENT_CREDENTIALS
                ? new AccessTokens(
                        http,
                        new AccessTokens.Credentials(
                                terms.absoluteTokenAddress(), terms.login(), secret, terms.scope()),
                        clock)
                : null;
    }

    /** @return why the token server gives none; null where it does, or where none is needed */
    @Nullable
    String tokenFault() {
        if (tokens == null) {
            return null;
        }
        try {
            tokens.token();
            return null;
        } catch (NoToken | ForbiddenAddress none) {
            return String.valueOf(none.getMessage());
        } catch (IOException broken) {
            return "no whole answer came";
        }
    }

    /** By GraphQL. */
    public SourceAnswer ask(String query) {
        return ask(new SourceQuestion.Graph(query));
    }

    public SourceAnswer ask(SourceQuestion question) {
        return switch (ask(List.of(question))) {
            case SourceReply.Each(List<SourceAnswer> answers) -> answers.getFirst();
            case SourceReply.None(SourceAnswer why) -> why;
        };
    }

    /** Asks all in one message; an ended token is renewed once. */
    public SourceReply ask(List<SourceQuestion> questions) {
        try {
            SourceReply reply = once(questions);
            if (reply == null && tokens != null) {
                reply = once(questions);
            }
            return reply == null ? refused("it does not let us in (HTTP 401)") : reply;
        } catch (NoToken none) {
            return none.isPassing() ? passing(String.valueOf(none.getMessage())) : refused(none.getMessage());
        } catch (ForbiddenAddress forbidden) {
            return refused(forbidden.getMessage());
        } catch (IOException broken) {
            return passing("no whole answer came");
        }
    }

    private static SourceReply refused(@Nullable String reason) {
        return new SourceReply.None(new SourceAnswer.Refused(String.valueOf(reason)));
    }

    private static SourceReply passing(String reason) {
        return new SourceReply.None(new SourceAnswer.Passing(reason, null));
    }

    /** @return null where it does not let us in, with a token that is forgotten now */
    private @Nullable SourceReply once(List<SourceQuestion> questions) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        String token = "";
        switch (terms.authentication()) {
            case CLIENT_CREDENTIALS -> {
                token = tokens == null ? "" : tokens.token();
                headers.put("Authorization", "Bearer " + token);
            }
            case BEARER -> headers.put("Authorization", "Bearer " + secret);
            case BASIC ->
                headers.put(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                (terms.login() + ":" + secret).getBytes(StandardCharsets.UTF_8)));
            case API_KEY -> headers.put(terms.login(), secret);
            case NONE -> {}
        }
        String transaction = UUID.randomUUID().toString();
        Map<String, SourceQuestion> asked = new LinkedHashMap<>();
        questions.forEach(question -> asked.put(UUID.randomUUID().toString(), question));
        Answer answer = http.postJson(terms.searchAddress(), message(transaction, asked), headers);
        if (answer.status() == 401) {
            if (tokens != null) {
                tokens.forget(token);
            }
            return null;
        }
        return read(answer, transaction, asked);
    }

    private byte[] message(String transaction, Map<String, SourceQuestion> asked) {
        String now = TIMESTAMP.format(clock.instant().atOffset(ZoneOffset.UTC));
        ObjectNode header = JSON.createObjectNode()
                .put("version", "1.0.0")
                .put("message_id", UUID.randomUUID().toString())
                .put("message_ts", now)
                .put("action", "search")
                .put("sender_id", terms.senderId())
                .put("sender_uri", "")
                .put("receiver_id", terms.receiverId())
                .put("total_count", asked.size())
                .put("is_msg_encrypted", false);
        ObjectNode message = JSON.createObjectNode().put("transaction_id", transaction);
        ArrayNode items = message.putArray("search_request");
        asked.forEach((reference, question) -> {
            ObjectNode item = items.addObject();
            // The deployed registries say "en"; the standard wants ISO 639-3.
            String locale = question instanceof SourceQuestion.Graph ? "en" : "eng";
            item.put("reference_id", reference).put("timestamp", now).put("locale", locale);
            item.set("search_criteria", criteria(question));
        });
        Signer signer = terms.signing();
        ObjectNode envelope = JSON.createObjectNode()
                .put(terms.dialect().member(), signer == null ? "" : signing.sign(signer, header, message));
        envelope.set("header", header);
        envelope.set("message", message);
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode criteria(SourceQuestion question) {
        ObjectNode criteria = JSON.createObjectNode().put("version", "1.0.0");
        switch (question) {
            case SourceQuestion.Graph(String text) ->
                criteria.put("reg_type", "G2P:RegistryType:Individual")
                        .put("reg_sub_type", "Individual")
                        .put("query_type", "graphql")
                        .put("query", text);
            case SourceQuestion.Search search -> {
                criteria.put("reg_type", search.registryType())
                        .put("reg_record_type", search.recordType())
                        .put("query_type", search.queryType())
                        .set("query", search.query());
                if (ENTITIES.contains(search.recordType())) {
                    criteria.put("response_entity", search.recordType());
                }
                criteria.putObject("pagination")
                        .put("page_size", search.pageSize())
                        .put("page_number", search.pageNumber());
            }
        }
        return criteria;
    }

    private static SourceReply read(Answer answer, String transaction, Map<String, SourceQuestion> asked) {
        if (answer.status() == 404) {
            boolean graph = asked.values().stream().allMatch(SourceQuestion.Graph.class::isInstance);
            return graph
                    ? new SourceReply.None(new SourceAnswer.RowFault("HTTP 404"))
                    : refused("HTTP 404; its path may be wrong");
        }
        if (answer.status() >= 500 || PASSING.contains(answer.status())) {
            return new SourceReply.None(new SourceAnswer.Passing("HTTP " + answer.status(), retryAfter(answer)));
        }
        if (answer.status() != OK) {
            return refused("HTTP " + answer.status());
        }
        try {
            return read(StrictJson.read(answer.body()), date(answer), transaction, asked);
        } catch (UnreadableJson unreadable) {
            return new SourceReply.None(new SourceAnswer.Garbled("its answer cannot be read"));
        }
    }

    private static SourceReply read(
            JsonNode envelope, @Nullable Instant date, String transaction, Map<String, SourceQuestion> asked) {
        JsonNode message = envelope.path("message");
        if (envelope.at("/header/status").asString("").equals("rjct")) {
            return refused("it rejects the message: "
                    + code(envelope.path("header").path("status_reason_code").asString("")));
        }
        if (message.path("ack_status").asString("").equals("ERR")) {
            String code = code(message.at("/error/code").asString(""));
            return PASSING_CODES.contains(code) ? passing(code) : refused("it rejects the message: " + code);
        }
        Map<String, JsonNode> items = new LinkedHashMap<>();
        message.path("search_response")
                .forEach(item -> items.put(item.path("reference_id").asString(""), item));
        if (!items.keySet().equals(asked.keySet())
                || items.size() != message.path("search_response").size()
                || !transaction.equals(message.path("transaction_id").asString(""))) {
            return passing("what it says is no answer to our question");
        }
        List<SourceAnswer> answers = new ArrayList<>();
        asked.forEach((reference, question) ->
                answers.add(read(Objects.requireNonNull(items.get(reference)), question, date)));
        return new SourceReply.Each(answers);
    }

    private static SourceAnswer read(JsonNode item, SourceQuestion question, @Nullable Instant date) {
        if (!item.path("status").asString("").equals("succ")) {
            return new SourceAnswer.Refused("it rejects the question: "
                    + code(item.path("status_reason_code").asString("")));
        }
        JsonNode records = item.at("/data/reg_records");
        if (question instanceof SourceQuestion.Search) {
            records = listed(records);
        }
        boolean fits = question instanceof SourceQuestion.Graph ? records.isObject() : records.isArray();
        if (!fits) {
            return new SourceAnswer.Passing("its answer holds no data", null);
        }
        if (records.isArray() && !records.valueStream().allMatch(JsonNode::isObject)) {
            return new SourceAnswer.Garbled("some of its records are none");
        }
        return new SourceAnswer.Data(records, total(item.at("/pagination/total_count")), date);
    }

    /** Some write it as text, and some a negative one for what they do not know. */
    private static @Nullable Long total(JsonNode total) {
        String text = total.isIntegralNumber() || total.isString() ? total.asString("") : "";
        return text.matches("\\d{1,15}") ? Long.valueOf(text) : null;
    }

    /** Some write a single record without a list around it, and none as an empty one. */
    private static JsonNode listed(JsonNode records) {
        if (!records.isObject()) {
            return records;
        }
        ArrayNode list = JSON.createArrayNode();
        return records.isEmpty() ? list : list.add(records);
    }

    /** Of the source, if it is one of the standard: free words and numbers may hold what nobody has a right to. */
    private static String code(String text) {
        boolean isCode = text.length() <= LONGEST_REASON && text.matches("(rjct|err)(\\.[a-z_]{1,30}){1,4}");
        return isCode ? text : "without a reason";
    }

    private static @Nullable Duration retryAfter(Answer answer) {
        return answer.header("retry-after")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(null);
    }

    private static @Nullable Instant date(Answer answer) {
        try {
            return answer.header("date")
                    .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)))
                    .orElse(null);
        } catch (DateTimeParseException unreadable) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
