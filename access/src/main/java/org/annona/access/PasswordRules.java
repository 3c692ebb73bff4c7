package org.annona.access;

import com.nulabinc.zxcvbn.Zxcvbn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a password must not be. Length counts more than mixed characters (NIST SP 800-63B, section 3.1.1). How many guesses it
 * takes is estimated by zxcvbn, which knows 30,000 leaked passwords, frequent words and names, walks over keyboards,
 * repetitions, sequences and dates, and all of these one after the other.
 */
final class PasswordRules {

    private static final int SHORTEST = 12;
    private static final int LONGEST = 200;
    /** A longer beginning takes long to look at, and has enough to say. */
    private static final int LOOKED_AT = 64;
    /** As a power of ten; where zxcvbn has its highest mark, for what resists a stolen table of slow hashes. */
    private static final double FEWEST_GUESSES = 10;

    private static final int LEAST_REST = 6;
    /** Users who change a password often take these, with something short behind. */
    private static final Pattern CALENDAR =
            Pattern.compile("spring|summer|autumn|fall|winter|january|february|march|april"
                    + "|may|june|july|august|september|october|november|december|(19|20)\\d\\d|[^\\p{L}\\p{N}]");

    private static final Zxcvbn ESTIMATE = new Zxcvbn();

    private PasswordRules() {}

    /** Why it is refused, or empty where it is fine. */
    static Optional<String> fault(String userName, String displayName, String password) {
        String lower = password.toLowerCase(Locale.ROOT);
        if (password.length() < SHORTEST) {
            return Optional.of("it has fewer than " + SHORTEST + " characters");
        }
        if (password.length() > LONGEST) {
            return Optional.of("it has more than " + LONGEST + " characters");
        }
        if (lower.contains(userName)) {
            return Optional.of("it contains the user name");
        }
        if (password.chars().distinct().count() < 5) {
            return Optional.of("it repeats the same few characters");
        }
        List<String> known = known(userName, displayName);
        String rest = lower;
        for (String word : known) {
            rest = rest.replace(word, "");
        }
        if (CALENDAR.matcher(rest).replaceAll("").length() < LEAST_REST) {
            return Optional.of("it is hardly more than a name, or a season or month and a year");
        }
        double guesses = ESTIMATE.measure(password.substring(0, Math.min(LOOKED_AT, password.length())), known)
                .getGuessesLog10();
        return guesses < FEWEST_GUESSES ? Optional.of("it is made of what everybody tries first") : Optional.empty();
    }

    private static List<String> known(String userName, String displayName) {
        List<String> words = new ArrayList<>(List.of("annona", "ministry", "government"));
        Stream.of((userName + " " + displayName).toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> word.length() > 2)
                .forEach(words::add);
        return words;
    }
}
