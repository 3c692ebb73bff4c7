package org.annona.exchange.status;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.search.SearchAnswers;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.audit.AuditEvent;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ProtocolTime;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.search.Rejection;
import org.annona.interop.status.StatusRequest;
import org.annona.interop.status.StatusResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells a partner how far its own transactions are. What is unknown or another partner's is answered with nothing, never with
 * an error (DCI reference R10.16).
 */
public final class StatusAnswers {

    private final Transactions transactions;
    private final Partners partners;
    private final Clock clock;

    public StatusAnswers(Transactions transactions, Partners partners, Clock clock) {
        this.transactions = transactions;
        this.partners = partners;
        this.clock = clock;
    }

    /** Which fields of messages hold the items of one kind of transaction. */
    private record Shape(String requests, String answers, Set<String> actions) {

        static Shape of(StatusRequest request) {
            if (request.isForReceipt()) {
                return new Shape("", "enrolled_response", Set.of("notify"));
            }
            return request.isForSubscriptions()
                    ? new Shape("subscribe_request", "subscribe_response", Set.of("subscribe", "unsubscribe"))
                    : new Shape("search_request", "search_response", Set.of("search"));
        }
    }

    /** @param encrypted whether the answer will be */
    public Answer answer(
            Partner partner, String registry, StatusRequest request, boolean encrypted, String correlationId) {
        Shape shape = Shape.of(request);
        long rulesKey = SearchAnswers.rulesKey(partners.disclosures(partner.id(), registry));
        List<Transactions.Stored> found = transactions.find(partner.id(), request.by(), request.values()).stream()
                .filter(stored ->
                        stored.registry().equals(registry) && shape.actions().contains(stored.action()))
                .map(stored -> withheld(stored, encrypted, rulesKey))
                .toList();
        ObjectNode status = request.isForReceipt() ? receipt(request, found) : items(request, shape, found);
        StatusResponse response = new StatusResponse(request.transactionId(), correlationId, request.txnType(), status);
        return Answer.of(
                Operation.TXN_ON_STATUS.action(),
                response.asMessage(),
                MessageStatus.SUCCEEDED,
                1,
                List.of(AuditEvent.of(partner.asActor(), "exchange.tell_status", "registry/" + registry)
                        .because("correlation/" + correlationId)
                        .touching(found.size())));
    }

    /**
     * An answer is told again only as it may be told now: to a partner that may know the same as then, and encrypted where it
     * was. Otherwise each of its items says that it has to be asked anew.
     */
    private Transactions.Stored withheld(Transactions.Stored stored, boolean encrypted, long rulesKey) {
        ObjectNode answer = stored.answer();
        boolean same = stored.rulesKey() == null || stored.rulesKey() == rulesKey;
        if (answer == null || same && (encrypted || !stored.encrypted())) {
            return stored;
        }
        ObjectNode other = answer.deepCopy();
        Rejection rejection = new Rejection(
                ReasonCode.SEARCH_CRITERIA_INVALID,
                same ? "it was answered encrypted; ask encrypted" : "what may be told has changed since; ask anew");
        for (JsonNode item : other.path("search_response")) {
            ObjectNode json = (ObjectNode) item;
            json.remove("data");
            json.remove("pagination");
            rejection.writeTo(json);
        }
        return stored.with(other);
    }

    /** Of the newest transaction; of all that hold one of the references, where these are asked for. */
    private ObjectNode items(StatusRequest request, Shape shape, List<Transactions.Stored> found) {
        ObjectNode status = JsonMapper.shared().createObjectNode();
        boolean byReference = request.by() == StatusRequest.By.REFERENCE_ID_LIST;
        if (!byReference && !found.isEmpty() && found.getFirst().answer() != null) {
            return found.getFirst().answer();
        }
        status.put(
                "transaction_id",
                found.isEmpty() ? request.transactionId() : found.getFirst().transactionId());
        status.put(
                "correlation_id",
                found.isEmpty() ? request.values().getFirst() : found.getFirst().correlationId());
        Set<String> wanted = Set.copyOf(request.values());
        List<ObjectNode> items = new ArrayList<>();
        for (Transactions.Stored stored :
                byReference ? found : found.stream().limit(1).toList()) {
            for (ObjectNode item : told(stored, shape)) {
                if (!byReference || wanted.contains(item.path("reference_id").asString(""))) {
                    items.add(item);
                }
            }
        }
        ArrayNode array = status.putArray(shape.answers());
        items.forEach(array::add);
        return status;
    }

    /** What is finished as it was answered, and what is not as pending. */
    private List<ObjectNode> told(Transactions.Stored stored, Shape shape) {
        List<ObjectNode> items = new ArrayList<>();
        if (stored.answer() != null) {
            for (JsonNode item : stored.answer().path(shape.answers())) {
                items.add((ObjectNode) item);
            }
        } else if (stored.request() != null) {
            for (JsonNode item : stored.request().path(shape.requests())) {
                items.add(JsonMapper.shared()
                        .createObjectNode()
                        .put("reference_id", item.path("reference_id").asString(""))
                        .put("timestamp", ProtocolTime.write(clock.instant()))
                        .put("status", stored.status().code()));
            }
        }
        return items;
    }

    private static ObjectNode receipt(StatusRequest request, List<Transactions.Stored> found) {
        ObjectNode status = JsonMapper.shared().createObjectNode();
        status.put(
                "transaction_id",
                found.isEmpty() ? request.transactionId() : found.getFirst().transactionId());
        ArrayNode beneficiaries = status.putObject("receipt_information").putArray("beneficiaries");
        found.stream()
                .limit(1)
                .map(Transactions.Stored::request)
                .filter(java.util.Objects::nonNull)
                .flatMap(message ->
                        message.path("enrolled_updates").path("beneficiaries").valueStream())
                .forEach(beneficiaries::add);
        return status;
    }
}
