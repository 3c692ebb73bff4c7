package org.annona.exchange.search;

import java.util.function.Function;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.operation.DeferredHandler;
import org.annona.exchange.operation.Message;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.Transactions;
import org.annona.interop.message.Operation;
import org.annona.interop.message.Refusal;
import org.annona.interop.search.SearchItem;
import org.annona.interop.search.SearchRequest;
import org.jooq.DSLContext;
import tools.jackson.databind.JsonNode;

/** Answers a search by a callback. */
public final class SearchHandler implements DeferredHandler<ServedRegistry> {

    private final SearchAnswers searches;
    private final Partners partners;

    public SearchHandler(SearchAnswers searches, Partners partners) {
        this.searches = searches;
        this.partners = partners;
    }

    @Override
    public Operation operation() {
        return Operation.SEARCH;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.SEARCH;
    }

    @Override
    public Class<ServedRegistry> registryType() {
        return ServedRegistry.class;
    }

    @Override
    public Asked read(Message<ServedRegistry> message) {
        partners.requireDisclosures(message.partner().id(), message.registry().prefix());
        SearchRequest.Limits limits = message.partner().limits().ofSearch();
        SearchRequest request = SearchRequest.read(message.content(), limits);
        request.countFault(message.header(), limits).ifPresent(fault -> {
            throw Refusal.of(fault.reason(), fault.text());
        });
        return new Asked(
                request.transactionId(),
                request.items().stream().map(SearchItem::referenceId).toList());
    }

    @Override
    public Function<DSLContext, Answer> answer(
            Partner partner, ServedRegistry registry, JsonNode message, Transactions.Stored stored) {
        SearchRequest request = SearchRequest.read(message, partner.limits().ofSearch());
        Answer answer = searches.answer(partner, registry, request, stored.correlationId());
        return tx -> answer;
    }
}
