package org.annona.registry.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
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
import tools.jackson.databind.node.ObjectNode;

/** Asks one source by GraphQL within a DCI message (reference, sections 1 and 2; IM-3, IM-12). */
public final class SourceClient implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");
    private static final int OK = 200;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);
    private static final int LONGEST_REASON = 60;

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

    /** Asks one question; an ended token is renewed once. */
    public SourceAnswer ask(String query) {
        try {
            SourceAnswer answer = once(query);
            if (answer == null && tokens != null) {
                answer = once(query);
            }
            return answer == null ? new SourceAnswer.Refused("it does not let us in (HTTP 401)") : answer;
        } catch (NoToken none) {
            return none.isPassing()
                    ? new SourceAnswer.Passing(String.valueOf(none.getMessage()), null)
                    : new SourceAnswer.Refused(String.valueOf(none.getMessage()));
        } catch (ForbiddenAddress forbidden) {
            return new SourceAnswer.Refused(String.valueOf(forbidden.getMessage()));
        } catch (IOException broken) {
            return new SourceAnswer.Passing("no whole answer came", null);
        }
    }

    /** @return null where it does not let us in, with a token that is forgotten now */
    private @Nullable SourceAnswer once(String query) throws IOException {
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
        String reference = UUID.randomUUID().toString();
        Answer answer = http.postJson(terms.searchAddress(), message(query, transaction, reference), headers);
        if (answer.status() == 401) {
            if (tokens != null) {
                tokens.forget(token);
            }
            return null;
        }
        return read(answer, transaction, reference);
    }

    private byte[] message(String query, String transaction, String reference) {
        String now = TIMESTAMP.format(clock.instant().atOffset(ZoneOffset.UTC));
        ObjectNode header = JSON.createObjectNode()
                .put("version", "1.0.0")
                .put("message_id", UUID.randomUUID().toString())
                .put("message_ts", now)
                .put("action", "search")
                .put("sender_id", terms.senderId())
                .put("sender_uri", "")
                .put("receiver_id", terms.receiverId())
                .put("total_count", 1)
                .put("is_msg_encrypted", false);
        ObjectNode message = JSON.createObjectNode().put("transaction_id", transaction);
        ObjectNode item = message.putArray("search_request").addObject();
        item.put("reference_id", reference).put("timestamp", now).put("locale", "en");
        item.putObject("search_criteria")
                .put("version", "1.0.0")
                .put("reg_type", "G2P:RegistryType:Individual")
                .put("reg_sub_type", "Individual")
                .put("query_type", "graphql")
                .put("query", query);
        Signer signer = terms.signing();
        ObjectNode envelope = JSON.createObjectNode()
                .put(terms.dialect().member(), signer == null ? "" : signing.sign(signer, header, message));
        envelope.set("header", header);
        envelope.set("message", message);
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static SourceAnswer read(Answer answer, String transaction, String reference) {
        if (answer.status() == 404) {
            return new SourceAnswer.RowFault("HTTP 404");
        }
        if (answer.status() >= 500 || PASSING.contains(answer.status())) {
            return new SourceAnswer.Passing("HTTP " + answer.status(), retryAfter(answer));
        }
        if (answer.status() != OK) {
            return new SourceAnswer.Refused("HTTP " + answer.status());
        }
        try {
            JsonNode envelope = StrictJson.read(answer.body());
            JsonNode message = envelope.path("message");
            JsonNode items = message.path("search_response");
            if (envelope.at("/header/status").asString("").equals("rjct")) {
                return new SourceAnswer.Refused("it rejects the message: " + reason(envelope.path("header")));
            }
            JsonNode item = items.path(0);
            if (items.size() != 1
                    || !transaction.equals(message.path("transaction_id").asString(""))
                    || !reference.equals(item.path("reference_id").asString(""))) {
                return new SourceAnswer.Passing("what it says is no answer to our question", null);
            }
            if (!item.path("status").asString("").equals("succ")) {
                return new SourceAnswer.Refused("it rejects the question: " + reason(item));
            }
            JsonNode records = item.at("/data/reg_records");
            return records.isObject()
                    ? new SourceAnswer.Data(records, date(answer))
                    : new SourceAnswer.Passing("its answer holds no data", null);
        } catch (UnreadableJson unreadable) {
            return new SourceAnswer.Garbled("its answer cannot be read");
        }
    }

    /** A code of the source, shortened: free words may hold what nobody has a right to. */
    private static String reason(JsonNode part) {
        String code = part.path("status_reason_code").asString("");
        return code.matches("[A-Za-z0-9._-]{1," + LONGEST_REASON + "}") ? code : "without a reason";
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
