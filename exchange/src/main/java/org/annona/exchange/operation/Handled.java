package org.annona.exchange.operation;

/** What is sent back, and how it is written into the message log. */
public record Handled(byte[] body, int items, String outcome, String detail) {}
