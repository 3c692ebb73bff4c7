package org.annona.simulators.bank;

/**
 * One payment that a customer asked for.
 *
 * @param reference the customer's end-to-end id
 */
record Instruction(String reference, long amountMinor, String provider, String account) {}
