package org.annona.exchange.answering;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.annona.exchange.ServedRegistries;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.callback.Callbacks;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.subscription.SubscribeAnswers;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.SearchAnswers;
import org.annona.exchange.transaction.StatusAnswers;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.interop.search.Rejection;
import org.annona.interop.search.SearchRequest;
import org.annona.interop.status.StatusRequest;
import org.annona.interop.subscription.SubscribeRequest;
import org.annona.interop.subscription.UnsubscribeRequest;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Answers what was acknowledged. The answer, what it effects and the callback that brings it are committed together; what
 * cannot be answered now is tried again, and is pending until then.
 */
public final class AnswerTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerTransactions.class);
    private static final int BATCH = 20;

    private final Database database;
    private final Transactions transactions;
    private final Callbacks callbacks;
    private final Partners partners;
    private final ServedRegistries registries;
    private final SearchAnswers searches;
    private final StatusAnswers statuses;
    private final SubscribeAnswers subscribing;
    private final AuditTrail audit = new AuditTrail("exchange");

    public AnswerTransactions(
            Database database,
            Transactions transactions,
            Callbacks callbacks,
            Partners partners,
            ServedRegistries registries,
            SearchAnswers searches,
            StatusAnswers statuses,
            SubscribeAnswers subscribing) {
        this.database = database;
        this.transactions = transactions;
        this.callbacks = callbacks;
        this.partners = partners;
        this.registries = registries;
        this.searches = searches;
        this.statuses = statuses;
        this.subscribing = subscribing;
    }

    /** Answers all that is due. */
    public void answerDue() {
        List<Transactions.Stored> batch = transactions.lease(BATCH);
        while (!batch.isEmpty()) {
            batch.parallelStream().forEach(this::answer);
            batch = transactions.lease(BATCH);
        }
    }

    private void answer(Transactions.Stored stored) {
        try {
            Optional<Partner> partner = partners.find(stored.partnerId()).filter(Partner::active);
            Optional<ServedRegistry> registry = registries.at(stored.registry());
            if (partner.isEmpty() || registry.isEmpty()) {
                // Suspended, or served by another process.
                transactions.postpone(stored);
                return;
            }
            database.transact(tx -> answer(tx, partner.get(), registry.get(), stored));
        } catch (RuntimeException failure) {
            LOG.warn(
                    "transaction {} ({}) could not be answered yet: {}",
                    stored.id(),
                    stored.action(),
                    failure.getClass().getName());
            transactions.postpone(stored);
        }
    }

    private void answer(DSLContext tx, Partner partner, ServedRegistry registry, Transactions.Stored stored) {
        JsonNode message = Objects.requireNonNull(stored.request(), "it was not answered yet");
        Answer answer = switch (stored.action()) {
            case "search" ->
                searches.answer(
                        partner,
                        registry,
                        SearchRequest.read(message, partner.limits().ofSearch()),
                        stored.correlationId());
            case "txn-status" ->
                statuses.answer(partner, registry.prefix(), StatusRequest.read(message), stored.correlationId());
            case "subscribe" -> subscribing.subscribe(tx, partner, registry, SubscribeRequest.read(message), stored);
            case "unsubscribe" ->
                subscribing.unsubscribe(tx, partner, registry, UnsubscribeRequest.read(message), stored);
            default -> throw new IllegalStateException("nobody answers " + stored.action());
        };
        if (!transactions.finish(tx, stored, answer)) {
            throw new IllegalStateException("another process was faster");
        }
        if (stored.replyTo() != null) {
            callbacks.post(tx, letter(stored, stored.replyTo(), answer));
        }
        answer.audits().forEach(event -> audit.append(tx, event));
    }

    private static Callbacks.Letter letter(Transactions.Stored stored, String target, Answer answer) {
        Rejection rejection = answer.rejection();
        return new Callbacks.Letter(
                stored.partnerId(),
                stored.registry(),
                answer.action(),
                target,
                new Callbacks.Facts(
                        answer.status(),
                        rejection == null ? null : rejection.reason().code(),
                        rejection == null ? null : rejection.text(),
                        answer.items(),
                        answer.items()),
                answer.message(),
                stored.encrypted(),
                null);
    }
}
