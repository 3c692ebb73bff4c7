package org.annona.payments;

/** Payments of an envelope in one state, with their amounts in minor units. */
public record EnvelopeTotals(String state, long payments, long amountMinor, long settledMinor, long returnedMinor) {}
