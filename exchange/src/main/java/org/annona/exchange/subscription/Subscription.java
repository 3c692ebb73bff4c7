package org.annona.exchange.subscription;

import java.time.Instant;
import java.util.UUID;
import org.annona.exchange.internal.tables.states.SubscriptionState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A partner's wish to be told of events.
 *
 * @param filter in the language of {@code filterType}
 * @param cron when what has been collected is told; null for at once
 * @param nextTold when that will be
 * @param state of a suspended one, events are collected until an administrator resumes it
 */
public record Subscription(
        String code,
        UUID partnerId,
        String registry,
        String event,
        String recordType,
        String filterType,
        JsonNode filter,
        String purpose,
        String target,
        boolean encrypted,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable String cron,
        @Nullable Instant nextTold,
        SubscriptionState state,
        int failures,
        Instant createdAt) {

    boolean holdsAt(Instant now) {
        return (from == null || !now.isBefore(from)) && (until == null || !now.isAfter(until));
    }

    @Override
    public String toString() {
        return "Subscription[" + event + " " + state + "]";
    }
}
