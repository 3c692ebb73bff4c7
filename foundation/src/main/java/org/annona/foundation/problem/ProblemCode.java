package org.annona.foundation.problem;

import java.util.Locale;
import java.util.Map;
import org.annona.foundation.text.Texts;

/**
 * One kind of refusal. Blocks list theirs in an enum; the same entries feed pages, API answers and the help page. Sentence and
 * remedy stand in the texts of the block, under {@code problem.<code>} and {@code problem.<code>.remedy}; their places are
 * filled by the arguments of a {@link Problem}, and neither may ever carry personal data.
 */
public interface ProblemCode {

    /** Of the enum. */
    String name();

    String block();

    Refusal refusal();

    /** Stable for ever, such as {@code registry.file_unreadable}. */
    default String code() {
        return block() + "." + name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status with which it is answered. */
    default int status() {
        return refusal().status();
    }

    /** Whether the same request may succeed later without any change. */
    default boolean retryable() {
        return refusal().retryable();
    }

    default String sentence(Locale language) {
        return Texts.of(block(), language).pattern("problem." + code());
    }

    default String remedy(Locale language) {
        return Texts.of(block(), language).pattern("problem." + code() + ".remedy");
    }

    default String sentence(Locale language, Map<String, ?> arguments) {
        return Texts.of(block(), language).say("problem." + code(), arguments);
    }

    default String remedy(Locale language, Map<String, ?> arguments) {
        return Texts.of(block(), language).say("problem." + code() + ".remedy", arguments);
    }
}
