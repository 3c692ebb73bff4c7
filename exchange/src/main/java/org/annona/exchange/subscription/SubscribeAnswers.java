package org.annona.exchange.subscription;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.annona.exchange.Disclosure;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.internal.tables.states.SubscriptionState;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.transaction.Answer;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.audit.AuditEvent;
import org.annona.interop.message.LocalName;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.query.QueryRefused;
import org.annona.interop.search.Rejection;
import org.annona.interop.subscription.SubscribeRequest;
import org.annona.interop.subscription.SubscribeResponse;
import org.annona.interop.subscription.UnsubscribeRequest;
import org.annona.interop.subscription.UnsubscribeResponse;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;
import tools.jackson.databind.JsonNode;

/** Grants and ends subscriptions (DCI reference R10.9 to R10.12). */
public final class SubscribeAnswers {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CODE_BYTES = 16;
    private static final int QUARTZ_FIELDS = 7;
    private static final String ON_SUBSCRIBE = "/on-subscribe";

    private final Subscriptions subscriptions;
    private final Clock clock;

    public SubscribeAnswers(Subscriptions subscriptions, Clock clock) {
        this.subscriptions = subscriptions;
        this.clock = clock;
    }

    /** Leaves by an exception, because nothing else of the wish is looked at. */
    private static final class WishRejected extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient Rejection rejection;

        WishRejected(ReasonCode reason, String text) {
            this(new Rejection(reason, text));
        }

        WishRejected(Rejection rejection) {
            super(rejection.text(), null, false, false);
            this.rejection = rejection;
        }
    }

    public Answer subscribe(
            DSLContext tx,
            Partner partner,
            ServedRegistry registry,
            SubscribeRequest request,
            Map<String, Disclosure> disclosures,
            Transactions.Stored stored) {
        List<SubscribeResponse.Answer> answers = new ArrayList<>();
        int granted = 0;
        for (SubscribeRequest.Wish wish : request.wishes()) {
            try {
                Subscription subscription = understand(partner, registry, wish, disclosures, stored);
                grant(tx, partner, registry, subscription, stored.correlationId());
                answers.add(new SubscribeResponse.Granted(
                        wish.referenceId(),
                        wish.locale(),
                        subscription.code(),
                        true,
                        registry.kind().type(),
                        subscription.event(),
                        subscription.recordType(),
                        subscription.filterType(),
                        subscription.filter()));
                granted++;
            } catch (WishRejected rejected) {
                answers.add(new SubscribeResponse.Rejected(wish.referenceId(), wish.locale(), rejected.rejection));
            }
        }
        SubscribeResponse response =
                new SubscribeResponse(request.transactionId(), stored.correlationId(), List.copyOf(answers));
        return Answer.of(
                Operation.ON_SUBSCRIBE.action(),
                response.asMessage(clock.instant()),
                response.status(),
                answers.size(),
                List.of(AuditEvent.of(partner.asActor(), "exchange.subscribe", "registry/" + registry.prefix())
                        .because("correlation/" + stored.correlationId())
                        .touching(granted)));
    }

    private Subscription understand(
            Partner partner,
            ServedRegistry registry,
            SubscribeRequest.Wish wish,
            Map<String, Disclosure> disclosures,
            Transactions.Stored stored) {
        if (wish.rejection() != null) {
            throw new WishRejected(wish.rejection());
        }
        String event = registry.event(wish.event())
                .orElseThrow(() ->
                        new WishRejected(ReasonCode.NOTIFY_TYPES_INVALID, "events of this type are not told here"));
        String recordType = registry.recordType(wish.recordType(), null)
                .orElseThrow(() ->
                        new WishRejected(ReasonCode.NOTIFY_TYPES_INVALID, "there are no records of that type here"));
        if (partner.terms().consentRequired() && wish.authorize() == null) {
            throw new WishRejected(ReasonCode.NOTIFY_DETAILS_INVALID, "an authorisation has to be stated");
        }
        String purpose = purpose(wish);
        Disclosure disclosure = disclosures.get(purpose);
        if (disclosure == null) {
            throw new WishRejected(
                    ReasonCode.NOTIFY_DETAILS_INVALID, "nothing may be told for the purpose that is stated");
        }
        try {
            Filters.read(partner, registry, recordType, wish.filterType(), wish.filter(), disclosure);
        } catch (QueryRefused refused) {
            throw new WishRejected(ReasonCode.NOTIFY_DETAILS_INVALID, String.valueOf(refused.getMessage()));
        }
        Instant now = clock.instant();
        return new Subscription(
                newCode(),
                partner.id(),
                registry.prefix(),
                event,
                recordType,
                wish.filterType(),
                wish.filter(),
                purpose,
                target(partner, stored.replyTo())
                        .orElseThrow(() -> new WishRejected(
                                ReasonCode.NOTIFY_DETAILS_INVALID, "no address is known for notifications")),
                stored.encrypted(),
                wish.from(),
                wish.until(),
                wish.cron(),
                next(wish.cron(), now),
                SubscriptionState.ACTIVE,
                0,
                now);
    }

    /** The registry keeps such events from now on, and they are told from here on, however late that is. */
    private void grant(
            DSLContext tx, Partner partner, ServedRegistry registry, Subscription subscription, String correlationId) {
        if (subscriptions.countLive(tx, partner.id()) >= partner.limits().mostSubscriptions()) {
            throw new WishRejected(
                    ReasonCode.NOTIFY_DETAILS_INVALID,
                    "there may be at most " + partner.limits().mostSubscriptions() + " subscriptions");
        }
        if (!subscriptions.add(tx, subscription, correlationId)) {
            throw new WishRejected(ReasonCode.ALREADY_SUBSCRIBED, "the same subscription is there already");
        }
        registry.listen(subscription.event());
        if (subscriptions.position(tx, registry.prefix()) == null) {
            subscriptions.begin(tx, registry.prefix(), registry.happened("", 1).position());
        }
    }

    private static String newCode() {
        byte[] bytes = new byte[CODE_BYTES];
        RANDOM.nextBytes(bytes);
        return "sub-" + HexFormat.of().formatHex(bytes);
    }

    private static String purpose(SubscribeRequest.Wish wish) {
        JsonNode code = wish.authorize() == null
                ? null
                : wish.authorize().path("purpose").path("code");
        return code != null && code.isString() ? LocalName.of(code.asString()) : "";
    }

    /** The standard does not say where notifications go (DCI reference R10.11). */
    private static Optional<String> target(Partner partner, @Nullable String replyTo) {
        if (partner.notifyUrl() != null) {
            return Optional.of(partner.notifyUrl());
        }
        if (replyTo != null && replyTo.endsWith(ON_SUBSCRIBE)) {
            return Optional.of(replyTo.substring(0, replyTo.length() - ON_SUBSCRIBE.length()) + "/notify");
        }
        return Optional.ofNullable(replyTo);
    }

    /** Quartz has a field for years, of which only "every" is understood. */
    static @Nullable Instant next(@Nullable String cron, Instant after) {
        if (cron == null) {
            return null;
        }
        try {
            String[] fields = cron.strip().split("\\s+");
            boolean everyYear =
                    fields.length == QUARTZ_FIELDS && Set.of("*", "?").contains(fields[QUARTZ_FIELDS - 1]);
            String understood = everyYear
                    ? String.join(" ", List.of(fields).subList(0, QUARTZ_FIELDS - 1))
                    : String.join(" ", fields);
            ZonedDateTime next = CronExpression.parse(understood).next(after.atZone(ZoneOffset.UTC));
            if (next != null) {
                return next.toInstant();
            }
        } catch (IllegalArgumentException unreadable) {
            throw new WishRejected(ReasonCode.NOTIFY_DETAILS_INVALID, "frequency is no cron expression of Quartz");
        }
        throw new WishRejected(ReasonCode.NOTIFY_DETAILS_INVALID, "frequency names no time that will come");
    }

    /** Each code by itself; rejected as a whole only where none of them could be ended. */
    public Answer unsubscribe(
            DSLContext tx,
            Partner partner,
            ServedRegistry registry,
            UnsubscribeRequest request,
            Transactions.Stored stored) {
        Map<String, Boolean> active = new LinkedHashMap<>();
        Rejection first = null;
        int ended = 0;
        for (String code : request.codes()) {
            Rejection fault = fault(tx, partner, registry, code);
            if (fault == null) {
                subscriptions.end(tx, code);
                ended++;
            } else {
                first = Objects.requireNonNullElse(first, fault);
            }
            if (fault == null || fault.reason() == ReasonCode.ALREADY_UNSUBSCRIBED) {
                active.put(code, false);
            }
        }
        Rejection rejection = ended == 0 ? first : null;
        UnsubscribeResponse response =
                new UnsubscribeResponse(request.transactionId(), stored.correlationId(), active, rejection);
        return Answer.of(
                Operation.ON_UNSUBSCRIBE.action(),
                response.asMessage(clock.instant()),
                rejection == null ? MessageStatus.SUCCEEDED : MessageStatus.REJECTED,
                request.codes().size(),
                List.of(AuditEvent.of(partner.asActor(), "exchange.unsubscribe", "registry/" + registry.prefix())
                        .because("correlation/" + stored.correlationId())
                        .touching(ended)));
    }

    private @Nullable Rejection fault(DSLContext tx, Partner partner, ServedRegistry registry, String code) {
        Subscription subscription = subscriptions.lock(tx, code).orElse(null);
        if (subscription == null || !subscription.registry().equals(registry.prefix())) {
            return new Rejection(ReasonCode.SUBSCRIPTION_CODE_INVALID, "there is no subscription with this code");
        }
        if (!subscription.partnerId().equals(partner.id())) {
            return new Rejection(ReasonCode.REQUESTER_INVALID, "the subscription is another partner's");
        }
        if (subscription.state() == SubscriptionState.ENDED) {
            return new Rejection(ReasonCode.ALREADY_UNSUBSCRIBED, "the subscription was ended before");
        }
        return null;
    }
}
