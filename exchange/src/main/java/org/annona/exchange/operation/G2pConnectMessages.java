package org.annona.exchange.operation;

import java.nio.charset.StandardCharsets;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages of the importers that are in the field, as the standard would have them (reference "Import from external social
 * registries", section 1 and SV-1): the signature misspelt and empty, a total of 0, addresses that are none, their own base URL
 * as the sender and a fixed name for us. A message that is signed is left as it is, and held to the standard.
 */
final class G2pConnectMessages {

    private static final String[] SIGNATURES = {"signature", "sinature"};

    private G2pConnectMessages() {}

    /** @param senderId of the partner whose token came with it */
    static byte[] standard(byte[] body, String senderId) {
        JsonNode read;
        try {
            read = StrictJson.read(body);
        } catch (UnreadableJson unreadable) {
            return body;
        }
        if (!(read instanceof ObjectNode envelope) || !(envelope.path("header") instanceof ObjectNode header)) {
            return body;
        }
        for (String name : SIGNATURES) {
            if (!envelope.path(name).asString("").isEmpty()) {
                return body;
            }
            envelope.remove(name);
        }
        header.put("sender_id", senderId);
        header.remove("receiver_id");
        header.remove("meta");
        if (header.path("sender_uri").asString("").isBlank()) {
            header.remove("sender_uri");
        }
        if (header.path("total_count").asLong(0) == 0) {
            header.put("total_count", envelope.at("/message/search_request").size());
        }
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }
}
