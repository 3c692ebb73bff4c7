package org.annona.exchange.operation;

import org.annona.exchange.ServedRegistry;
import org.annona.exchange.partner.Partner;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.message.Operation;
import tools.jackson.databind.JsonNode;

/**
 * A message to a registry that has passed all checks.
 *
 * @param content decrypted
 */
public record Message<R extends ServedRegistry>(
        Partner partner, R registry, Operation operation, MessageHeader header, JsonNode content) {

    @Override
    public String toString() {
        return "Message[" + operation + "]";
    }
}
