package org.annona.simulators.bank;

/**
 * A payment in the bank's book.
 *
 * @param rejection code, or an empty text where it was booked
 */
record Payment(String reference, long amountMinor, String accountKey, String rejection, Mishap mishap) {

    boolean rejected() {
        return !rejection.isEmpty();
    }
}
