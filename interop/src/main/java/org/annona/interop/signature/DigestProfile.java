package org.annona.interop.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.annona.interop.json.CanonicalJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Which spellings of a header a partner may have signed. Variants add what is absent; none changes what was received. */
public enum DigestProfile {
    STANDARD,

    /**
     * Signs its header with fields that it then does not send, with their defaults (DCI reference 17.1): the one for
     * encryption, or all of a request's ten, or all of a callback's fourteen. It also reads only headers that have exactly
     * these.
     */
    OPENSPP2;

    private static final List<String> REQUEST_FIELDS = List.of(
            "version",
            "message_id",
            "message_ts",
            "action",
            "sender_id",
            "sender_uri",
            "receiver_id",
            "total_count",
            "is_msg_encrypted",
            "meta");
    private static final List<String> CALLBACK_FIELDS = Stream.concat(
                    REQUEST_FIELDS.stream(),
                    Stream.of("status", "status_reason_code", "status_reason_message", "completed_count"))
            .toList();

    /** The header as received first. */
    List<CanonicalJson> headers(CanonicalJson header) {
        List<CanonicalJson> variants = new ArrayList<>(List.of(header));
        if (this == OPENSPP2) {
            Set<String> seen = new LinkedHashSet<>(Set.of(header.text()));
            for (List<String> fields : List.of(List.of("is_msg_encrypted"), REQUEST_FIELDS, CALLBACK_FIELDS)) {
                ObjectNode defaults = complete(JsonMapper.shared().createObjectNode(), fields);
                CanonicalJson variant = header.withMissing(
                        CanonicalJson.read(defaults.toString().getBytes(StandardCharsets.UTF_8)));
                if (seen.add(variant.text())) {
                    variants.add(variant);
                }
            }
        }
        return variants;
    }

    /** A request's header with all fields that the partner's digest has. */
    public ObjectNode ofRequest(ObjectNode header) {
        return this == OPENSPP2 ? complete(header, REQUEST_FIELDS) : header;
    }

    /** A callback's header with all fields that the partner's digest has. */
    public ObjectNode ofCallback(ObjectNode header) {
        return this == OPENSPP2 ? complete(header, CALLBACK_FIELDS) : header;
    }

    private static ObjectNode complete(ObjectNode header, List<String> fields) {
        for (String field : fields) {
            if (!header.has(field)) {
                switch (field) {
                    case "version" -> header.put(field, "1.0.0");
                    case "is_msg_encrypted" -> header.put(field, false);
                    default -> header.putNull(field);
                }
            }
        }
        return header;
    }
}
