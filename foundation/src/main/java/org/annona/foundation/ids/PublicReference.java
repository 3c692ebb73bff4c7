package org.annona.foundation.ids;

import java.util.Locale;
import java.util.Optional;
import org.apache.commons.validator.routines.checkdigit.CheckDigitException;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;

/**
 * References that people read aloud and type: a letter for the kind of thing, nine digits and a Verhoeff check digit,
 * written {@code P-482-907-153-4}. Consecutive numbers of a sequence give references that look unrelated, so that nobody
 * guesses a neighbour's.
 */
public final class PublicReference {

    private static final long SPACE = 900_000_000L;
    private static final long FIRST = 100_000_000L;
    /** Coprime to {@link #SPACE} (no factor 2, 3 or 5), so that the mapping is one to one. */
    private static final long STRIDE = 618_033_989L;

    private PublicReference() {}

    /** @param number of a sequence that starts at 1; at most 900 million per kind */
    public static String of(char kind, long number) {
        if (number < 1 || number > SPACE) {
            throw new IllegalArgumentException("the references of kind " + kind + " are used up");
        }
        String digits = Long.toString(FIRST + Math.floorMod(Math.multiplyExact(number, STRIDE), SPACE));
        try {
            String check = VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT.calculate(digits);
            return kind + "-" + digits.substring(0, 3) + "-" + digits.substring(3, 6) + "-" + digits.substring(6) + "-"
                    + check;
        } catch (CheckDigitException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The reference in its usual spelling, if the text is one, however it was spaced; empty when a digit is wrong. */
    public static Optional<String> read(char kind, String text) {
        String compact = text.toUpperCase(Locale.ROOT).replaceAll("[\\s.-]", "");
        if (!compact.matches(kind + "\\d{10}")
                || !VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT.isValid(compact.substring(1))) {
            return Optional.empty();
        }
        return Optional.of(kind + "-" + compact.substring(1, 4) + "-" + compact.substring(4, 7) + "-"
                + compact.substring(7, 10) + "-" + compact.substring(10));
    }
}
