package org.annona.programs;

import java.util.Map;

/**
 * How the checks of one source stand.
 *
 * @param running whether a bulk check is under way
 * @param people by the result of their check
 */
public record DuplicationStatus(boolean running, Map<String, Long> people) {

    public long of(String result) {
        return people.getOrDefault(result, 0L);
    }
}
