package org.annona.payments.dispatch;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * Our reference of one attempt, as it travels through banks: 15 random-looking characters of Crockford's base 32 and a check
 * character (payments reference, 4.9). Fits into 16 upper-case characters, the smallest field of any rail, and survives
 * being put into lower case, trimmed or misread (O for 0, I and L for 1).
 */
public final class RailReference {

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int RANDOM_CHARACTERS = 15;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RailReference() {}

    public static String next() {
        byte[] random = new byte[RANDOM_CHARACTERS];
        RANDOM.nextBytes(random);
        return of(random);
    }

    /** @param bytes of which each gives a character; 15 or more, as good as random */
    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder(RANDOM_CHARACTERS + 1);
        for (int i = 0; i < RANDOM_CHARACTERS; i++) {
            text.append(ALPHABET.charAt(bytes[i] & 31));
        }
        return text.append(check(text)).toString();
    }

    /** The reference that was meant, or empty where it was mangled beyond doubt. */
    public static Optional<String> read(String text) {
        String plain = text.strip()
                .toUpperCase(Locale.ROOT)
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1')
                .replaceAll("[\\s-]", "");
        boolean known = plain.length() == RANDOM_CHARACTERS + 1
                && plain.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)
                && plain.charAt(RANDOM_CHARACTERS) == check(plain.substring(0, RANDOM_CHARACTERS));
        return known ? Optional.of(plain) : Optional.empty();
    }

    /**
     * A polynomial over the field of 32 elements: every single wrong character and every swap of two different neighbours
     * gives another check character.
     */
    private static char check(CharSequence text) {
        int sum = 0;
        for (int i = 0; i < text.length(); i++) {
            sum = timesTwo(sum) ^ ALPHABET.indexOf(text.charAt(i));
        }
        return ALPHABET.charAt(timesTwo(sum));
    }

    /** Multiplication by x modulo x^5 + x^2 + 1. */
    private static int timesTwo(int element) {
        int shifted = element << 1;
        return (shifted & 32) == 0 ? shifted : shifted ^ 0b100101;
    }
}
