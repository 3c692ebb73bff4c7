package org.annona.exchange.reception;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.exchange.BeneficiaryRegistry;
import org.annona.exchange.Disclosure;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.asking.Inquiries;
import org.annona.exchange.keys.SignedEnvelopes;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.DisclosureTrail;
import org.annona.exchange.transaction.SearchAnswers;
import org.annona.exchange.transaction.StatusAnswers;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.database.Database;
import org.annona.interop.enrolment.EnrolledRequest;
import org.annona.interop.enrolment.EnrolledResponse;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.enrolment.EnrollmentUpdatesResponse;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.message.Acknowledgement;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.search.Rejection;
import org.annona.interop.search.SearchItem;
import org.annona.interop.search.SearchRequest;
import org.annona.interop.status.StatusRequest;
import org.annona.interop.subscription.SubscribeRequest;
import org.annona.interop.subscription.UnsubscribeRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does what a verified message asks for. Its id, its effect and what is kept of it are committed together, so that of equal
 * messages one has an effect, and one that failed can be sent again.
 */
public final class Desk {

    private static final int FORBIDDEN = 403;
    private static final int LONGEST_ID = 99;

    private final Database database;
    private final Transactions transactions;
    private final SearchAnswers searches;
    private final StatusAnswers statuses;
    private final Partners partners;
    private final SignedEnvelopes envelopes;
    private final Inquiries inquiries;
    private final ExchangeSettings settings;
    private final Clock clock;
    private final DisclosureTrail trail = new DisclosureTrail();

    public Desk(
            Database database,
            Transactions transactions,
            SearchAnswers searches,
            StatusAnswers statuses,
            Partners partners,
            SignedEnvelopes envelopes,
            Inquiries inquiries,
            ExchangeSettings settings,
            Clock clock) {
        this.database = database;
        this.transactions = transactions;
        this.searches = searches;
        this.statuses = statuses;
        this.partners = partners;
        this.envelopes = envelopes;
        this.inquiries = inquiries;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param message decrypted */
    record Message(
            Partner partner, ServedRegistry registry, Operation operation, MessageHeader header, JsonNode message) {

        @Override
        public String toString() {
            return "Message[" + operation + "]";
        }
    }

    /** What is sent back, and how it is noted. */
    record Handled(byte[] body, int items, String outcome, String detail) {}

    Handled handle(Message message) {
        return switch (message.operation()) {
            case SYNC_SEARCH -> searchAtOnce(message);
            case SYNC_TXN_STATUS -> statusAtOnce(message);
            case SYNC_ENROLLED -> enrolled(message);
            case SYNC_MATCHING -> matching(message);
            case SEARCH -> search(message);
            case TXN_STATUS -> status(message);
            case SUBSCRIBE -> subscribe(message);
            case UNSUBSCRIBE -> unsubscribe(message);
            case SYNC_ENROLLMENT_UPDATES -> reported(message);
            case ON_SEARCH, ON_SUBSCRIBE, ON_UNSUBSCRIBE, TXN_ON_STATUS, NOTIFY ->
                throw new IllegalArgumentException(message.operation() + " asks for nothing");
        };
    }

    private Handled searchAtOnce(Message message) {
        requireOpen(message);
        SearchRequest request =
                SearchRequest.read(message.message(), message.partner().limits().ofSearch());
        Optional<Rejection> fault =
                request.countFault(message.header(), message.partner().limits().ofSearch());
        if (fault.isPresent()) {
            return rejected(message, request.transactionId(), fault.get());
        }
        return atOnce(
                message,
                request.transactionId(),
                request.items().stream().map(SearchItem::referenceId).toList(),
                correlationId -> searches.answer(message.partner(), message.registry(), request, correlationId));
    }

    private Handled statusAtOnce(Message message) {
        StatusRequest request = StatusRequest.read(message.message());
        return atOnce(
                message,
                request.transactionId(),
                List.of(request.referenceId()),
                correlationId -> statuses.answer(
                        message.partner(),
                        message.registry().prefix(),
                        request,
                        message.header().encrypted(),
                        correlationId));
    }

    private Handled enrolled(Message message) {
        Disclosure disclosure = requireOpen(message).get("");
        refuseWithoutConsent(message);
        BeneficiaryRegistry registry = (BeneficiaryRegistry) message.registry();
        EnrolledRequest request = EnrolledRequest.read(message.message());
        return atOnce(
                message,
                request.transactionId(),
                List.of(),
                correlationId -> enrolled(message.partner(), registry, request, disclosure, correlationId));
    }

    private Answer enrolled(
            Partner partner,
            BeneficiaryRegistry registry,
            EnrolledRequest request,
            @Nullable Disclosure disclosure,
            String correlationId) {
        EnrolledRequest.Question question = request.question();
        List<EnrolledResponse.Answer> answers;
        if (question == null || disclosure == null) {
            String text = question == null ? EnrolledRequest.notUnderstood() : "nothing may be asked without a purpose";
            answers = List.of(new EnrolledResponse.Answer(
                    "enrolled-1", false, null, new Rejection(ReasonCode.SEARCH_CRITERIA_INVALID, text)));
        } else {
            answers = registry.enrolled(question, disclosure);
        }
        EnrolledResponse response = new EnrolledResponse(request.transactionId(), correlationId, answers);
        return Answer.of(
                Operation.ON_SEARCH.action(),
                response.asMessage(clock.instant()),
                response.status(),
                answers.size(),
                List.of(AuditEvent.of(partner.asActor(), "exchange.tell_enrolled", "registry/" + registry.prefix())
                        .because("correlation/" + correlationId)
                        .with("programmes", answers.size())));
    }

    /** The standard has no place for a consent in these questions; a search has. */
    private static void refuseWithoutConsent(Message message) {
        if (message.partner().terms().consentRequired()) {
            throw Refusal.of(
                    ReasonCode.ACTION_NOT_SUPPORTED, "a consent is demanded, so ask by a search that states it");
        }
    }

    /** An answer is not kept: the same step may be taken again. What an exchange disclosed is known only to the partner. */
    private Handled matching(Message message) {
        Disclosure disclosure = requireOpen(message).get("");
        refuseWithoutConsent(message);
        if (disclosure == null || !disclosure.tells("identifier")) {
            throw Refusal.http(
                    FORBIDDEN,
                    ErrorCode.FORBIDDEN,
                    "the sender may not ask for people of this registry by identifiers");
        }
        MatchingRequest request = MatchingRequest.read(message.message());
        int items = request.step() instanceof MatchingRequest.Raise raise
                ? raise.points().size()
                : 1;
        if (items > message.partner().limits().mostItems()) {
            throw tooMany(message);
        }
        Partner partner = message.partner();
        String correlationId = UUID.randomUUID().toString();
        MatchingAnswer answer = ((BeneficiaryRegistry) message.registry()).match(partner.id(), request.step());
        database.transact(tx -> trail.append(
                tx,
                correlationId,
                List.of(AuditEvent.of(
                                partner.asActor(),
                                "exchange.match",
                                "registry/" + message.registry().prefix())
                        .because("correlation/" + correlationId)
                        .touching(request.step() instanceof MatchingRequest.Raise ? items : 0)
                        .with("step", request.name()))));
        MessageHeader header =
                header(message, Operation.ON_SEARCH.action(), MessageStatus.SUCCEEDED, null, items, items);
        return new Handled(
                envelopes.answer(partner, header, answer.asMessage(request.transactionId(), correlationId)),
                items,
                "answered",
                "");
    }

    private Handled reported(Message message) {
        Disclosure disclosure = requireOpen(message).get("");
        if (disclosure == null || !disclosure.tells("identifier")) {
            throw Refusal.http(
                    FORBIDDEN, ErrorCode.FORBIDDEN, "the sender may not name people of this registry by identifiers");
        }
        BeneficiaryRegistry registry = (BeneficiaryRegistry) message.registry();
        EnrollmentUpdates updates = EnrollmentUpdates.read(
                message.message(), message.partner().limits().mostItems());
        if (transactions.isKnown(message.partner(), message.header().messageId())) {
            // An old report that is sent again must not undo a newer one.
            return rejected(message, updates.transactionId(), sentBefore());
        }
        return atOnce(
                message,
                updates.transactionId(),
                updates.beneficiaries().stream()
                        .map(EnrollmentUpdates.Reported::referenceId)
                        .toList(),
                correlationId -> reported(message.partner(), registry, updates, correlationId));
    }

    /** The report is taken before its id is kept; should that fail, it comes again and changes nothing. */
    private Answer reported(
            Partner partner, BeneficiaryRegistry registry, EnrollmentUpdates updates, String correlationId) {
        List<EnrollmentUpdatesResponse.Answer> answers = registry.report(partner.senderId(), updates.beneficiaries());
        EnrollmentUpdatesResponse response =
                new EnrollmentUpdatesResponse(updates.transactionId(), correlationId, answers);
        return Answer.of(
                Operation.ON_SEARCH.action(),
                response.asMessage(clock.instant()),
                response.status(),
                answers.size(),
                List.of(AuditEvent.of(partner.asActor(), "exchange.report_enrolments", "registry/" + registry.prefix())
                        .because("correlation/" + correlationId)
                        .touching(answers.stream()
                                .filter(answer -> answer.rejection() == null)
                                .count())));
    }

    private interface Answering {
        Answer answer(String correlationId);
    }

    private Handled atOnce(Message message, String transactionId, List<String> references, Answering answering) {
        String correlationId = UUID.randomUUID().toString();
        // Before the transaction, because a registry may ask another system; of equal messages one answer is kept and
        // told.
        Answer answer = answering.answer(correlationId);
        boolean first = database.inTransaction(tx -> {
            Transactions.Arrival arrival = arrival(message, transactionId, correlationId, references, null);
            if (!transactions.keep(tx, message.header().messageId(), arrival, answer)) {
                return false;
            }
            trail.append(tx, correlationId, answer.audits());
            return true;
        });
        if (!first) {
            return rejected(message, transactionId, sentBefore());
        }
        Rejection rejection = answer.rejection();
        MessageHeader header =
                header(message, answer.action(), answer.status(), rejection, answer.items(), answer.items());
        return new Handled(
                envelopes.answer(message.partner(), header, answer.message()),
                answer.items(),
                "answered",
                rejection == null ? "" : rejection.text());
    }

    private static Rejection sentBefore() {
        return new Rejection(ReasonCode.MESSAGE_ID_DUPLICATE, "a message with this id was received before");
    }

    /** The message as a whole, within an envelope, because a synchronous answer has one (DCI reference R4.5). */
    private Handled rejected(Message message, String transactionId, Rejection rejection) {
        boolean status = message.operation() == Operation.SYNC_TXN_STATUS;
        String action = status ? Operation.TXN_ON_STATUS.action() : Operation.ON_SEARCH.action();
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("transaction_id", transactionId)
                .put("correlation_id", UUID.randomUUID().toString());
        if (status) {
            ObjectNode nothing = body.deepCopy();
            nothing.putArray("search_response");
            body.putObject("txnstatus_response").put("txn_type", "search").set("txn_status", nothing);
        } else {
            body.putArray(message.operation() == Operation.SYNC_SEARCH ? "search_response" : "enrolled_response");
        }
        MessageHeader header = header(message, action, MessageStatus.REJECTED, rejection, 0, 0);
        return new Handled(
                envelopes.answer(message.partner(), header, body),
                0,
                rejection.reason().code(),
                rejection.text());
    }

    private MessageHeader header(
            Message message,
            String action,
            MessageStatus status,
            @Nullable Rejection rejection,
            int total,
            int completed) {
        return new MessageHeader(
                UUID.randomUUID().toString(),
                clock.instant(),
                action,
                settings.senderId(),
                null,
                message.partner().senderId(),
                (long) total,
                message.header().encrypted(),
                status,
                rejection == null ? null : rejection.reason().code(),
                rejection == null ? null : rejection.text(),
                (long) completed,
                null);
    }

    private Handled search(Message message) {
        requireOpen(message);
        SearchRequest.Limits limits = message.partner().limits().ofSearch();
        SearchRequest request = SearchRequest.read(message.message(), limits);
        request.countFault(message.header(), limits).ifPresent(fault -> {
            throw Refusal.of(fault.reason(), fault.text());
        });
        return later(
                message,
                request.transactionId(),
                request.items().stream().map(SearchItem::referenceId).toList());
    }

    private Handled status(Message message) {
        StatusRequest request = StatusRequest.read(message.message());
        return later(message, request.transactionId(), List.of(request.referenceId()));
    }

    private Handled subscribe(Message message) {
        requireOpen(message);
        SubscribeRequest request = SubscribeRequest.read(message.message());
        requireCount(message, request.wishes().size());
        return later(
                message,
                request.transactionId(),
                request.wishes().stream()
                        .map(SubscribeRequest.Wish::referenceId)
                        .toList());
    }

    private static Refusal tooMany(Message message) {
        return Refusal.of(
                ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED,
                "a message has at most " + message.partner().limits().mostItems() + " items");
    }

    private static void requireCount(Message message, int items) {
        if (items > message.partner().limits().mostItems()) {
            throw tooMany(message);
        }
        Long stated = message.header().totalCount();
        boolean fits = stated == null
                || stated == 0
                || stated == items
                || message.partner().limits().lenientCount();
        if (!fits) {
            throw Refusal.of(
                    ReasonCode.TOTAL_COUNT_INVALID, "total_count is " + stated + ", yet there are " + items + " items");
        }
    }

    private Handled unsubscribe(Message message) {
        UnsubscribeRequest request = UnsubscribeRequest.read(message.message());
        return later(message, request.transactionId(), List.of());
    }

    /** Takes it, says so, and leaves the answer to those who are not waited for (DCI reference R10.2). */
    private Handled later(Message message, String transactionId, List<String> references) {
        String correlationId = UUID.randomUUID().toString();
        String target = message.header().senderUri() == null
                ? message.partner().callbackUrl()
                : message.header().senderUri();
        boolean first = database.inTransaction(tx -> transactions.open(
                tx, message.header().messageId(), arrival(message, transactionId, correlationId, references, target)));
        if (!first) {
            throw Refusal.of(sentBefore().reason(), sentBefore().text());
        }
        return acknowledged(correlationId, references.size(), "");
    }

    private Handled acknowledged(String correlationId, int items, String detail) {
        byte[] body = Acknowledgement.accepted(correlationId, clock.instant())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return new Handled(body, items, "acknowledged", detail);
    }

    /** Answers to what we asked; unsolicited ones have no effect (R10.7). */
    Handled hear(Partner sender, Operation operation, MessageHeader header, JsonNode message) {
        Inquiries.Arrival arrival = operation == Operation.ON_SEARCH
                ? inquiries.receive(sender, header.messageId(), verdict(header), message)
                : Inquiries.Arrival.UNASKED;
        JsonNode given = message.path("correlation_id");
        boolean fit = given.isString()
                && !given.asString().isEmpty()
                && given.asString().codePointCount(0, given.asString().length()) <= LONGEST_ID;
        return acknowledged(
                fit ? given.asString() : UUID.randomUUID().toString(),
                0,
                switch (arrival) {
                    case WANTED -> "";
                    case LATE -> "it came after what was asked had ended";
                    case UNASKED -> "nothing was asked for under these ids";
                });
    }

    /** What a header says of the message as a whole. */
    private static ObjectNode verdict(MessageHeader header) {
        ObjectNode verdict = JsonMapper.shared().createObjectNode();
        if (header.status() != null) {
            verdict.put("status", header.status().code());
        }
        return verdict.put("status_reason_code", header.statusReasonCode())
                .put("status_reason_message", header.statusReasonMessage());
    }

    private Map<String, Disclosure> requireOpen(Message message) {
        Map<String, Disclosure> disclosures =
                partners.disclosures(message.partner().id(), message.registry().prefix());
        if (disclosures.isEmpty()) {
            throw Refusal.http(FORBIDDEN, ErrorCode.FORBIDDEN, "nothing of this registry may be told to the sender");
        }
        return disclosures;
    }

    private static Transactions.Arrival arrival(
            Message message,
            String transactionId,
            String correlationId,
            List<String> references,
            @Nullable String replyTo) {
        return new Transactions.Arrival(
                message.partner(),
                message.registry().prefix(),
                message.operation(),
                transactionId,
                correlationId,
                references,
                replyTo,
                message.header().encrypted(),
                message.message());
    }
}
