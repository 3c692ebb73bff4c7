package org.annona.interop.message;

import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is said at once about a message that came (DCI reference R4.1 to R4.3). */
public final class Acknowledgement {

    private Acknowledgement() {}

    /** It is accepted, and its answer follows under this correlation id. */
    public static ObjectNode accepted(String correlationId, Instant now) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        status(body, "ACK", correlationId, now);
        return body;
    }

    /** In both shapes that partners read: {@code errors[]} and {@code message.error}. */
    public static ObjectNode refused(Refusal refusal, String correlationId, Instant now) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putArray("errors").addObject().put("code", refusal.code().code()).put("message", refusal.text());
        status(body, "ERR", correlationId, now)
                .putObject("error")
                .put("code", refusal.code().code())
                .put("message", refusal.text());
        return body;
    }

    private static ObjectNode status(ObjectNode body, String status, String correlationId, Instant now) {
        return body.putObject("message")
                .put("ack_status", status)
                .put("timestamp", ProtocolTime.write(now))
                .put("correlation_id", correlationId);
    }
}
