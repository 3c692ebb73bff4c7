package org.annona.interop.signature;

import java.util.Map;
import org.annona.interop.json.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came, before anything of it is believed.
 *
 * @param body the parsed tree as received (DCI reference R12.9)
 * @param httpSignature the HTTP header {@code Signature}, where there is one
 */
public record ReceivedEnvelope(CanonicalJson body, @Nullable String httpSignature) {

    public static ReceivedEnvelope of(byte[] body) {
        return new ReceivedEnvelope(CanonicalJson.read(body), null);
    }

    String signature() {
        String inBody = body.member("signature").flatMap(CanonicalJson::asText).orElse("");
        boolean nothing = inBody.isBlank() || inBody.strip().startsWith(SignatureVerifier.UNSIGNED);
        return nothing && httpSignature != null && !httpSignature.isBlank() ? httpSignature : inBody;
    }

    /** A signature that is neither a text nor null is not an absent one. */
    boolean signatureIsReadable() {
        return body.member("signature")
                .map(value -> value.asText().isPresent() || value.text().equals("null"))
                .orElse(true);
    }

    String sender() {
        return header().member("sender_id").flatMap(CanonicalJson::asText).orElse("");
    }

    CanonicalJson header() {
        return body.member("header").orElseGet(() -> CanonicalJson.object(Map.of()));
    }

    CanonicalJson message() {
        return body.member("message").orElseGet(() -> CanonicalJson.object(Map.of()));
    }
}
