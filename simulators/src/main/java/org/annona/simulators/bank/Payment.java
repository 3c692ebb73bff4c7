package org.annona.simulators.bank;

/**
 * A payment in the bank's book.
 *
 * @param rejection code, or an empty text where it was booked
 * @param times how often it was booked: more than once only where the bank was told to make that mistake
 */
record Payment(String reference, long amountMinor, String accountKey, String rejection, int times) {

    boolean rejected() {
        return !rejection.isEmpty();
    }
}
