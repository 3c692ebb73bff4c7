package org.annona.interop.matching;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.ProtocolTime;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the installation that is asked says to one step of an exchange. */
public sealed interface MatchingAnswer {

    String MEMBER = "matching_response";

    /**
     * @param ready whether the list is complete; before that nobody can be found out about
     * @param entries how many marks the list has
     * @param types of identifiers that it lists; of others it says nothing
     * @param programmes codes to which the list refers by their places; none before it is complete
     * @param begun when the list was begun: it tells how it was then
     * @param until when it ends; an exchange is not prolonged
     */
    record Opened(
            UUID exchange,
            boolean ready,
            long entries,
            List<String> types,
            List<String> programmes,
            Instant begun,
            Instant until)
            implements MatchingAnswer {
        public Opened {
            types = List.copyOf(types);
            programmes = List.copyOf(programmes);
        }
    }

    /** @param entries in the order of their marks @param more whether others follow */
    record Listed(List<Entry> entries, boolean more) implements MatchingAnswer {
        public Listed {
            entries = List.copyOf(entries);
        }
    }

    /** @param points what became of those that were sent, in their order */
    record Raised(List<byte[]> points) implements MatchingAnswer {
        public Raised {
            points = List.copyOf(points);
        }
    }

    /** @param covered what is told of the enrolment, as {@link Tags#cover} hides it */
    record Entry(byte[] mark, int covered) {}

    int MOST_PROGRAMMES = 1 << 15;
    int ENTRY_BYTES = Tags.BYTES + 2;
    int LONGEST_WORD = 200;

    /**
     * What is told of an enrolment.
     *
     * @param programme its place among the programmes of the exchange
     * @param active or suspended; what has ended is not told
     */
    static int told(int programme, boolean active) {
        if (programme < 0 || programme >= MOST_PROGRAMMES) {
            throw new IllegalArgumentException("there are at most " + MOST_PROGRAMMES + " programmes");
        }
        return programme << 1 | (active ? 1 : 0);
    }

    static int programmeOf(int told) {
        return told >> 1;
    }

    static boolean isActive(int told) {
        return (told & 1) == 1;
    }

    default ObjectNode asMessage(String transactionId, String correlationId) {
        ObjectNode message = JsonMapper.shared()
                .createObjectNode()
                .put("transaction_id", transactionId)
                .put("correlation_id", correlationId);
        ObjectNode json = message.putObject(MEMBER);
        json.put("status", MessageStatus.SUCCEEDED.code());
        switch (this) {
            case Opened opened -> {
                json.put("exchange", opened.exchange().toString())
                        .put("ready", opened.ready())
                        .put("entries", opened.entries())
                        .put("begun", ProtocolTime.write(opened.begun()))
                        .put("until", ProtocolTime.write(opened.until()));
                opened.types().forEach(json.putArray("types")::add);
                opened.programmes().forEach(json.putArray("programmes")::add);
            }
            case Listed(List<Entry> entries, boolean more) -> {
                ByteBuffer packed = ByteBuffer.allocate(entries.size() * ENTRY_BYTES);
                entries.forEach(entry -> packed.put(entry.mark()).putShort((short) entry.covered()));
                json.put("entries", Base64.getEncoder().encodeToString(packed.array()))
                        .put("more", more);
            }
            case Raised(List<byte[]> points) -> {
                var all = json.putArray("points");
                points.forEach(point -> all.add(Base64.getEncoder().encodeToString(point)));
            }
        }
        return message;
    }

    /** @return empty where it is no such answer */
    static Optional<MatchingAnswer> read(JsonNode message) {
        JsonNode json = message.path(MEMBER);
        try {
            if (MessageStatus.of(json.path("status").asString(""))
                    .filter(MessageStatus.SUCCEEDED::equals)
                    .isEmpty()) {
                return Optional.empty();
            }
            if (json.has("ready")) {
                return opened(json);
            }
            return json.has("more") ? listed(json) : raised(json.path("points"));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<MatchingAnswer> opened(JsonNode json) {
        Optional<Instant> begun = ProtocolTime.read(json.path("begun").asString(""));
        Optional<Instant> until = ProtocolTime.read(json.path("until").asString(""));
        JsonNode entries = json.path("entries");
        Optional<List<String>> types = words(json.path("types"));
        Optional<List<String>> programmes = words(json.path("programmes"));
        if (begun.isEmpty()
                || until.isEmpty()
                || types.isEmpty()
                || programmes.isEmpty()
                || !json.path("ready").isBoolean()
                || !entries.isIntegralNumber()
                || !entries.canConvertToLong()
                || entries.longValue() < 0) {
            return Optional.empty();
        }
        return Optional.of(new Opened(
                UUID.fromString(json.path("exchange").asString("")),
                json.path("ready").booleanValue(),
                entries.longValue(),
                types.get(),
                programmes.get(),
                begun.get(),
                until.get()));
    }

    private static Optional<List<String>> words(JsonNode json) {
        List<String> words = new ArrayList<>();
        if (!json.isArray() || json.size() > MOST_PROGRAMMES) {
            return Optional.empty();
        }
        for (JsonNode word : json) {
            String text = word.asString("");
            if (text.isEmpty() || text.length() > LONGEST_WORD || text.chars().anyMatch(Character::isISOControl)) {
                return Optional.empty();
            }
            words.add(text);
        }
        return Optional.of(words);
    }

    private static Optional<MatchingAnswer> listed(JsonNode json) {
        byte[] packed = Base64.getDecoder().decode(json.path("entries").asString(""));
        if (packed.length % ENTRY_BYTES != 0 || !json.path("more").isBoolean()) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(packed);
        List<Entry> entries = new ArrayList<>(packed.length / ENTRY_BYTES);
        while (buffer.hasRemaining()) {
            byte[] mark = new byte[Tags.BYTES];
            buffer.get(mark);
            entries.add(new Entry(mark, buffer.getShort() & 0xFFFF));
        }
        return Optional.of(new Listed(entries, json.path("more").booleanValue()));
    }

    private static Optional<MatchingAnswer> raised(JsonNode json) {
        if (!json.isArray()) {
            return Optional.empty();
        }
        List<byte[]> points = new ArrayList<>(json.size());
        json.forEach(point -> points.add(Base64.getDecoder().decode(point.asString(""))));
        return Optional.of(new Raised(points));
    }
}
