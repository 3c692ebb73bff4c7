package org.annona.exchange.played;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.EventPage;

/** What happens in one registry. What nobody wants to be told of is not kept. */
final class PlayedEvents {

    private final String prefix;
    private final Set<String> wanted = new HashSet<>();
    private final List<EventPage.Event> events = new ArrayList<>();

    PlayedEvents(String prefix) {
        this.prefix = prefix;
    }

    synchronized void listen(String event) {
        wanted.add(event);
    }

    synchronized void happens(String event, Map<String, UUID> records) {
        if (wanted.contains(event)) {
            events.add(new EventPage.Event(event, prefix + "-" + (events.size() + 1), Instant.now(), records));
        }
    }

    synchronized EventPage happened(String after, int limit) {
        int from = after.isEmpty() ? events.size() : Integer.parseInt(after);
        List<EventPage.Positioned> rows = new ArrayList<>();
        for (int i = from; i < events.size() && rows.size() <= limit; i++) {
            rows.add(new EventPage.Positioned(events.get(i), Integer.toString(i + 1)));
        }
        return EventPage.of(rows, limit, Integer.toString(from));
    }
}
