package org.annona.exchange.status;

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
import org.annona.interop.status.StatusRequest;
import org.jooq.DSLContext;
import tools.jackson.databind.JsonNode;

/** Tells by a callback how far earlier messages are. */
public final class StatusHandler implements DeferredHandler<ServedRegistry> {

    private final StatusAnswers statuses;

    public StatusHandler(StatusAnswers statuses) {
        this.statuses = statuses;
    }

    @Override
    public Operation operation() {
        return Operation.TXN_STATUS;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.STATUS;
    }

    @Override
    public Class<ServedRegistry> registryType() {
        return ServedRegistry.class;
    }

    @Override
    public Asked read(Message<ServedRegistry> message) {
        StatusRequest request = StatusRequest.read(message.content());
        return new Asked(request.transactionId(), List.of(request.referenceId()));
    }

    @Override
    public Function<DSLContext, Answer> answer(
            Partner partner, ServedRegistry registry, JsonNode message, Transactions.Stored stored) {
        Answer answer = statuses.answer(
                partner, registry.prefix(), StatusRequest.read(message), stored.encrypted(), stored.correlationId());
        return tx -> answer;
    }
}
