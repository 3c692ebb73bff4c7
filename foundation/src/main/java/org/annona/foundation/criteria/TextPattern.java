package org.annona.foundation.criteria;

import java.util.Arrays;

/** A pattern of SQL's {@code like}, read in memory; in time that grows with text times pattern and no faster. */
final class TextPattern {

    private static final int ANY_LETTERS = -1;
    private static final int ONE_LETTER = -2;

    private TextPattern() {}

    static boolean fits(String text, String pattern, boolean anyCase) {
        int[] letters = text.codePoints().map(letter -> folded(letter, anyCase)).toArray();
        int[] signs = signs(pattern, anyCase);
        int at = 0;
        int sign = 0;
        int lastAny = -1;
        int retry = 0;
        while (at < letters.length) {
            if (sign < signs.length && signs[sign] == ANY_LETTERS) {
                lastAny = sign++;
                retry = at;
            } else if (sign < signs.length && (signs[sign] == ONE_LETTER || signs[sign] == letters[at])) {
                sign++;
                at++;
            } else if (lastAny >= 0) {
                // The letters that the last % stands for are one more.
                sign = lastAny + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (sign < signs.length && signs[sign] == ANY_LETTERS) {
            sign++;
        }
        return sign == signs.length;
    }

    /** Letters, and what stands for letters. A backslash takes the one behind it as it is. */
    private static int[] signs(String pattern, boolean anyCase) {
        int[] letters = pattern.codePoints().toArray();
        int[] signs = new int[letters.length];
        int count = 0;
        for (int i = 0; i < letters.length; i++) {
            boolean taken = letters[i] == '\\' && i + 1 < letters.length;
            int letter = taken ? letters[++i] : letters[i];
            signs[count++] = taken
                    ? folded(letter, anyCase)
                    : switch (letter) {
                        case '%' -> ANY_LETTERS;
                        case '_' -> ONE_LETTER;
                        default -> folded(letter, anyCase);
                    };
        }
        return Arrays.copyOf(signs, count);
    }

    /** Letter by letter, as the database does. */
    private static int folded(int letter, boolean anyCase) {
        return anyCase ? Character.toLowerCase(letter) : letter;
    }
}
