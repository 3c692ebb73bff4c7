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
 * @param message as it came, perhaps encrypted
 * @param received the same as it came, for its signature
 */
public record Envelope(MessageHeader header, JsonNode message, ReceivedEnvelope received) {

    private static final int BAD_REQUEST = 400;

    /**
     * @param httpSignature the HTTP header {@code Signature}, where there is one
     * @throws Refusal where it is no message of that operation
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
        MessageHeader header = MessageHeader.read(json.path("header"), operation);
        JsonNode message = json.path("message");
        if (message.isMissingNode() || message.isNull()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message is missing");
        }
        if (header.encrypted() != MessageEncryption.isEncrypted(message)) {
            throw Refusal.of(
                    ErrorCode.ENCRYPTION_INVALID, "header.is_msg_encrypted and the message do not say the same");
        }
        if (!header.encrypted() && !message.isObject()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "message is no object");
        }
        return new Envelope(header, message, new ReceivedEnvelope(canonical, httpSignature));
    }
}
