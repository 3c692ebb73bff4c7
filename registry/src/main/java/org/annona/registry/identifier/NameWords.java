package org.annona.registry.identifier;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a name in the form in which they are compared: the differences that writers of a script themselves overlook
 * are levelled (case and accents in Latin, vowel signs and letter variants in Arabic, homophones in Ethiopic, nukta in
 * Devanagari). Words stay words: nothing is cut, translated or transliterated.
 */
public final class NameWords {

    private static final int LONGEST_WORD = 60;

    private NameWords() {}

    public static List<String> of(String name) {
        String decomposed = Normalizer.normalize(name, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        StringBuilder levelled = new StringBuilder(decomposed.length());
        decomposed.codePoints().forEach(point -> level(point, levelled));
        List<String> words = new ArrayList<>();
        for (String word : Normalizer.normalize(levelled, Normalizer.Form.NFC).split(" ", -1)) {
            if (!word.isEmpty()) {
                words.add(word.substring(0, Math.min(word.length(), LONGEST_WORD)));
            }
        }
        return words;
    }

    private static void level(int point, StringBuilder out) {
        if (isOverlookedMark(point) || point == 0x0640 || point == 0x200C || point == 0x200D) {
            return; // accents, Arabic vowel signs, tatweel, joiners
        }
        int type = Character.getType(point);
        boolean partOfWord = Character.isLetterOrDigit(point)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
        if (point == '\'' || point == 0x2019 || point == 0x02BC) {
            return; // O'Hara and OHara are one word
        }
        if (!partOfWord) {
            out.append(' ');
            return;
        }
        out.appendCodePoint(variantOf(point));
    }

    /** Combining marks of Latin, Greek and Cyrillic, the Arabic harakat, and the nukta. Indic vowel signs are letters. */
    private static boolean isOverlookedMark(int point) {
        return (point >= 0x0300 && point <= 0x036F)
                || (point >= 0x064B && point <= 0x065F)
                || point == 0x0670
                || point == 0x093C;
    }

    private static int variantOf(int point) {
        return switch (point) {
            case 0x0622, 0x0623, 0x0625, 0x0671 -> 0x0627; // alef with madda, hamza, wasla
            case 0x0649, 0x06CC -> 0x064A; // alef maksura, Farsi yeh -> yeh
            case 0x0629 -> 0x0647; // teh marbuta -> heh
            case 0x06A9 -> 0x0643; // keheh -> kaf
            case 0x0624 -> 0x0648; // waw with hamza
            case 0x0626 -> 0x064A; // yeh with hamza
            case 0x0901 -> 0x0902; // candrabindu -> anusvara
            default -> ethiopicHomophone(point);
        };
    }

    /**
     * Ethiopic series that sound alike are spelt at will: hha and xa as ha, sza as sa, pharyngeal a as a, tza as tsa; and
     * of ha and a the first order sounds like the fourth.
     */
    private static int ethiopicHomophone(int point) {
        int levelled = point;
        if (point >= 0x1210 && point <= 0x1216) {
            levelled = point - 0x1210 + 0x1200;
        } else if (point >= 0x1280 && point <= 0x1286) {
            levelled = point - 0x1280 + 0x1200;
        } else if (point >= 0x1220 && point <= 0x1226) {
            levelled = point - 0x1220 + 0x1230;
        } else if (point >= 0x12D0 && point <= 0x12D6) {
            levelled = point - 0x12D0 + 0x12A0;
        } else if (point >= 0x1340 && point <= 0x1346) {
            levelled = point - 0x1340 + 0x1338;
        }
        return levelled == 0x1200 || levelled == 0x12A0 ? levelled + 3 : levelled;
    }
}
