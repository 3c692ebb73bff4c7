package org.annona.interop.subscription;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Fields;
import org.annona.interop.message.LocalName;
import org.annona.interop.message.ProtocolTime;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Wishes to be told of events, under one transaction. */
public record SubscribeRequest(String transactionId, List<Wish> wishes) {

    private static final String QUERY = "idtype-value";

    /**
     * One wish.
     *
     * @param event without prefix, such as {@code REGISTER}
     * @param recordType in which records are to be told, without prefix
     * @param filter in the language of {@code filterType}, not looked at yet
     * @param cron a Quartz expression; null where each event is told at once
     * @param rejection where it is not to be granted whatever it asks
     */
    public record Wish(
            String referenceId,
            Instant timestamp,
            @Nullable String locale,
            String event,
            String recordType,
            String filterType,
            JsonNode filter,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable String cron,
            @Nullable ObjectNode authorize,
            @Nullable Rejection rejection) {}

    /** @throws Refusal where its structure is not as the standard says; single wishes with another fault are only rejected */
    public static SubscribeRequest read(JsonNode message) {
        Fields fields = Fields.of(message, "message");
        String transactionId = fields.requiredId("transaction_id");
        List<Wish> wishes = new ArrayList<>();
        Set<String> references = new HashSet<>();
        for (JsonNode json : fields.array("subscribe_request")) {
            wishes.add(wish(json, "subscribe_request[" + wishes.size() + "]", references));
        }
        if (wishes.isEmpty()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message.subscribe_request is missing or empty");
        }
        return new SubscribeRequest(transactionId, List.copyOf(wishes));
    }

    private static Wish wish(JsonNode json, String where, Set<String> references) {
        Fields fields = Fields.of(json, where);
        String reference = fields.required("reference_id");
        Instant timestamp = fields.requiredTime("timestamp");
        JsonNode criteriaJson = json.path("subscribe_criteria");
        Fields criteria = Fields.of(criteriaJson, where + ".subscribe_criteria");
        String event = LocalName.of(criteria.required("reg_event_type"));
        String recordType = LocalName.of(criteria.required("notify_record_type"));
        JsonNode filter = criteriaJson.path("filter");
        if (filter.isMissingNode() || filter.isNull()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, where + ".subscribe_criteria.filter is missing");
        }
        ObjectNode frequency = criteria.object("frequency");
        Instant from = null;
        Instant until = null;
        String cron = null;
        Rejection rejection = references.add(reference)
                ? null
                : new Rejection(
                        ReasonCode.REFERENCE_ID_DUPLICATE, "another item of this message has the same reference_id");
        if (frequency != null && !frequency.isEmpty()) {
            Fields window = new Fields(frequency, where + ".subscribe_criteria.frequency");
            from = time(window, "start_time").orElse(null);
            until = time(window, "end_time").orElse(null);
            cron = window.nonBlank("frequency").orElse(null);
            if (rejection == null && (from == null || until == null || !from.isBefore(until))) {
                rejection = new Rejection(
                        ReasonCode.NOTIFY_DETAILS_INVALID, "frequency needs a start_time before its end_time");
            }
        }
        return new Wish(
                reference,
                timestamp,
                fields.locale("locale"),
                event,
                recordType,
                LocalName.of(criteria.nonBlank("filter_type").orElse(QUERY)),
                filter,
                from,
                until,
                cron,
                criteria.object("authorize"),
                rejection);
    }

    private static Optional<Instant> time(Fields window, String name) {
        return window.nonBlank(name).flatMap(ProtocolTime::read);
    }
}
