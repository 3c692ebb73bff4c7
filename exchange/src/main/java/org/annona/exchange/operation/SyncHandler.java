package org.annona.exchange.operation;

import org.annona.exchange.ServedRegistry;
import org.annona.interop.message.Refusal;

/** An operation that is answered in the response. */
public non-sealed interface SyncHandler<R extends ServedRegistry> extends RegistryHandler<R> {

    /** @throws Refusal where the message has no effect */
    Handled handle(Message<R> message);
}
