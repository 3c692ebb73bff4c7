package org.annona.foundation.problem;

/**
 * One kind of refusal. Blocks list theirs in an enum; the same entries feed pages, API answers and the help page.
 *
 * <p>Sentence and remedy may hold {@code {name}} places, which the arguments of a {@link Problem} fill. Neither may ever
 * carry personal data.
 */
public interface ProblemCode {

    /** Stable for ever, such as {@code registry.file_unreadable}. */
    String code();

    /** The HTTP status with which it is answered. */
    int status();

    /** Whether the same request may succeed later without any change. */
    boolean retryable();

    String sentence();

    String remedy();
}
