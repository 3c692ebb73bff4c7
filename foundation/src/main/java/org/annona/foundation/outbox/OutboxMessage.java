package org.annona.foundation.outbox;

import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** A message as its receiver gets it, at least once. */
public record OutboxMessage(UUID id, String topic, String key, String payload) {

    public <T> T payload(Class<T> type) {
        return JsonMapper.shared().readValue(payload, type);
    }
}
