package org.annona.exchange.operation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All handlers, by the paths of their operations. */
public final class OperationHandlers {

    private record Address(Dialect dialect, String path) {}

    private final Map<Address, OperationHandler> byAddress = new HashMap<>();
    private final Map<String, DeferredHandler<?>> deferred = new HashMap<>();

    /** @throws IllegalArgumentException where two handle one operation */
    public OperationHandlers(List<OperationHandler> handlers) {
        for (OperationHandler handler : handlers) {
            Address address = new Address(handler.dialect(), handler.operation().path());
            refuseSecond(byAddress.put(address, handler), handler);
            if (handler instanceof DeferredHandler<?> later) {
                // Messages that wait for their answer are stored with the action of their operation.
                refuseSecond(deferred.put(handler.operation().action(), later), handler);
            }
        }
    }

    private static void refuseSecond(OperationHandler first, OperationHandler second) {
        if (first != null) {
            throw new IllegalArgumentException("two handlers for " + second.operation() + ": "
                    + first.getClass().getName() + " and " + second.getClass().getName());
        }
    }

    /** @param path below the prefix of a registry */
    public Optional<OperationHandler> at(Dialect dialect, String path) {
        return Optional.ofNullable(byAddress.get(new Address(dialect, path)));
    }

    /** The one that answers messages of that action which were acknowledged. */
    public Optional<DeferredHandler<?>> deferred(String action) {
        return Optional.ofNullable(deferred.get(action));
    }
}
