package org.annona.server;

/** The command cannot be done; the message is for the person at the terminal, with the remedy. */
public final class Refusal extends RuntimeException {

    public Refusal(String sentence) {
        super(sentence);
    }
}
