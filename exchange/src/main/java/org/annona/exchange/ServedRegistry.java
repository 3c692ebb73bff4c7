package org.annona.exchange;

import java.util.List;
import java.util.Optional;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.record.RegistryKind;
import org.jspecify.annotations.Nullable;

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

    /** What may be asked of records of that kind by somebody who may know that much. */
    Vocabulary vocabulary(String recordType, Disclosure disclosure);

    /**
     * Answers all questions with a handful of statements, however many they are.
     *
     * @return one reply for each question, in their order
     * @throws RuntimeException where it cannot be known now; never an empty answer instead
     */
    List<Reply> answer(List<Question> questions, Disclosure disclosure);
}
