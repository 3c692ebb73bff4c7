package org.annona.programs;

import java.util.Optional;
import java.util.UUID;

/** The key under which payments know the order of a cycle. */
public final class OrderKey {

    private static final String PREFIX = "cycle/";

    private OrderKey() {}

    public static String of(UUID cycleId) {
        return PREFIX + cycleId;
    }

    /** @return empty where the order is not one of a cycle */
    public static Optional<UUID> cycleOf(String orderKey) {
        return orderKey.startsWith(PREFIX)
                ? Optional.of(UUID.fromString(orderKey.substring(PREFIX.length())))
                : Optional.empty();
    }
}
