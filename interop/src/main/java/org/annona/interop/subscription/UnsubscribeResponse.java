package org.annona.interop.subscription;

import java.time.Instant;
import java.util.Map;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.ProtocolTime;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What became of the wish not to be told any more.
 *
 * @param active by code: whether its events are still told; codes that are not the requester's are not in it
 * @param rejection where any of the codes could not be ended
 */
public record UnsubscribeResponse(
        String transactionId,
        String correlationId,
        Map<String, Boolean> active,
        @Nullable Rejection rejection) {

    public MessageStatus status() {
        return rejection == null ? MessageStatus.SUCCEEDED : MessageStatus.REJECTED;
    }

    public ObjectNode asMessage(Instant now) {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transactionId)
                .put("correlation_id", correlationId)
                .put("timestamp", ProtocolTime.write(now));
        if (rejection == null) {
            message.put("status", MessageStatus.SUCCEEDED.code());
        } else {
            rejection.writeTo(message);
        }
        ArrayNode all = message.putArray("subscription_status");
        active.forEach((code, is) -> all.addObject().put("code", code).put("status", is ? "subscribe" : "unsubscribe"));
        return message;
    }
}
