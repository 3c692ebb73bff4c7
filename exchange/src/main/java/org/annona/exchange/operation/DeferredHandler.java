package org.annona.exchange.operation;

import java.util.List;
import java.util.function.Function;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.Transactions;
import org.annona.interop.message.Refusal;
import org.jooq.DSLContext;
import tools.jackson.databind.JsonNode;

/** An operation that is acknowledged, and answered later by a callback. */
public non-sealed interface DeferredHandler<R extends ServedRegistry> extends RegistryHandler<R> {

    /**
     * What of a message is kept to find it again.
     *
     * @param references of its items
     */
    record Asked(String transactionId, List<String> references) {}

    /**
     * Looks at a message before it is acknowledged.
     *
     * @throws Refusal where it will not be answered
     */
    Asked read(Message<R> message);

    /**
     * Answers a message that was acknowledged. What only reads is done at once, because a registry may ask another system; what
     * changes something is done by the function, in the transaction that keeps the answer.
     *
     * @param message as it was understood when it came
     */
    Function<DSLContext, Answer> answer(Partner partner, R registry, JsonNode message, Transactions.Stored stored);
}
