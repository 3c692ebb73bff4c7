package org.annona.payments;

import java.util.UUID;

/**
 * One payment of an order. The digest of an order is the {@code RowDigest} over key, beneficiary, amount and currency of its
 * lines, in the byte order of their keys.
 */
public record PaymentLine(String key, UUID beneficiary, long amountMinor) {}
