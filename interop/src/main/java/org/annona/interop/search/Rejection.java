package org.annona.interop.search;

import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.ReasonCode;
import tools.jackson.databind.node.ObjectNode;

/** Why one item, or a message that was understood, is not answered. The text is fit for the partner. */
public record Rejection(ReasonCode reason, String text) {

    private static final int LONGEST_TEXT = 999;

    /** As the three status fields of an item. */
    public void writeTo(ObjectNode item) {
        item.put("status", MessageStatus.REJECTED.code())
                .put("status_reason_code", reason.code())
                .put("status_reason_message", text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
    }
}
