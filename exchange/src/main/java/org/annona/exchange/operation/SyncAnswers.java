package org.annona.exchange.operation;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.SignedEnvelopes;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.DisclosureTrail;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.database.Database;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts answers into the response. The id of a message, its effect and what is kept of it are committed together, so that of
 * equal messages one has an effect, and one that failed can be sent again.
 */
public final class SyncAnswers {

    private static final String ANSWERED = "answered";

    private final Database database;
    private final Transactions transactions;
    private final SignedEnvelopes envelopes;
    private final ExchangeSettings settings;
    private final Clock clock;
    private final DisclosureTrail trail = new DisclosureTrail();

    public SyncAnswers(
            Database database,
            Transactions transactions,
            SignedEnvelopes envelopes,
            ExchangeSettings settings,
            Clock clock) {
        this.database = database;
        this.transactions = transactions;
        this.envelopes = envelopes;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A message that was read.
     *
     * @param references of its items
     * @param answeredBy whose action the header of the answer has
     * @param nothing puts into a message that has its ids what an answer without any item holds
     */
    public record Asked(
            Message<?> message,
            String transactionId,
            List<String> references,
            Operation answeredBy,
            Consumer<ObjectNode> nothing) {

        /** Answered as a search is, with the items in that field. */
        public static Asked of(Message<?> message, String transactionId, List<String> references, String field) {
            return new Asked(
                    message, transactionId, references, Operation.ON_SEARCH, content -> content.putArray(field));
        }
    }

    /**
     * Answers a message that takes effect once.
     *
     * @param answering makes the answer of its correlation id
     */
    public Handled once(Asked asked, Function<String, Answer> answering) {
        String correlationId = UUID.randomUUID().toString();
        // Before the transaction, because a registry may ask another system; of equal messages one answer is kept and
        // told.
        Answer answer = answering.apply(correlationId);
        Message<?> message = asked.message();
        boolean first = database.inTransaction(tx -> {
            Transactions.Arrival arrival =
                    Arrivals.of(message, asked.transactionId(), correlationId, asked.references(), null);
            if (!transactions.keep(tx, message.header().messageId(), arrival, answer)) {
                return false;
            }
            trail.append(tx, correlationId, answer.audits());
            return true;
        });
        if (!first) {
            return sentBefore(asked);
        }
        Rejection rejection = answer.rejection();
        MessageHeader header =
                header(message, answer.action(), answer.status(), rejection, answer.items(), answer.items());
        return new Handled(
                envelopes.answer(message.partner(), header, answer.message()),
                answer.items(),
                ANSWERED,
                rejection == null ? "" : rejection.text());
    }

    /** Answers a message that may be sent again and is answered anew each time; only the audit entries are kept. */
    public Handled notKept(
            Message<?> message, String correlationId, ObjectNode content, int items, List<AuditEvent> audits) {
        database.transact(tx -> trail.append(tx, correlationId, audits));
        MessageHeader header =
                header(message, Operation.ON_SEARCH.action(), MessageStatus.SUCCEEDED, null, items, items);
        return new Handled(envelopes.answer(message.partner(), header, content), items, ANSWERED, "");
    }

    public Handled sentBefore(Asked asked) {
        return rejected(asked, Arrivals.SENT_BEFORE);
    }

    /** The message as a whole, within an envelope, because a synchronous answer has one (DCI reference R4.5). */
    public Handled rejected(Asked asked, Rejection rejection) {
        ObjectNode content = JsonMapper.shared().createObjectNode();
        content.put("transaction_id", asked.transactionId())
                .put("correlation_id", UUID.randomUUID().toString());
        asked.nothing().accept(content);
        MessageHeader header =
                header(asked.message(), asked.answeredBy().action(), MessageStatus.REJECTED, rejection, 0, 0);
        return new Handled(
                envelopes.answer(asked.message().partner(), header, content),
                0,
                rejection.reason().code(),
                rejection.text());
    }

    private MessageHeader header(
            Message<?> message,
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
}
