package org.annona.payments;

/** @param settledMinor what the bank debited for payments of all envelopes; @param returnedMinor what of it came back */
public record SettledTotals(long envelopes, long settledMinor, long returnedMinor) {}
