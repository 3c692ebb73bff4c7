package org.annona.exchange.asking;

import org.annona.exchange.operation.ReplyHandler;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.TokenScope;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.Operation;
import tools.jackson.databind.JsonNode;

/** Acknowledges answers to an operation that we do not ask for; they have no effect. */
public record UnaskedReplyHandler(Operation operation, TokenScope scope) implements ReplyHandler {

    @Override
    public String receive(Partner sender, MessageHeader header, JsonNode message) {
        return UNASKED;
    }
}
