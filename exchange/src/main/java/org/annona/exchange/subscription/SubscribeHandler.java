package org.annona.exchange.subscription;

import java.util.Map;
import java.util.function.Function;
import org.annona.exchange.Disclosure;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.operation.DeferredHandler;
import org.annona.exchange.operation.Message;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.Transactions;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.subscription.SubscribeRequest;
import org.jooq.DSLContext;
import tools.jackson.databind.JsonNode;

/** Takes wishes to be told of events. */
public final class SubscribeHandler implements DeferredHandler<ServedRegistry> {

    private final SubscribeAnswers subscribing;
    private final Partners partners;

    public SubscribeHandler(SubscribeAnswers subscribing, Partners partners) {
        this.subscribing = subscribing;
        this.partners = partners;
    }

    @Override
    public Operation operation() {
        return Operation.SUBSCRIBE;
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
        partners.requireDisclosures(message.partner().id(), message.registry().prefix());
        SubscribeRequest request = SubscribeRequest.read(message.content());
        requireCount(message, request.wishes().size());
        return new Asked(
                request.transactionId(),
                request.wishes().stream()
                        .map(SubscribeRequest.Wish::referenceId)
                        .toList());
    }

    private static void requireCount(Message<?> message, int items) {
        Partner.Limits limits = message.partner().limits();
        if (items > limits.mostItems()) {
            throw limits.exceeded();
        }
        Long stated = message.header().totalCount();
        boolean fits = stated == null || stated == 0 || stated == items || limits.lenientCount();
        if (!fits) {
            throw Refusal.of(
                    ReasonCode.TOTAL_COUNT_INVALID, "total_count is " + stated + ", yet there are " + items + " items");
        }
    }

    @Override
    public Function<DSLContext, Answer> answer(
            Partner partner, ServedRegistry registry, JsonNode message, Transactions.Stored stored) {
        Map<String, Disclosure> disclosures = partners.disclosures(partner.id(), registry.prefix());
        return tx -> subscribing.subscribe(tx, partner, registry, SubscribeRequest.read(message), disclosures, stored);
    }
}
