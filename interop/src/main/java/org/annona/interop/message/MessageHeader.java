package org.annona.interop.message;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.annona.interop.signature.DigestProfile;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The header of every message: that of a request ({@code MsgHeader}) and that of a callback ({@code MsgCallbackHeader}) in
 * one, because partners send either on callbacks (DCI reference R3.1, R3.2).
 *
 * @param senderUri where a request wants its callback, whole
 * @param totalCount of items; null where it is not stated
 * @param status of a callback
 * @param completedCount of items that are finished, also those that were rejected for what they asked
 * @param meta without personal data
 */
public record MessageHeader(
        String messageId,
        Instant messageTs,
        String action,
        String senderId,
        @Nullable String senderUri,
        @Nullable String receiverId,
        @Nullable Long totalCount,
        boolean encrypted,
        @Nullable MessageStatus status,
        @Nullable String statusReasonCode,
        @Nullable String statusReasonMessage,
        @Nullable Long completedCount,
        @Nullable ObjectNode meta) {

    public static final String VERSION = "1.0.0";
    private static final int LONGEST_TEXT = 999;

    /** @throws Refusal where a field is missing or wrong, in the order in which DCI reference R2.6 looks at them */
    static MessageHeader read(JsonNode json, Operation operation) {
        if (!json.isObject()) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "header is missing or no object");
        }
        boolean callback = operation.kind() == Operation.Kind.CALLBACK;
        Fields fields = new Fields(json, "header");
        String messageId = fields.required("message_id");
        Instant messageTs = ProtocolTime.read(fields.required("message_ts"))
                .orElseThrow(() ->
                        Refusal.of(ReasonCode.MESSAGE_TS_INVALID, "message_ts has to be a date-time with an offset"));
        String action = fields.required("action");
        String senderId = callback ? fields.text("sender_id").orElse("") : fields.required("sender_id");
        Long totalCount = fields.count("total_count");
        if (totalCount == null && !callback) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "header.total_count is missing");
        }
        MessageHeader header = new MessageHeader(
                messageId,
                messageTs,
                action,
                senderId,
                fields.nonBlank("sender_uri").orElse(null),
                fields.text("receiver_id").orElse(null),
                totalCount,
                fields.flag("is_msg_encrypted"),
                status(fields),
                fields.text("status_reason_code").orElse(null),
                fields.limited("status_reason_message", LONGEST_TEXT),
                fields.count("completed_count"),
                fields.object("meta"));
        if (!fields.text("version").orElse(VERSION).equals(VERSION)) {
            throw Refusal.of(ErrorCode.VERSION_NOT_SUPPORTED, "version has to be " + VERSION);
        }
        if (!operation.isNamed(action)) {
            throw Refusal.of(ReasonCode.ACTION_INVALID, "action has to be " + operation.action() + " at this path");
        }
        return header;
    }

    private static @Nullable MessageStatus status(Fields fields) {
        Optional<String> status = fields.text("status");
        return status.isEmpty()
                ? null
                : MessageStatus.of(status.get())
                        .orElseThrow(() ->
                                Refusal.of(ErrorCode.BAD_REQUEST, "header.status has to be rcvd, pdng, succ or rjct"));
    }

    /** The header of a request of ours, with exactly the fields that the partner puts into its digest. */
    public ObjectNode asRequest(DigestProfile profile) {
        return profile.ofRequest(asRequest());
    }

    /** The header of a callback of ours, with exactly the fields that the partner puts into its digest. */
    public ObjectNode asCallback(DigestProfile profile) {
        return profile.ofCallback(asCallback());
    }

    /** The header of a request of ours, complete (DCI reference R16.6). */
    public ObjectNode asRequest() {
        ObjectNode json = common();
        json.put("sender_id", senderId);
        if (senderUri != null) {
            json.put("sender_uri", senderUri);
        }
        if (receiverId != null) {
            json.put("receiver_id", receiverId);
        }
        json.put("total_count", Objects.requireNonNull(totalCount, "a request says how many items it has"));
        json.put("is_msg_encrypted", encrypted);
        json.set("meta", meta == null ? JsonMapper.shared().createObjectNode() : meta);
        return json;
    }

    /** The header of a callback or a synchronous answer of ours, with everything that a reader may look for. */
    public ObjectNode asCallback() {
        ObjectNode json = common();
        json.put(
                "status",
                Objects.requireNonNull(status, "a callback has a status").code());
        if (statusReasonCode != null) {
            json.put("status_reason_code", statusReasonCode);
        }
        if (statusReasonMessage != null) {
            json.put("status_reason_message", statusReasonMessage);
        }
        if (totalCount != null) {
            json.put("total_count", totalCount);
        }
        if (completedCount != null) {
            json.put("completed_count", completedCount);
        }
        json.put("sender_id", senderId);
        if (receiverId != null) {
            json.put("receiver_id", receiverId);
        }
        json.put("is_msg_encrypted", encrypted);
        return json;
    }

    private ObjectNode common() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("version", VERSION)
                .put("message_id", messageId)
                .put("message_ts", ProtocolTime.write(messageTs))
                .put("action", action);
    }
}
