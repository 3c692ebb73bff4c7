package org.annona.exchange.answering;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.annona.exchange.Disclosure;
import org.annona.exchange.ServedRegistries;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.callback.Callbacks;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerDesks;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.subscription.SubscribeAnswers;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.DisclosureTrail;
import org.annona.exchange.transaction.SearchAnswers;
import org.annona.exchange.transaction.StatusAnswers;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.Scope;
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
public final class AnswerTransactions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerTransactions.class);
    private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

    private final Database database;
    private final Transactions transactions;
    private final Callbacks callbacks;
    private final Partners partners;
    private final ServedRegistries registries;
    private final SearchAnswers searches;
    private final StatusAnswers statuses;
    private final SubscribeAnswers subscribing;
    private final DisclosureTrail trail = new DisclosureTrail();
    private final PartnerDesks desks = new PartnerDesks("answer", 10, 5);
    private final Clock clock;

    public AnswerTransactions(
            Database database,
            Transactions transactions,
            Callbacks callbacks,
            Partners partners,
            ServedRegistries registries,
            SearchAnswers searches,
            StatusAnswers statuses,
            SubscribeAnswers subscribing,
            Clock clock) {
        this.clock = clock;
        this.database = database;
        this.transactions = transactions;
        this.callbacks = callbacks;
        this.partners = partners;
        this.registries = registries;
        this.searches = searches;
        this.statuses = statuses;
        this.subscribing = subscribing;
    }

    /** Takes up what is due, and more as desks become free, until nothing is left or others have to have their turn. */
    public void answerDue() {
        Instant turn = clock.instant().plus(LONGEST_TURN);
        boolean more = true;
        while (more && clock.instant().isBefore(turn)) {
            int free = desks.free();
            List<Transactions.Stored> due = free > 0 ? transactions.lease(desks.busy(), free) : List.of();
            for (Transactions.Stored stored : due) {
                if (!desks.take(stored.id(), stored.partnerId(), () -> answer(stored))) {
                    transactions.postpone(stored);
                }
            }
            more = !due.isEmpty() || desks.awaitEnded();
        }
    }

    @Override
    public void close() {
        desks.close();
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
            Scope.of(partner.get().organisation()).run(() -> answer(partner.get(), registry.get(), stored));
        } catch (RuntimeException failure) {
            LOG.warn(
                    "transaction {} ({}) could not be answered yet: {}",
                    stored.id(),
                    stored.action(),
                    failure.getClass().getName());
            transactions.postpone(stored);
        }
    }

    /** What only reads is answered before the transaction, because a registry may ask another system for it. */
    private void answer(Partner partner, ServedRegistry registry, Transactions.Stored stored) {
        JsonNode message = Objects.requireNonNull(stored.request(), "it was not answered yet");
        Map<String, Disclosure> disclosures = partners.disclosures(partner.id(), registry.prefix());
        Function<DSLContext, Answer> answering = switch (stored.action()) {
            case "search" -> {
                Answer answer = searches.answer(
                        partner,
                        registry,
                        SearchRequest.read(message, partner.limits().ofSearch()),
                        stored.correlationId());
                yield tx -> answer;
            }
            case "txn-status" -> {
                Answer answer = statuses.answer(
                        partner,
                        registry.prefix(),
                        StatusRequest.read(message),
                        stored.encrypted(),
                        stored.correlationId());
                yield tx -> answer;
            }
            case "subscribe" ->
                tx -> subscribing.subscribe(tx, partner, registry, SubscribeRequest.read(message), disclosures, stored);
            case "unsubscribe" ->
                tx -> subscribing.unsubscribe(tx, partner, registry, UnsubscribeRequest.read(message), stored);
            default -> throw new IllegalStateException("nobody answers " + stored.action());
        };
        database.transact(tx -> finish(tx, stored, answering.apply(tx)));
    }

    private void finish(DSLContext tx, Transactions.Stored stored, Answer answer) {
        if (!transactions.finish(tx, stored, answer)) {
            throw new IllegalStateException("another process was faster");
        }
        if (stored.replyTo() != null) {
            callbacks.post(tx, letter(stored, stored.replyTo(), answer));
        }
        trail.append(tx, stored.correlationId(), answer.audits());
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
