package org.annona.payments;

/** Both sides of the whole ledger in one currency, in minor units; equal, or something is badly wrong. */
public record LedgerTotals(long debitsMinor, long creditsMinor) {}
