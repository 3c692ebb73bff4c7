package org.annona.simulators.bank;

import java.time.LocalDate;

/**
 * A movement on the customer's account.
 *
 * @param returnReason code where money comes back, or an empty text
 */
record Entry(long number, LocalDate day, boolean credit, long amountMinor, String reference, String returnReason) {}
