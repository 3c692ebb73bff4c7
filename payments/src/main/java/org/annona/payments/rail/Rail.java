package org.annona.payments.rail;

import java.util.List;

/**
 * A way to pay. A rail never decides what a lost answer means; it tells what it knows, and the engine acts on that
 * (payments reference, 4.1). Rails used so far can be asked by our reference and check repetitions of it.
 */
public interface Rail {

    /** Short and stable, for the names of ledger accounts. */
    String name();

    /** The bytes of a message; the same order always gives the same bytes. */
    byte[] message(PaymentMessage message);

    /** Sends a message. Called once per permission to send; never repeats by itself. */
    Answer submit(String messageId, byte[] message);

    /** Asks what became of a message. */
    Answer ask(String messageId);

    /** The statements after this number, oldest first; throws a retryable problem where the bank does not answer. */
    List<byte[]> statementsAfter(long sequence);
}
