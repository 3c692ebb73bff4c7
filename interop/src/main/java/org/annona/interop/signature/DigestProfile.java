package org.annona.interop.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.annona.interop.json.CanonicalJson;

/** Which spellings of a header a partner may have signed. Variants add what is absent; none changes what was received. */
public enum DigestProfile {
    STANDARD(List.of()),

    /**
     * Signs its header with fields that it then does not send, with their defaults (DCI reference 17.1): the one for
     * encryption, or all of a request's ten, or all of a callback's fourteen.
     */
    OPENSPP2(List.of(
            "{\"is_msg_encrypted\":false}",
            "{\"version\":\"1.0.0\",\"message_id\":null,\"message_ts\":null,\"action\":null,\"sender_id\":null,"
                    + "\"sender_uri\":null,\"receiver_id\":null,\"total_count\":null,\"is_msg_encrypted\":false,"
                    + "\"meta\":null}",
            "{\"version\":\"1.0.0\",\"message_id\":null,\"message_ts\":null,\"action\":null,\"sender_id\":null,"
                    + "\"sender_uri\":null,\"receiver_id\":null,\"total_count\":null,\"is_msg_encrypted\":false,"
                    + "\"meta\":null,\"status\":null,\"status_reason_code\":null,\"status_reason_message\":null,"
                    + "\"completed_count\":null}"));

    private final List<CanonicalJson> defaults;

    DigestProfile(List<String> defaults) {
        this.defaults = defaults.stream()
                .map(json -> CanonicalJson.read(json.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** The header as received first. */
    List<CanonicalJson> headers(CanonicalJson header) {
        Set<String> seen = new LinkedHashSet<>(Set.of(header.text()));
        List<CanonicalJson> variants = new ArrayList<>(List.of(header));
        for (CanonicalJson missing : defaults) {
            CanonicalJson variant = header.withMissing(missing);
            if (seen.add(variant.text())) {
                variants.add(variant);
            }
        }
        return variants;
    }
}
