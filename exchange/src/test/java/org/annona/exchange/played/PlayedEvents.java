package org.annona.exchange.played;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.Happened;

/** What happens in one registry. What nobody wants to be told of is not kept. */
final class PlayedEvents {

    private final String prefix;
    private final Set<String> wanted = new HashSet<>();
    private final List<Happened.Event> events = new ArrayList<>();

    PlayedEvents(String prefix) {
        this.prefix = prefix;
    }

    synchronized void listen(String event) {
        wanted.add(event);
    }

    synchronized void happens(String event, Map<String, UUID> records) {
        if (wanted.contains(event)) {
            events.add(new Happened.Event(event, prefix + "-" + (events.size() + 1), Instant.now(), records));
        }
    }

    synchronized Happened happened(String after, int limit) {
        int from = after.isEmpty() ? events.size() : Integer.parseInt(after);
        List<Happened.Positioned> rows = new ArrayList<>();
        for (int i = from; i < events.size() && rows.size() <= limit; i++) {
            rows.add(new Happened.Positioned(events.get(i), Integer.toString(i + 1)));
        }
        return Happened.of(rows, limit, Integer.toString(from));
    }
}
