package org.annona.foundation.criteria;

import java.util.Locale;
import java.util.regex.Pattern;

/** A pattern of SQL's {@code like}, read in memory. */
final class TextPattern {

    private TextPattern() {}

    static boolean fits(String text, String pattern, boolean anyCase) {
        StringBuilder expression = new StringBuilder();
        String cased = anyCase ? pattern.toLowerCase(Locale.ROOT) : pattern;
        int i = 0;
        while (i < cased.length()) {
            int letter = cased.codePointAt(i);
            i += Character.charCount(letter);
            if (letter == '\\' && i < cased.length()) {
                letter = cased.codePointAt(i);
                i += Character.charCount(letter);
                expression.append(Pattern.quote(Character.toString(letter)));
            } else {
                expression.append(
                        switch (letter) {
                            case '%' -> ".*";
                            case '_' -> ".";
                            default -> Pattern.quote(Character.toString(letter));
                        });
            }
        }
        return Pattern.compile(expression.toString(), Pattern.DOTALL)
                .matcher(anyCase ? text.toLowerCase(Locale.ROOT) : text)
                .matches();
    }
}
