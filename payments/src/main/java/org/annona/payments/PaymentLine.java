package org.annona.payments;

import java.util.UUID;

/**
 * One payment of an order. The digest of an order is the {@code RowDigest} over key, beneficiary, amount, currency and account version
 * of its lines, in the byte order of their keys.
 *
 * @param accountVersion of the account that was approved with the list, as the address book counts; 0 where none was known
 */
public record PaymentLine(String key, UUID beneficiary, long amountMinor, int accountVersion) {}
