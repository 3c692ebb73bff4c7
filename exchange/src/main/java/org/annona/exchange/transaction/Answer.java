package org.annona.exchange.transaction;

import java.util.List;
import org.annona.foundation.audit.AuditEvent;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is answered to one message, before it is put into an envelope.
 *
 * @param action as the header of the answer names it
 * @param rejection of the message as a whole, with a reason that a header may have
 * @param items how many were asked
 * @param rulesKey hash of what the partner might know; null where nothing of a person is told
 * @param audits what has to be kept of it in the audit trail
 */
public record Answer(
        String action,
        ObjectNode message,
        MessageStatus status,
        @Nullable Rejection rejection,
        int items,
        @Nullable Long rulesKey,
        List<AuditEvent> audits) {

    private static final int LONGEST_REASON = 900;

    public Answer {
        if (rejection != null && rejection.reason().of() != ReasonCode.Of.HEADER) {
            throw new IllegalArgumentException(rejection.reason() + " is no reason for a whole message");
        }
    }

    /** Rejected where all items are; for that there is a reason of its own (DCI reference R3.3). */
    public static Answer of(
            String action, ObjectNode message, MessageStatus status, int items, List<AuditEvent> audits) {
        Rejection all = status == MessageStatus.REJECTED
                ? new Rejection(ReasonCode.ERRORS_TOO_MANY, "no item could be answered" + firstReason(message))
                : null;
        return new Answer(action, message, status, all, items, null, audits);
    }

    /** Some read no further than the header. */
    private static String firstReason(ObjectNode message) {
        return message.valueStream()
                .filter(JsonNode::isArray)
                .flatMap(JsonNode::valueStream)
                .filter(item -> item.has("status_reason_code"))
                .findFirst()
                .map(item -> "; the first: " + item.path("status_reason_code").asString() + ", "
                        + item.path("status_reason_message").asString(""))
                .map(text -> text.substring(0, Math.min(text.length(), LONGEST_REASON)))
                .orElse("");
    }

    /** Bound to what the partner may know now. */
    public Answer under(long newRulesKey) {
        return new Answer(action, message, status, rejection, items, newRulesKey, audits);
    }
}
