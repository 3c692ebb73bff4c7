package org.annona.exchange.answering;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.annona.exchange.ServedRegistries;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.callback.Callbacks;
import org.annona.exchange.operation.DeferredHandler;
import org.annona.exchange.operation.OperationHandlers;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.PerPartnerExecutor;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.DisclosureTrail;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.Scope;
import org.annona.interop.search.Rejection;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private final OperationHandlers handlers;
    private final DisclosureTrail trail = new DisclosureTrail();
    private final PerPartnerExecutor executor = new PerPartnerExecutor("answer", 10, 5);
    private final Clock clock;

    public AnswerTransactions(
            Database database,
            Transactions transactions,
            Callbacks callbacks,
            Partners partners,
            ServedRegistries registries,
            OperationHandlers handlers,
            Clock clock) {
        this.clock = clock;
        this.database = database;
        this.transactions = transactions;
        this.callbacks = callbacks;
        this.partners = partners;
        this.registries = registries;
        this.handlers = handlers;
    }

    /** Takes up what is due, and more as places become free, until nothing is left or others have to have their turn. */
    public void answerDue() {
        Instant turn = clock.instant().plus(LONGEST_TURN);
        boolean more = true;
        while (more && clock.instant().isBefore(turn)) {
            int free = executor.free();
            List<Transactions.Stored> due = free > 0 ? transactions.lease(executor.busy(), free) : List.of();
            for (Transactions.Stored stored : due) {
                if (!executor.take(stored.id(), stored.partnerId(), () -> answer(stored))) {
                    transactions.postpone(stored);
                }
            }
            more = !due.isEmpty() || executor.awaitEnded();
        }
    }

    @Override
    public void close() {
        executor.close();
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

    private void answer(Partner partner, ServedRegistry registry, Transactions.Stored stored) {
        DeferredHandler<?> handler = handlers.deferred(stored.action())
                .orElseThrow(() -> new IllegalStateException("no handler answers " + stored.action()));
        Function<DSLContext, Answer> answering = answering(handler, partner, registry, stored);
        database.transact(tx -> finish(tx, stored, answering.apply(tx)));
    }

    private static <R extends ServedRegistry> Function<DSLContext, Answer> answering(
            DeferredHandler<R> handler, Partner partner, ServedRegistry registry, Transactions.Stored stored) {
        return handler.answer(
                partner,
                handler.registryType().cast(registry),
                Objects.requireNonNull(stored.request(), "it was not answered yet"),
                stored);
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
