package org.annona.interop.signature;

/** What is known of who wrote a message. Only {@link Signed} says who did; {@link Missing} and {@link Invalid} refuse it. */
public sealed interface Verdict {

    /** @param keyId of the sender's key that verified it */
    record Signed(String keyId) implements Verdict {}

    /** There is no signature, and the partner may leave it out. */
    record Unsigned() implements Verdict {}

    /** There is none although there must be one: {@code err.signature.missing}. */
    record Missing() implements Verdict {}

    /** @param reason a sentence for the partner, without anything of the message: {@code err.signature.invalid} */
    record Invalid(String reason) implements Verdict {}

    /** The sender's keys could not be had: neither right nor wrong, to be tried again: {@code err.service.unavailable}. */
    record Undecided(String reason) implements Verdict {}
}
