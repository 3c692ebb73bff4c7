package org.annona.interop.search;

import com.nimbusds.jose.jwk.RSAKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.annona.interop.encryption.MessageEncryption;
import org.annona.interop.encryption.UndecryptableMessage;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.signature.ReceivedEnvelope;
import org.annona.interop.signature.SignatureVerifier;
import org.annona.interop.signature.Verdict;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what a registry answers to a synchronous search. Every question that was asked gets an outcome, also when the answer
 * leaves it out; no path leads from a fault to "not found" (DCI reference R16.11).
 */
public final class AnswerReader {

    private static final Set<Integer> TO_BE_TRIED_AGAIN = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final int LONGEST_TEXT = 999;

    private final SignatureVerifier verifier;
    private final String partner;
    private final Set<String> ourIds;
    private final boolean encrypted;
    private final Function<@Nullable String, List<RSAKey>> keys;

    /**
     * @param partner the sender id under which the registry answers
     * @param ourIds under which we are asked for
     */
    public AnswerReader(SignatureVerifier verifier, String partner, Set<String> ourIds) {
        this(verifier, partner, ourIds, false, id -> List.of());
    }

    /**
     * @param encrypted whether answers have to be
     * @param keys ours with use {@code enc} by their id; all of them for null
     */
    public AnswerReader(
            SignatureVerifier verifier,
            String partner,
            Set<String> ourIds,
            boolean encrypted,
            Function<@Nullable String, List<RSAKey>> keys) {
        this.verifier = verifier;
        this.partner = partner;
        this.ourIds = Set.copyOf(ourIds);
        this.encrypted = encrypted;
        this.keys = keys;
    }

    /** A question as it was sent. */
    public record Asked(String transactionId, List<String> references) {}

    /** Leaves by an exception, because the same holds for all questions. */
    private static final class ForAll extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;

        ForAll(Outcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }

    /** @return an outcome for each reference, in their order */
    public Map<String, Outcome> read(PartnerHttp.Answer answer, Asked asked) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        Function<String, Outcome> byReference;
        try {
            Map<String, List<JsonNode>> items = items(answer, asked);
            byReference = reference -> outcome(items.getOrDefault(reference, List.of()));
        } catch (ForAll fault) {
            byReference = reference -> fault.outcome;
        }
        for (String reference : asked.references()) {
            outcomes.put(reference, byReference.apply(reference));
        }
        return outcomes;
    }

    private Map<String, List<JsonNode>> items(PartnerHttp.Answer answer, Asked asked) {
        if (TO_BE_TRIED_AGAIN.contains(answer.status())) {
            throw new ForAll(new Outcome.Unreachable("the registry answered with HTTP " + answer.status()));
        }
        JsonNode body = body(answer.body());
        error(answer.status(), body).ifPresent(outcome -> {
            throw new ForAll(outcome);
        });
        if (answer.status() != 200 && answer.status() != 202) {
            throw unreadable("the registry answered with HTTP " + answer.status());
        }
        believed(answer);
        JsonNode header = body.path("header");
        JsonNode message = body.path("message");
        if (!header.path("action").asString("").equals("on-search")) {
            throw unreadable("the answer is none to a search");
        }
        if (!header.path("sender_id").asString(partner).equals(partner)) {
            throw unreadable("the answer names another sender");
        }
        String receiver = header.path("receiver_id").asString("");
        if (!receiver.isEmpty() && !ourIds.contains(receiver)) {
            throw unreadable("the answer is for somebody else");
        }
        message = opened(message);
        if (!message.path("transaction_id").asString("").equals(asked.transactionId())) {
            throw unreadable("the answer belongs to another transaction");
        }
        return byReference(header, message);
    }

    /** What was agreed to be encrypted is not believed in clear, and the other way round. */
    private JsonNode opened(JsonNode message) {
        if (MessageEncryption.isEncrypted(message) != encrypted) {
            throw unreadable(
                    encrypted ? "the answer is not encrypted" : "the answer is encrypted, which was not agreed");
        }
        if (!encrypted) {
            return message;
        }
        try {
            return StrictJson.read(MessageEncryption.decrypt(message, keys));
        } catch (UndecryptableMessage | UnreadableJson damaged) {
            throw unreadable("the answer cannot be decrypted");
        }
    }

    private static Map<String, List<JsonNode>> byReference(JsonNode header, JsonNode message) {
        Map<String, List<JsonNode>> items = new LinkedHashMap<>();
        for (JsonNode item : message.path("search_response")) {
            items.computeIfAbsent(item.path("reference_id").asString(""), reference -> new ArrayList<>())
                    .add(item);
        }
        boolean rejected = MessageStatus.of(header.path("status").asString(""))
                .filter(MessageStatus.REJECTED::equals)
                .isPresent();
        if (rejected && items.isEmpty()) {
            throw new ForAll(new Outcome.Rejected(
                    header.path("status_reason_code").asString("rjct"),
                    shortened(header.path("status_reason_message").asString(""))));
        }
        return items;
    }

    private static JsonNode body(byte[] bytes) {
        try {
            JsonNode body = StrictJson.read(bytes);
            if (!body.isObject()) {
                throw unreadable("the answer is no object");
            }
            return body;
        } catch (UnreadableJson broken) {
            throw unreadable("the answer cannot be read: " + broken.getMessage());
        }
    }

    /** In all the shapes in which partners say that something is wrong (DCI reference, section 15). */
    private static Optional<Outcome> error(int status, JsonNode body) {
        JsonNode message = body.path("message");
        if (message.path("ack_status").asString("").equalsIgnoreCase("ERR")) {
            return Optional.of(rejected(message.path("error")));
        }
        if (message.has("ack_status")) {
            return Optional.of(
                    new Outcome.Unreadable("the registry only acknowledged what was to be answered at once"));
        }
        if (body.path("errors").isArray() && !body.path("errors").isEmpty()) {
            return Optional.of(rejected(body.path("errors").get(0)));
        }
        if (body.path("error").isObject()) {
            return Optional.of(rejected(body.path("error")));
        }
        if (status >= 400) {
            String text = body.path("detail").asString(body.path("title").asString(""));
            return Optional.of(new Outcome.Rejected("http." + status, shortened(text)));
        }
        return Optional.empty();
    }

    private static Outcome rejected(JsonNode error) {
        String code = error.path("code").asString("");
        return Set.of("err.service.unavailable", "err.request.timeout", "err.request.too_many_requests")
                        .contains(code)
                ? new Outcome.Unreachable("the registry says " + code)
                : new Outcome.Rejected(
                        code.isEmpty() ? "none" : shortened(code),
                        shortened(error.path("message").asString("")));
    }

    private void believed(PartnerHttp.Answer answer) {
        ReceivedEnvelope received = new ReceivedEnvelope(
                CanonicalJson.read(answer.body()), answer.header("Signature").orElse(null));
        switch (verifier.verify(received)) {
            case Verdict.Signed signed -> {}
            case Verdict.Unsigned unsigned -> {}
            case Verdict.Missing missing -> throw unreadable("the answer is not signed");
            case Verdict.Invalid invalid -> throw unreadable("the signature of the answer: " + invalid.reason());
            case Verdict.Undecided undecided -> throw new ForAll(new Outcome.Unreachable(undecided.reason()));
        }
    }

    /** One question may be answered in several items, one for each page (DCI reference, section 6). */
    private static Outcome outcome(List<JsonNode> items) {
        if (items.isEmpty()) {
            return new Outcome.Unreadable("the answer leaves this question out");
        }
        List<JsonNode> records = new ArrayList<>();
        Long total = null;
        for (JsonNode item : items) {
            Optional<MessageStatus> status =
                    MessageStatus.of(item.path("status").asString(""));
            if (status.isEmpty()) {
                return new Outcome.Unreadable("the answer to this question has no status that is known");
            }
            switch (status.get()) {
                case RECEIVED, PENDING -> {
                    return new Outcome.Pending();
                }
                case REJECTED -> {
                    return new Outcome.Rejected(
                            shortened(item.path("status_reason_code").asString("rjct")),
                            shortened(item.path("status_reason_message").asString("")));
                }
                case SUCCEEDED -> {}
            }
            List<JsonNode> found = records(item.path("data"));
            if (found == null) {
                return new Outcome.Unreadable("the records cannot be read");
            }
            records.addAll(found);
            total = total(item, total);
        }
        return new Outcome.Answered(List.copyOf(records), total);
    }

    private static @Nullable Long total(JsonNode item, @Nullable Long before) {
        JsonNode count = item.path("pagination").path("total_count");
        boolean stated = (count.isIntegralNumber() || count.isString())
                && count.asString().matches("\\d{1,15}");
        return stated ? Long.valueOf(count.asString()) : before;
    }

    /**
     * As an array, as a single object, or, out of the standard, as {@code data} itself. An empty object is none.
     *
     * @return null where it is nothing of these
     */
    private static @Nullable List<JsonNode> records(JsonNode data) {
        JsonNode records = data.isObject() ? data.path("reg_records") : data;
        if (records.isObject()) {
            return records.isEmpty() ? List.of() : List.of(records);
        }
        if (!records.isArray()) {
            return null;
        }
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode record : records) {
            if (!record.isObject()) {
                return null;
            }
            all.add(record);
        }
        return all;
    }

    private static ForAll unreadable(String reason) {
        return new ForAll(new Outcome.Unreadable(reason));
    }

    private static String shortened(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", " ");
        return plain.substring(0, Math.min(plain.length(), LONGEST_TEXT));
    }
}
