package org.annona.foundation.criteria.odoo;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON, and lists as Python writes them: tuples, single quotes, {@code True}, {@code None}, both mixed (reference E1).
 * It knows values and nothing else: no names, no calls, no operators.
 */
final class LiteralReader {

    private static final int LONGEST = 100_000;
    private static final int DEEPEST = 20;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

    private final String text;
    private int next;

    private LiteralReader(String text) {
        this.text = text;
    }

    static Literal read(String text) throws DomainRefused {
        if (text.length() > LONGEST) {
            throw new DomainRefused("it is longer than " + LONGEST + " letters", 1, 0);
        }
        LiteralReader reader = new LiteralReader(text);
        Literal value = reader.value(0);
        reader.skipBlanks();
        if (reader.next < text.length()) {
            throw reader.refuse("something stands behind the end");
        }
        return value;
    }

    private Literal value(int depth) throws DomainRefused {
        skipBlanks();
        if (next >= text.length()) {
            throw refuse("it ends too early");
        }
        if (depth > DEEPEST) {
            throw refuse("it is nested too deeply");
        }
        char letter = text.charAt(next);
        return switch (letter) {
            case '[' -> sequence(']', depth);
            case '(' -> sequence(')', depth);
            case '\'', '"' -> string(letter);
            default -> letter == '-' || letter == '+' || Character.isDigit(letter) ? number() : word();
        };
    }

    private Literal sequence(char end, int depth) throws DomainRefused {
        int begin = next++;
        List<Literal> values = new ArrayList<>();
        boolean comma = false;
        skipBlanks();
        while (!at(end)) {
            values.add(value(depth + 1));
            skipBlanks();
            comma = at(',');
            if (comma) {
                next++;
                skipBlanks();
            } else if (!at(end)) {
                throw refuse("a comma or '" + end + "' is missing");
            }
        }
        next++;
        // Brackets around one value are no tuple.
        boolean grouped = end == ')' && values.size() == 1 && !comma;
        return grouped ? values.getFirst() : new Literal.Sequence(values, begin + 1);
    }

    private Literal string(char quote) throws DomainRefused {
        int begin = next++;
        StringBuilder value = new StringBuilder();
        while (!at(quote)) {
            if (next >= text.length()) {
                throw new DomainRefused("a text is not closed", begin + 1, 0);
            }
            char letter = text.charAt(next++);
            if (letter == '\\') {
                value.append(escaped());
            } else if (letter < ' ') {
                throw refuse("a text holds a line break or another control character");
            } else {
                value.append(letter);
            }
        }
        if (value.indexOf("\0") >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new DomainRefused("a text holds what is no letter", begin + 1, 0);
        }
        next++;
        return new Literal.Text(value.toString(), begin + 1);
    }

    private char escaped() throws DomainRefused {
        if (next >= text.length()) {
            throw refuse("a text is not closed");
        }
        char letter = text.charAt(next++);
        return switch (letter) {
            case '\\', '\'', '"', '/' -> letter;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                if (next + 4 > text.length() || !text.substring(next, next + 4).matches("[0-9a-fA-F]{4}")) {
                    throw refuse("\\u is followed by four digits of a code");
                }
                char code = (char) Integer.parseInt(text.substring(next, next + 4), 16);
                next += 4;
                yield code;
            }
            default -> throw refuse("'\\" + letter + "' means nothing in a text; a backslash is written twice");
        };
    }

    private Literal number() throws DomainRefused {
        Matcher number = NUMBER.matcher(text).region(next, text.length());
        if (!number.lookingAt()) {
            throw refuse("a number is not written as one");
        }
        int begin = next;
        next = number.end();
        if (next < text.length() && (Character.isLetterOrDigit(text.charAt(next)) || at('.') || at('_'))) {
            throw refuse("a number is not written as one");
        }
        String digits = number.group();
        return number.group(2) == null
                ? new Literal.Whole(Long.parseLong(digits), begin + 1)
                : new Literal.Decimal(new BigDecimal(digits), begin + 1);
    }

    private Literal word() throws DomainRefused {
        Matcher word = WORD.matcher(text).region(next, text.length());
        if (!word.lookingAt()) {
            throw refuse("'" + text.charAt(next) + "' is not expected here");
        }
        int begin = next + 1;
        Literal value = switch (word.group()) {
            case "true", "True" -> new Literal.Truth(true, begin);
            case "false", "False" -> new Literal.Truth(false, begin);
            case "null", "None" -> new Literal.Nothing(begin);
            default -> throw refuse("'" + word.group() + "' is no value; texts stand in quotation marks");
        };
        next = word.end();
        return value;
    }

    private boolean at(char letter) {
        return next < text.length() && text.charAt(next) == letter;
    }

    private void skipBlanks() {
        while (next < text.length() && " \t\r\n".indexOf(text.charAt(next)) >= 0) {
            next++;
        }
    }

    private DomainRefused refuse(String reason) {
        return new DomainRefused(reason, next + 1, 0);
    }
}
