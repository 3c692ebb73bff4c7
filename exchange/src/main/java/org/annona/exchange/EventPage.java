package org.annona.exchange;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Part of what happened in a registry, in the order in which it was committed.
 *
 * @param position from which to go on
 * @param more whether more is there at once
 */
public record EventPage(List<Event> events, String position, boolean more) {

    /** An event, and the position after it. */
    public record Positioned(Event event, String position) {}

    /**
     * @param rows of which there may be one more than wanted, to know whether there is more
     * @param from where reading began
     */
    public static EventPage of(List<Positioned> rows, int limit, String from) {
        boolean more = rows.size() > limit;
        List<Positioned> part = more ? rows.subList(0, limit) : rows;
        return new EventPage(
                part.stream().map(Positioned::event).toList(),
                part.isEmpty() ? from : part.getLast().position(),
                more);
    }

    /**
     * One event.
     *
     * @param name one of {@link ServedRegistry#events()}
     * @param reference the same whenever this event is told
     * @param records the key of the record that it concerns, by type of record
     */
    public record Event(String name, String reference, Instant at, Map<String, UUID> records) {}
}
