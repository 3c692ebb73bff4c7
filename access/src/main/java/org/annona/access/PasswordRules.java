package org.annona.access;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a password must not be. Length counts more than mixed characters (NIST SP 800-63B, section 3.1.1). */
final class PasswordRules {

    private static final int SHORTEST = 12;
    private static final int LONGEST = 200;
    private static final Set<String> COMMON_PARTS =
            Set.of("password", "123456", "qwerty", "annona", "letmein", "admin");

    private PasswordRules() {}

    /** Why it is refused, or empty where it is fine. */
    static Optional<String> fault(String userName, String password) {
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
        String rest = lower;
        for (String part : COMMON_PARTS) {
            rest = rest.replace(part, "");
        }
        return rest.length() < SHORTEST / 2
                ? Optional.of("it is hardly more than what everybody tries first")
                : Optional.empty();
    }
}
