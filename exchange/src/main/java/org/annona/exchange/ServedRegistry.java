package org.annona.exchange;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.interop.query.Query;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.record.RegistryKind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A registry of this installation that partners may ask. */
public interface ServedRegistry {

    /** In its address {@code /dci/{prefix}}. */
    String prefix();

    /** For people, such as {@code Social registry}. */
    String title();

    RegistryKind kind();

    /** All that can be told at all, by the names of a {@link Disclosure}, such as {@code birth_date}. */
    List<String> attributes();

    /**
     * Which kind of record an item wants.
     *
     * @param recordType without prefix, in any case; null where the item leaves it to the registry
     * @param responseEntity {@code Member} or {@code Group}, or null
     * @return empty where there is none of that kind here
     */
    Optional<String> recordType(@Nullable String recordType, @Nullable String responseEntity);

    /** What may be asked of records of that kind by a partner who may know that much. */
    Vocabulary vocabulary(String recordType, Disclosure disclosure);

    /**
     * Answers all questions with a handful of statements, however many they are.
     *
     * @return one reply for each question, in their order
     * @throws RuntimeException where it cannot be known now; never an empty answer instead
     */
    List<Reply> answer(List<Question> questions, Disclosure disclosure);

    /**
     * The event that a partner means.
     *
     * @param name without prefix, in any of the spellings that are seen
     * @return as the standard spells it; empty where that is not told here
     */
    Optional<String> event(String name);

    /** Says that a partner wants to be told of that event from now on; one that no partner ever wanted need not be kept. */
    void listen(String event);

    /** @param after an empty text for now, then the position of the part before */
    EventPage happened(String after, int limit);

    /**
     * Those of the records that fulfil the filter now, as the reader may know them.
     *
     * @param filter null for all of them
     */
    Map<UUID, ObjectNode> records(String recordType, @Nullable Query filter, Set<UUID> keys, Disclosure disclosure);

    /** This registry as one that also answers GraphQL; empty where it does not. */
    default Optional<GraphqlRegistry> asGraphql() {
        return Optional.empty();
    }
}
