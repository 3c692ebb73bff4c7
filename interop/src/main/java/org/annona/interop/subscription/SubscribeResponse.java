package org.annona.interop.subscription;

import java.time.Instant;
import java.util.List;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.ProtocolTime;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What became of wishes to be told of events. */
public record SubscribeResponse(String transactionId, String correlationId, List<Answer> answers) {

    /** What became of one wish. */
    public sealed interface Answer {

        String referenceId();

        @Nullable
        String locale();
    }

    /** @param code by which it is ended, and named in notifications */
    public record Granted(
            String referenceId,
            @Nullable String locale,
            String code,
            boolean active,
            String registryType,
            String event,
            String recordType,
            String filterType,
            JsonNode filter)
            implements Answer {}

    public record Rejected(String referenceId, @Nullable String locale, Rejection rejection) implements Answer {}

    public MessageStatus status() {
        return !answers.isEmpty() && answers.stream().allMatch(Rejected.class::isInstance)
                ? MessageStatus.REJECTED
                : MessageStatus.SUCCEEDED;
    }

    public ObjectNode asMessage(Instant now) {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transactionId).put("correlation_id", correlationId);
        ArrayNode all = message.putArray("subscribe_response");
        for (Answer answer : answers) {
            ObjectNode json =
                    all.addObject().put("reference_id", answer.referenceId()).put("timestamp", ProtocolTime.write(now));
            switch (answer) {
                case Granted granted -> {
                    json.put("status", MessageStatus.SUCCEEDED.code());
                    write(json.putArray("subscriptions").addObject(), granted, now);
                }
                case Rejected rejected -> rejected.rejection().writeTo(json);
            }
            if (answer.locale() != null) {
                json.put("locale", answer.locale());
            }
        }
        return message;
    }

    private static void write(ObjectNode json, Granted granted, Instant now) {
        json.put("version", MessageHeader.VERSION)
                .put("code", granted.code())
                .put("status", granted.active() ? "subscribe" : "unsubscribe")
                .put("timestamp", ProtocolTime.write(now))
                .put("reg_type", granted.registryType())
                .put("reg_event_type", granted.event())
                .put("filter_type", granted.filterType())
                .put("notify_record_type", granted.recordType())
                .set("filter", granted.filter());
    }
}
