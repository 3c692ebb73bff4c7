package org.annona.exchange.subscription;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.exchange.Disclosure;
import org.annona.exchange.EventPage;
import org.annona.exchange.ServedRegistries;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.callback.Callbacks;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.Scope;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.query.Query;
import org.annona.interop.query.QueryRefused;
import org.annona.interop.subscription.Notification;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells subscribers what happened. A part of what happened, the notifications of it, and the position after it are committed
 * together, so that nothing is left out and nothing is told twice.
 */
public final class TellEvents {

    private static final Logger LOG = LoggerFactory.getLogger(TellEvents.class);
    private static final int PART = 500;
    private static final int EVENTS_PER_MESSAGE = 100;

    private final Database database;
    private final Subscriptions subscriptions;
    private final Callbacks callbacks;
    private final Partners partners;
    private final ServedRegistries registries;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("exchange");

    public TellEvents(
            Database database,
            Subscriptions subscriptions,
            Callbacks callbacks,
            Partners partners,
            ServedRegistries registries,
            Clock clock) {
        this.database = database;
        this.subscriptions = subscriptions;
        this.callbacks = callbacks;
        this.partners = partners;
        this.registries = registries;
        this.clock = clock;
    }

    public void tellDue() {
        for (ServedRegistry registry : registries.all()) {
            try {
                while (tellPart(registry)) {
                    // until nothing more has happened
                }
                tellCollected(registry);
            } catch (RuntimeException failure) {
                LOG.warn(
                        "events of {} wait: {}",
                        registry.prefix(),
                        failure.getClass().getName());
            }
        }
    }

    /** @return whether there is more at once */
    private boolean tellPart(ServedRegistry registry) {
        String from = subscriptions.position(database.sql(), registry.prefix());
        if (from == null) {
            return false;
        }
        EventPage part = registry.happened(from, PART);
        if (part.position().equals(from)) {
            return false;
        }
        List<Subscription> live = subscriptions.live(registry.prefix());
        database.transact(tx -> {
            if (!subscriptions.move(tx, registry.prefix(), from, part.position())) {
                throw new IllegalStateException("another process tells these events");
            }
            for (Subscription subscription : live) {
                subscriptions.collect(tx, subscription.code(), concerning(subscription, part));
            }
        });
        return part.more();
    }

    /** The last event of each record; what came before the subscription is not told. */
    private static List<Subscriptions.Collected> concerning(Subscription subscription, EventPage part) {
        Map<UUID, Subscriptions.Collected> last = new LinkedHashMap<>();
        for (EventPage.Event event : part.events()) {
            UUID key = event.records().get(subscription.recordType());
            if (key != null
                    && event.name().equals(subscription.event())
                    && !event.at().isBefore(subscription.createdAt())
                    && subscription.holdsAt(event.at())) {
                last.put(key, new Subscriptions.Collected(key, event.reference(), event.at()));
            }
        }
        return List.copyOf(last.values());
    }

    private void tellCollected(ServedRegistry registry) {
        Instant now = clock.instant();
        for (Subscription subscription : subscriptions.due(registry.prefix())) {
            scopeOf(subscription).run(() -> tellCollected(registry, subscription, now));
        }
    }

    private Scope scopeOf(Subscription subscription) {
        return partners.find(subscription.partnerId())
                .map(partner -> Scope.of(partner.organisation()))
                .orElse(Scope.NOTHING);
    }

    /** By itself: where one cannot be told, the others are. */
    private void tellCollected(ServedRegistry registry, Subscription subscription, Instant now) {
        try {
            boolean more = true;
            while (more) {
                more = database.inTransaction(tx -> {
                    List<Subscriptions.Collected> events = subscriptions.takeCollected(tx, subscription.code(), PART);
                    tell(tx, registry, subscription, events);
                    if (subscription.cron() != null && events.size() < PART) {
                        subscriptions.nextTold(
                                tx, subscription.code(), SubscribeAnswers.next(subscription.cron(), now));
                    }
                    return events.size() == PART && active(subscription);
                });
            }
        } catch (RuntimeException failure) {
            LOG.warn(
                    "subscription {} waits: {}",
                    subscription.code(),
                    failure.getClass().getName());
        }
    }

    /** What is collected again for a suspended partner must not be taken in a circle. */
    private boolean active(Subscription subscription) {
        return partners.find(subscription.partnerId()).filter(Partner::active).isPresent();
    }

    /** Whether it may be told is decided now, not when it was subscribed (DCI reference R10.12). */
    private void tell(
            DSLContext tx, ServedRegistry registry, Subscription subscription, List<Subscriptions.Collected> events) {
        if (events.isEmpty()) {
            return;
        }
        Optional<Partner> partner = partners.find(subscription.partnerId());
        Optional<Disclosure> disclosure =
                Optional.ofNullable(partners.disclosures(subscription.partnerId(), registry.prefix())
                        .get(subscription.purpose()));
        boolean allowed = partner.filter(one -> one.scopes().contains(TokenScope.SUBSCRIBE))
                        .isPresent()
                && disclosure.isPresent()
                && subscription.holdsAt(clock.instant());
        if (!allowed) {
            return;
        }
        if (!partner.get().active()) {
            subscriptions.collect(tx, subscription.code(), events);
            return;
        }
        Optional<Query> filter;
        try {
            filter = Filters.read(
                    partner.get(),
                    registry,
                    subscription.recordType(),
                    subscription.filterType(),
                    subscription.filter(),
                    disclosure.get());
        } catch (QueryRefused noLongerAllowed) {
            return;
        }
        Set<UUID> keys = events.stream().map(Subscriptions.Collected::recordKey).collect(Collectors.toSet());
        Map<UUID, ObjectNode> records =
                registry.records(subscription.recordType(), filter.orElse(null), keys, disclosure.get());
        List<Notification.Event> told = new ArrayList<>();
        for (Subscriptions.Collected event : events) {
            ObjectNode record = records.get(event.recordKey());
            if (record != null) {
                told.add(new Notification.Event(event.reference(), event.at(), record));
            }
        }
        post(tx, registry, subscription, told);
        if (!told.isEmpty()) {
            audit.append(
                    tx,
                    AuditEvent.of(partner.get().asActor(), "exchange.notify", "registry/" + registry.prefix())
                            .because("subscription/" + subscription.code())
                            .touching(told.size()));
        }
    }

    private void post(
            DSLContext tx, ServedRegistry registry, Subscription subscription, List<Notification.Event> told) {
        List<Callbacks.Letter> letters = new ArrayList<>();
        for (int from = 0; from < told.size(); from += EVENTS_PER_MESSAGE) {
            List<Notification.Event> some = told.subList(from, Math.min(from + EVENTS_PER_MESSAGE, told.size()));
            Notification notification = new Notification(
                    UUID.randomUUID().toString(),
                    registry.kind().type(),
                    subscription.event(),
                    subscription.recordType(),
                    some);
            letters.add(new Callbacks.Letter(
                    subscription.partnerId(),
                    registry.prefix(),
                    Operation.NOTIFY.action(),
                    subscription.target(),
                    new Callbacks.Facts(MessageStatus.SUCCEEDED, null, null, some.size(), some.size()),
                    notification.asMessage(),
                    subscription.encrypted(),
                    subscription.code()));
        }
        callbacks.postAll(tx, letters);
    }
}
