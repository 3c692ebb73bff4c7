package org.annona.exchange.subscription;

import java.util.List;
import java.util.function.Function;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.operation.DeferredHandler;
import org.annona.exchange.operation.Message;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.TokenScope;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.Transactions;
import org.annona.interop.message.Operation;
import org.annona.interop.subscription.UnsubscribeRequest;
import org.jooq.DSLContext;
import tools.jackson.databind.JsonNode;

/** Takes wishes to be told no more of events. */
public final class UnsubscribeHandler implements DeferredHandler<ServedRegistry> {

    private final SubscribeAnswers subscribing;

    public UnsubscribeHandler(SubscribeAnswers subscribing) {
        this.subscribing = subscribing;
    }

    @Override
    public Operation operation() {
        return Operation.UNSUBSCRIBE;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.SUBSCRIBE;
    }

    @Override
    public Class<ServedRegistry> registryType() {
        return ServedRegistry.class;
    }

    @Override
    public Asked read(Message<ServedRegistry> message) {
        return new Asked(UnsubscribeRequest.read(message.content()).transactionId(), List.of());
    }

    @Override
    public Function<DSLContext, Answer> answer(
            Partner partner, ServedRegistry registry, JsonNode message, Transactions.Stored stored) {
        return tx -> subscribing.unsubscribe(tx, partner, registry, UnsubscribeRequest.read(message), stored);
    }
}
