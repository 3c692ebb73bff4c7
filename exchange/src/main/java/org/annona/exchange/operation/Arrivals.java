package org.annona.exchange.operation;

import java.util.List;
import org.annona.exchange.transaction.Transactions;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;

/** What is kept of messages. */
final class Arrivals {

    static final Rejection SENT_BEFORE =
            new Rejection(ReasonCode.MESSAGE_ID_DUPLICATE, "a message with this id was received before");

    private Arrivals() {}

    /** @param replyTo null where the answer is the response */
    static Transactions.Arrival of(
            Message<?> message,
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
                message.content());
    }
}
