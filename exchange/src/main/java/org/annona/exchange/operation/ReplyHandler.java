package org.annona.exchange.operation;

import org.annona.exchange.partner.Partner;
import org.annona.interop.message.MessageHeader;
import tools.jackson.databind.JsonNode;

/**
 * An operation by which a partner answers what we asked. It comes below the prefix under which we asked, also where we serve no
 * such registry, and is acknowledged.
 */
public non-sealed interface ReplyHandler extends OperationHandler {

    /** What the log says of an answer to nothing. */
    String UNASKED = "nothing was asked for under these ids";

    /** @return a remark for the message log; empty where the answer was awaited */
    String receive(Partner sender, MessageHeader header, JsonNode message);
}
