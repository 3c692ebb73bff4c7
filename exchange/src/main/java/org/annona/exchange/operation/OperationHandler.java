package org.annona.exchange.operation;

import org.annona.exchange.partner.TokenScope;
import org.annona.interop.message.Operation;

/**
 * What is done with the messages of one operation. Each bean of this type is reached at the path of its operation; its messages
 * pass the same checks as all others (size, token, sender, scope, signature, encryption) before the handler sees them.
 */
public sealed interface OperationHandler permits RegistryHandler, ReplyHandler, RefusedOperation {

    Operation operation();

    /** What a token must be for. */
    TokenScope scope();

    /** The addresses at which it is reached, and how messages are written there. */
    default Dialect dialect() {
        return Dialect.DCI;
    }

    /** Whether its messages may also come as files of a form. */
    default boolean takesFiles() {
        return true;
    }
}
