package org.annona.exchange.search;

import java.util.Optional;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.operation.Handled;
import org.annona.exchange.operation.Message;
import org.annona.exchange.operation.SyncAnswers;
import org.annona.exchange.operation.SyncHandler;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.interop.message.Operation;
import org.annona.interop.search.Rejection;
import org.annona.interop.search.SearchItem;
import org.annona.interop.search.SearchRequest;

/** Answers a search in the response. */
public final class SyncSearchHandler implements SyncHandler<ServedRegistry> {

    private final SearchAnswers searches;
    private final Partners partners;
    private final SyncAnswers answers;

    public SyncSearchHandler(SearchAnswers searches, Partners partners, SyncAnswers answers) {
        this.searches = searches;
        this.partners = partners;
        this.answers = answers;
    }

    @Override
    public Operation operation() {
        return Operation.SYNC_SEARCH;
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
    public boolean takesFiles() {
        return false;
    }

    @Override
    public Handled handle(Message<ServedRegistry> message) {
        partners.requireDisclosures(message.partner().id(), message.registry().prefix());
        SearchRequest.Limits limits = message.partner().limits().ofSearch();
        SearchRequest request = SearchRequest.read(message.content(), limits);
        SyncAnswers.Asked asked = SyncAnswers.Asked.of(
                message,
                request.transactionId(),
                request.items().stream().map(SearchItem::referenceId).toList(),
                "search_response");
        Optional<Rejection> fault = request.countFault(message.header(), limits);
        return fault.isPresent()
                ? answers.rejected(asked, fault.get())
                : answers.once(
                        asked,
                        correlationId ->
                                searches.answer(message.partner(), message.registry(), request, correlationId));
    }
}
