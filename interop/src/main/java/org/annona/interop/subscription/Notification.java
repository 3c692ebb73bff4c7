package org.annona.interop.subscription;

import java.time.Instant;
import java.util.List;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.ProtocolTime;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells of events, one record each (DCI reference R10.13). */
public record Notification(
        String transactionId, String registryType, String event, String recordType, List<Event> events) {

    /** @param referenceId of the event; the same when it is told again */
    public record Event(String referenceId, Instant at, ObjectNode record) {}

    public ObjectNode asMessage() {
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("transaction_id", transactionId);
        ArrayNode all = message.putArray("notify_event");
        for (Event event : events) {
            all.addObject()
                    .put("reference_id", event.referenceId())
                    .put("timestamp", ProtocolTime.write(event.at()))
                    .putObject("data")
                    .put("version", MessageHeader.VERSION)
                    .put("reg_type", registryType)
                    .put("reg_event_type", this.event)
                    .put("reg_record_type", recordType)
                    .set("reg_records", event.record());
        }
        return message;
    }
}
