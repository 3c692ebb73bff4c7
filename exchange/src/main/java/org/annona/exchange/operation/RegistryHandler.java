package org.annona.exchange.operation;

import org.annona.exchange.ServedRegistry;

/**
 * An operation of the registries that we serve.
 *
 * @param <R> which registries have it
 */
public sealed interface RegistryHandler<R extends ServedRegistry> extends OperationHandler
        permits SyncHandler, DeferredHandler {

    /** Below the prefix of any other registry there is no such operation. */
    Class<R> registryType();
}
