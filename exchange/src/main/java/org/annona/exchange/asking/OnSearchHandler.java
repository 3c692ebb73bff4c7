package org.annona.exchange.asking;

import org.annona.exchange.operation.ReplyHandler;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.TokenScope;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.Operation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Takes answers to our inquiries. */
public final class OnSearchHandler implements ReplyHandler {

    private final Inquiries inquiries;

    public OnSearchHandler(Inquiries inquiries) {
        this.inquiries = inquiries;
    }

    @Override
    public Operation operation() {
        return Operation.ON_SEARCH;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.ON_SEARCH;
    }

    @Override
    public String receive(Partner sender, MessageHeader header, JsonNode message) {
        return switch (inquiries.receive(sender, header.messageId(), verdict(header), message)) {
            case WANTED -> "";
            case LATE -> "it came after what was asked had ended";
            case UNASKED -> UNASKED;
        };
    }

    /** What a header says of the message as a whole. */
    private static ObjectNode verdict(MessageHeader header) {
        ObjectNode verdict = JsonMapper.shared().createObjectNode();
        if (header.status() != null) {
            verdict.put("status", header.status().code());
        }
        return verdict.put("status_reason_code", header.statusReasonCode())
                .put("status_reason_message", header.statusReasonMessage());
    }
}
