package org.annona.registry.person;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryProblem;

/** Why somebody wants to see a person in clear: an occasion, and words that say something about it. */
record RevealReason(Occasion occasion, String text) {

    private static final int LEAST_LETTERS = 8;
    private static final int LEAST_DIFFERENT_LETTERS = 5;
    private static final int LEAST_WORDS = 2;
    private static final int LONGEST = 300;
    /** They put no space between words. */
    private static final Set<UnicodeScript> WITHOUT_SPACES = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN);

    enum Occasion {
        CORRECTION("data are corrected"),
        OWN_QUESTION("the person asks about her own data"),
        IDENTITY("the identity is checked"),
        PAYMENT("a payment went wrong"),
        DUPLICATE("perhaps entered twice"),
        COMPLAINT("complaint or appeal"),
        OTHER("something else");

        private final String words;

        Occasion(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Code to words, in the order of this list. */
        static Map<String, String> all() {
            Map<String, String> all = new LinkedHashMap<>();
            Arrays.stream(values()).forEach(one -> all.put(one.code(), one.words()));
            return all;
        }
    }

    static RevealReason read(String occasion, String text) {
        Occasion chosen = Arrays.stream(Occasion.values())
                .filter(one -> one.code().equals(occasion))
                .findFirst()
                .orElseThrow(() -> unfit("no occasion is chosen"));
        String said = text.strip();
        int[] letters = said.codePoints()
                .filter(Character::isLetter)
                .map(Character::toLowerCase)
                .toArray();
        boolean spaced = Arrays.stream(letters).noneMatch(letter -> WITHOUT_SPACES.contains(UnicodeScript.of(letter)));
        long words = Arrays.stream(said.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}\\p{N}]+"))
                .filter(word -> word.codePoints().filter(Character::isLetter).count() > 1)
                .distinct()
                .count();
        if (letters.length < (spaced ? LEAST_LETTERS : LEAST_LETTERS / 2)) {
            throw unfit("it has fewer than " + LEAST_LETTERS + " letters");
        }
        if (spaced && words < LEAST_WORDS) {
            throw unfit("it has fewer than " + LEAST_WORDS + " words");
        }
        if (Arrays.stream(letters).distinct().count() < (spaced ? LEAST_DIFFERENT_LETTERS : LEAST_LETTERS / 2)) {
            throw unfit("it repeats the same few letters");
        }
        return new RevealReason(chosen, said.substring(0, Math.min(LONGEST, said.length())));
    }

    private static Problem unfit(String fault) {
        return Problem.of(RegistryProblem.REASON_UNFIT, "fault", fault);
    }
}
