package org.annona.tokens;

import java.util.Map;
import java.util.UUID;

/**
 * How a connector stands.
 *
 * @param running whether a run is under way
 * @param people by their state
 */
public record ConnectorStatus(
        UUID id, String name, String state, String reason, int run, boolean running, Map<String, Long> people) {

    public long of(String state) {
        return people.getOrDefault(state, 0L);
    }
}
