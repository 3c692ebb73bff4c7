package org.annona.interop.search;

import com.nimbusds.jose.jwk.RSAKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.annona.interop.encryption.MessageEncryption;
import org.annona.interop.encryption.UndecryptableMessage;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.signature.ReceivedEnvelope;
import org.annona.interop.signature.SignatureVerifier;
import org.annona.interop.signature.Verdict;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what a registry answers to a search, at once, later or when it is asked how far it is. Every question that was asked gets an outcome, also when the answer
 * leaves it out; no path leads from a fault to "not found" (DCI reference R16.11).
 */
public final class AnswerReader {

    /** With which the code of a rejection begins that is nothing but an HTTP status. */
    public static final String HTTP = "http.";

    private static final Set<Integer> TO_BE_TRIED_AGAIN = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final int LONGEST_TEXT = 999;
    private static final int LONGEST_CODE = 100;
    private static final int LONGEST_REST_DIGITS = 6;

    private final SignatureVerifier verifier;
    private final String partner;
    private final Predicate<String> isUs;
    private final boolean encrypted;
    private final Function<@Nullable String, List<RSAKey>> keys;

    /**
     * @param partner the sender id under which the registry answers
     * @param isUs whether we are asked for under that id
     */
    public AnswerReader(SignatureVerifier verifier, String partner, Predicate<String> isUs) {
        this(verifier, partner, isUs, false, id -> List.of());
    }

    /**
     * @param encrypted whether answers have to be
     * @param keys ours with use {@code enc} by their id; all of them for null
     */
    public AnswerReader(
            SignatureVerifier verifier,
            String partner,
            Predicate<String> isUs,
            boolean encrypted,
            Function<@Nullable String, List<RSAKey>> keys) {
        this.verifier = verifier;
        this.partner = partner;
        this.isUs = isUs;
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
            Part part = believed(answer, asked, Operation.ON_SEARCH);
            Map<String, List<JsonNode>> items = byReference(part);
            byReference = isAboutNobody(part)
                    ? reference -> new Outcome.Answered(List.of(), 0L)
                    : reference -> outcome(items.getOrDefault(reference, List.of()));
        } catch (ForAll fault) {
            byReference = reference -> fault.outcome;
        }
        for (String reference : asked.references()) {
            outcomes.put(reference, byReference.apply(reference));
        }
        return outcomes;
    }

    /**
     * What a registry keeps of a search that it took before.
     *
     * @return answered with that one message, a {@code SearchResponse}, which has no items where the search is unknown there
     */
    public Outcome readStatus(PartnerHttp.Answer answer, String transactionId) {
        try {
            Asked asked = new Asked(transactionId, List.of());
            JsonNode told = believed(answer, asked, Operation.TXN_ON_STATUS)
                    .message()
                    .path("txnstatus_response")
                    .path("txn_status");
            return new Outcome.Answered(List.of(told), 1L);
        } catch (ForAll fault) {
            return fault.outcome;
        }
    }

    /** What an installation says to one step of an exchange. @return answered with that one message */
    public Outcome readMatching(PartnerHttp.Answer answer, String transactionId) {
        try {
            Part part = believed(answer, new Asked(transactionId, List.of()), Operation.ON_SEARCH);
            return new Outcome.Answered(List.of(part.message()), 1L);
        } catch (ForAll fault) {
            return fault.outcome;
        }
    }

    /**
     * Puts together what was pushed, perhaps page by page and in any order; every message has to be verified already. What is
     * not there is pending.
     *
     * @param parts of one transaction
     * @return an outcome for each reference, in their order
     */
    public static Map<String, Outcome> combined(List<Part> parts, List<String> references) {
        Map<String, List<JsonNode>> items = new LinkedHashMap<>();
        Outcome others = new Outcome.Pending();
        for (Part part : parts) {
            Map<String, List<JsonNode>> told = itemsOf(part);
            if (told.isEmpty() && isRejected(part.header())) {
                others = rejected(part);
            }
            told.forEach((reference, all) -> {
                List<JsonNode> before = items.computeIfAbsent(reference, none -> new ArrayList<>());
                // What was pending in an earlier message is what this one says.
                if (all.stream().noneMatch(AnswerReader::isPending)) {
                    before.removeIf(AnswerReader::isPending);
                }
                before.addAll(all);
            });
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (String reference : references) {
            List<JsonNode> told = items.get(reference);
            outcomes.put(reference, told == null ? others : outcome(told));
        }
        return outcomes;
    }

    private static boolean isPending(JsonNode item) {
        return MessageStatus.of(item.path("status").asString(""))
                .filter(status -> status == MessageStatus.RECEIVED || status == MessageStatus.PENDING)
                .isPresent();
    }

    private static Outcome rejected(Part part) {
        return new Outcome.Rejected(
                code(part.header().path("status_reason_code")),
                shortened(part.header().path("status_reason_message").asString("")));
    }

    private static Map<String, List<JsonNode>> itemsOf(Part part) {
        Map<String, List<JsonNode>> items = new LinkedHashMap<>();
        for (JsonNode item : part.message().path("search_response")) {
            items.computeIfAbsent(item.path("reference_id").asString(""), reference -> new ArrayList<>())
                    .add(item);
        }
        return items;
    }

    /** Whether the registry took what is to be answered later: then it is pending. */
    public Outcome readAcknowledgement(PartnerHttp.Answer answer) {
        try {
            if (TO_BE_TRIED_AGAIN.contains(answer.status())) {
                return away(answer);
            }
            JsonNode body = body(answer.body());
            String ack = body.path("message").path("ack_status").asString("").toUpperCase(Locale.ROOT);
            if (answer.status() < 300 && (ack.equals("ACK") || ack.equals("RCVD"))) {
                return new Outcome.Pending();
            }
            if (ack.equals("NACK")) {
                return new Outcome.Rejected("NACK", "the registry took the message and will not answer it");
            }
            return error(answer.status(), body)
                    .orElse(new Outcome.Unreadable("the registry did not acknowledge the message"));
        } catch (ForAll fault) {
            return fault.outcome;
        }
    }

    /** An answer, or a part of one, that may be believed, with its message in clear. */
    public record Part(JsonNode header, JsonNode message) {}

    private Part believed(PartnerHttp.Answer answer, Asked asked, Operation operation) {
        if (TO_BE_TRIED_AGAIN.contains(answer.status())) {
            throw new ForAll(away(answer));
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
        if (!header.path("action").asString("").equals(operation.action())) {
            throw unreadable("the answer is no " + operation.action());
        }
        if (!header.path("sender_id").asString(partner).equals(partner)) {
            throw unreadable("the answer names another sender");
        }
        String receiver = header.path("receiver_id").asString("");
        if (!receiver.isEmpty() && !isUs.test(receiver)) {
            throw unreadable("the answer is for somebody else");
        }
        message = opened(message);
        if (!message.path("transaction_id").asString("").equals(asked.transactionId())) {
            throw unreadable("the answer belongs to another transaction");
        }
        return new Part(header, message);
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

    private static Map<String, List<JsonNode>> byReference(Part part) {
        Map<String, List<JsonNode>> items = itemsOf(part);
        if (items.isEmpty() && isRejected(part.header())) {
            throw new ForAll(rejected(part));
        }
        return items;
    }

    /**
     * Some registries answer with an empty list where they know nobody of those who were asked for. What says that it holds
     * something, or does not say that it succeeded, is no such answer.
     */
    private static boolean isAboutNobody(Part part) {
        JsonNode list = part.message().path("search_response");
        JsonNode header = part.header();
        return list.isArray()
                && list.isEmpty()
                && MessageStatus.of(header.path("status").asString("")).stream()
                        .anyMatch(MessageStatus.SUCCEEDED::equals)
                && header.path("total_count").asLong(0) == 0;
    }

    private static boolean isRejected(JsonNode header) {
        return MessageStatus.of(header.path("status").asString(""))
                .filter(MessageStatus.REJECTED::equals)
                .isPresent();
    }

    /** With how long it wants to be left alone: some say so in the header, some in the body (DCI reference R16.7). */
    private static Outcome away(PartnerHttp.Answer answer) {
        String rest = answer.header("Retry-After").orElseGet(() -> {
            try {
                return StrictJson.read(answer.body()).path("retry_after").asString("");
            } catch (UnreadableJson none) {
                return "";
            }
        });
        boolean stated = rest.length() <= LONGEST_REST_DIGITS && rest.matches("\\d+");
        return new Outcome.Unreachable(
                "the registry answered with HTTP " + answer.status(),
                stated ? Duration.ofSeconds(Long.parseLong(rest)) : Duration.ZERO);
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
            return Optional.of(new Outcome.Rejected(HTTP + status, shortened(text)));
        }
        return Optional.empty();
    }

    private static Outcome rejected(JsonNode error) {
        String code = error.path("code").asString("");
        return Set.of("err.service.unavailable", "err.request.timeout", "err.request.too_many_requests")
                        .contains(code)
                ? new Outcome.Unreachable("the registry says " + code)
                : new Outcome.Rejected(
                        code.isEmpty() ? "none" : shortened(code.substring(0, Math.min(code.length(), LONGEST_CODE))),
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
        Set<JsonNode> pages = new HashSet<>();
        Set<String> ids = new HashSet<>();
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
                            code(item.path("status_reason_code")),
                            shortened(item.path("status_reason_message").asString("")));
                }
                case SUCCEEDED -> {}
            }
            List<JsonNode> found = records(item.path("data"));
            if (found == null) {
                return new Outcome.Unreadable("the records cannot be read");
            }
            // What comes twice must not make an answer look complete.
            if (pages.add(page(item))) {
                found.stream()
                        .filter(record -> {
                            String id = record.path("@id").asString("");
                            return id.isEmpty() || ids.add(id);
                        })
                        .forEach(records::add);
            }
            total = most(total, total(item));
        }
        return new Outcome.Answered(List.copyOf(records), total);
    }

    private static JsonNode page(JsonNode item) {
        ObjectNode page = JsonMapper.shared().createObjectNode();
        page.set("data", item.path("data"));
        page.set("number", item.path("pagination").path("page_number"));
        return page;
    }

    private static @Nullable Long total(JsonNode item) {
        JsonNode count = item.path("pagination").path("total_count");
        boolean stated = (count.isIntegralNumber() || count.isString())
                && count.asString().matches("\\d{1,15}");
        return stated ? Long.valueOf(count.asString()) : null;
    }

    private static @Nullable Long most(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : other == null ? one : Long.valueOf(Math.max(one, other));
    }

    private static String code(JsonNode code) {
        String text = code.isString() ? code.asString() : "rjct";
        return shortened(text.substring(0, Math.min(text.length(), LONGEST_CODE)));
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
