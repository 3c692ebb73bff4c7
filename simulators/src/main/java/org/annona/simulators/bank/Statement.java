package org.annona.simulators.bank;

import java.time.LocalDate;
import java.util.List;

/**
 * A closed part of a day; a day with many movements has several.
 *
 * @param inPages whether it is given in two pages
 * @param givenFrom the day from which on the bank gives it
 */
record Statement(
        long number,
        LocalDate day,
        long openingMinor,
        long closingMinor,
        List<Entry> entries,
        boolean inPages,
        LocalDate givenFrom) {

    /** The same movements between other balances, as after a mistake of the bank. */
    Statement shifted() {
        return new Statement(number, day, openingMinor + 1, closingMinor + 1, entries, inPages, givenFrom);
    }
}
