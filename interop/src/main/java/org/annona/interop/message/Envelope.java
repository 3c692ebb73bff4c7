package org.annona.interop.message;

import org.annona.interop.encryption.MessageEncryption;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.signature.ReceivedEnvelope;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A message whose header was understood. Nothing in it is to be believed before its signature is verified.
 *
 * @param message as it came, perhaps encrypted or missing: see {@link #requireMessage()}
 * @param received the same as it came, for its signature
 */
public record Envelope(MessageHeader header, JsonNode message, ReceivedEnvelope received) {

    private static final int BAD_REQUEST = 400;

    /**
     * @param httpSignature the HTTP header {@code Signature}, where there is one
     * @throws Refusal where its header is none of that operation
     */
    public static Envelope read(byte[] body, @Nullable String httpSignature, Operation operation) {
        JsonNode json;
        CanonicalJson canonical;
        try {
            json = StrictJson.read(body);
            canonical = CanonicalJson.read(body);
        } catch (UnreadableJson unreadable) {
            throw Refusal.http(
                    BAD_REQUEST, ErrorCode.BAD_REQUEST, "the body cannot be read: " + unreadable.getMessage());
        }
        if (!json.isObject()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "the body is no object");
        }
        return new Envelope(
                MessageHeader.read(json.path("header"), operation),
                json.path("message"),
                new ReceivedEnvelope(canonical, httpSignature));
    }

    /**
     * Looks at the message itself, once its sender is known and verified; whoever is not has no right to hear what is wrong
     * with it (DCI reference R2.6).
     *
     * @throws Refusal where it is missing, or encrypted against what the header says
     */
    public void requireMessage() {
        if (message.isMissingNode() || message.isNull()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message is missing");
        }
        boolean encrypted = MessageEncryption.isEncrypted(message);
        if (!encrypted && !message.isObject()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message is no object");
        }
        if (header.encrypted() != encrypted) {
            throw Refusal.of(
                    ErrorCode.ENCRYPTION_INVALID, "header.is_msg_encrypted and the message do not say the same");
        }
    }
}
