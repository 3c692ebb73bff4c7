package org.annona.registry.identifier;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.checkdigit.CheckDigit;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;

/**
 * A kind of identifier.
 *
 * @param pattern of the whole normalised value
 * @param checkDigit {@code none}, {@code verhoeff} or {@code luhn}, over all digits
 * @param asWritten whether every sign of a value counts, such as those of a token
 */
public record IdentifierType(String code, String label, Pattern pattern, String checkDigit, boolean asWritten) {

    /** A value of this type in the form in which it is kept and compared. */
    public String normalised(String value) {
        return asWritten ? value.strip() : normalise(value);
    }

    /** Upper case, without blanks, hyphens and points, digits of any script as 0 to 9. */
    public static String normalise(String value) {
        StringBuilder out = new StringBuilder(value.length());
        value.toUpperCase(Locale.ROOT).codePoints().forEach(point -> {
            if (Character.isDigit(point)) {
                out.append(Character.digit(point, 10));
            } else if (Character.isLetter(point)) {
                out.appendCodePoint(point);
            } else if (!Character.isWhitespace(point)
                    && point != '-'
                    && point != '.'
                    && point != 0x200F
                    && point != 0x200E) {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }

    /** What is wrong with a normalised value, or empty. */
    public Optional<String> fault(String normalised) {
        if (!pattern.matcher(normalised).matches()) {
            return Optional.of("identifier_malformed");
        }
        CheckDigit digit = switch (checkDigit) {
            case "verhoeff" -> VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT;
            case "luhn" -> LuhnCheckDigit.LUHN_CHECK_DIGIT;
            default -> null;
        };
        return digit == null || digit.isValid(normalised) ? Optional.empty() : Optional.of("identifier_check_digit");
    }
}
