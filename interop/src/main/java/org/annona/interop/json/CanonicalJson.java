package org.annona.interop.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A JSON text as it was received, with its numbers spelled as they were, so that it can be written in the one spelling that
 * is signed: keys sorted by code point, no blanks (DCI reference R12.10, which is Python's
 * {@code json.dumps(sort_keys=True, separators=(",", ":"))} and not RFC 8785).
 */
public final class CanonicalJson {

    /** Unlike the order of UTF-16 units, in which a character beyond 0xFFFF would come before one at 0xE000. */
    private static final Comparator<String> BY_CODE_POINT = (left, right) -> {
        for (int i = 0; i < Math.min(left.length(), right.length()); i++) {
            if (left.charAt(i) != right.charAt(i)) {
                return Integer.compare(weight(left.charAt(i)), weight(right.charAt(i)));
            }
        }
        return Integer.compare(left.length(), right.length());
    };

    private static final int MOST_DIGITS_WITHOUT_EXPONENT = 16;
    private static final int MOST_ZEROS_WITHOUT_EXPONENT = -4;

    /** How numbers that are not whole are spelled. */
    public enum Numbers {
        AS_RECEIVED,
        /** As Python spells the double next to it. */
        AS_PYTHON
    }

    /** How characters outside 0x20..0x7E are spelled. */
    public enum Letters {
        ESCAPED,
        PLAIN
    }

    private sealed interface Value {}

    private record Members(SortedMap<String, Value> all) implements Value {}

    private record Elements(List<Value> all) implements Value {}

    private record Text(String value) implements Value {}

    private record Number(String spelling, boolean whole) implements Value {}

    private record Word(String value) implements Value {}

    private final Value root;

    private CanonicalJson(Value root) {
        this.root = root;
    }

    /** @throws UnreadableJson where it is none */
    public static CanonicalJson read(byte[] json) {
        return StrictJson.reading(json, text -> {
            try (JsonParser parser = StrictJson.parser(text)) {
                parser.nextToken();
                CanonicalJson read = new CanonicalJson(value(parser));
                if (parser.nextToken() != null) {
                    throw new UnreadableJson("something follows after its end");
                }
                return read;
            }
        });
    }

    private static Value value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new UnreadableJson("it is empty");
        }
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> new Text(checked(parser.getString()));
            case VALUE_NUMBER_INT -> new Number(parser.getString(), true);
            case VALUE_NUMBER_FLOAT -> fraction(parser.getString());
            case VALUE_TRUE -> new Word("true");
            case VALUE_FALSE -> new Word("false");
            case VALUE_NULL -> new Word("null");
            default -> throw new UnreadableJson("it is no JSON");
        };
    }

    private static String checked(String text) {
        StrictJson.checkText(text);
        return text;
    }

    private static Number fraction(String spelling) {
        StrictJson.checkNumber(new BigDecimal(spelling));
        return new Number(spelling, false);
    }

    private static Members members(JsonParser parser) {
        SortedMap<String, Value> all = new TreeMap<>(BY_CODE_POINT);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = checked(parser.currentName());
            parser.nextToken();
            all.put(name, value(parser));
        }
        return new Members(all);
    }

    private static Elements elements(JsonParser parser) {
        List<Value> all = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            all.add(value(parser));
        }
        return new Elements(all);
    }

    private static int weight(char unit) {
        if (unit >= 0xE000) {
            return unit - 0x800;
        }
        return unit >= 0xD800 ? unit + 0x2000 : unit;
    }

    /** An object of the given members. */
    public static CanonicalJson object(Map<String, CanonicalJson> members) {
        SortedMap<String, Value> all = new TreeMap<>(BY_CODE_POINT);
        members.forEach((name, member) -> all.put(name, member.root));
        return new CanonicalJson(new Members(all));
    }

    /** The member of an object; empty where there is none, or where this is no object. */
    public Optional<CanonicalJson> member(String name) {
        return root instanceof Members members && members.all().containsKey(name)
                ? Optional.of(new CanonicalJson(members.all().get(name)))
                : Optional.empty();
    }

    /** The text itself, where this is one. */
    public Optional<String> asText() {
        return root instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }

    /** The same object without a member. */
    public CanonicalJson without(String name) {
        if (!(root instanceof Members members)) {
            return this;
        }
        SortedMap<String, Value> all = new TreeMap<>(members.all());
        all.remove(name);
        return new CanonicalJson(new Members(all));
    }

    /** The same object with those of the given members that it does not have; no value is ever replaced. */
    public CanonicalJson withMissing(CanonicalJson others) {
        if (!(root instanceof Members members) || !(others.root instanceof Members added)) {
            return this;
        }
        SortedMap<String, Value> all = new TreeMap<>(members.all());
        added.all().forEach(all::putIfAbsent);
        return new CanonicalJson(new Members(all));
    }

    /** Whether {@link Numbers} make a difference. */
    public boolean hasFractions() {
        return hasFractions(root);
    }

    private static boolean hasFractions(Value value) {
        return switch (value) {
            case Members(SortedMap<String, Value> all) -> all.values().stream().anyMatch(CanonicalJson::hasFractions);
            case Elements(List<Value> all) -> all.stream().anyMatch(CanonicalJson::hasFractions);
            case Number(String spelling, boolean whole) -> !whole || spelling.equals("-0");
            case Text text -> false;
            case Word word -> false;
        };
    }

    public String text() {
        return text(Numbers.AS_RECEIVED, Letters.ESCAPED);
    }

    public String text(Numbers numbers, Letters letters) {
        StringBuilder text = new StringBuilder();
        write(text, root, numbers, letters);
        return text.toString();
    }

    private static void write(StringBuilder text, Value value, Numbers numbers, Letters letters) {
        switch (value) {
            case Members(SortedMap<String, Value> all) -> {
                char before = '{';
                for (Map.Entry<String, Value> member : all.entrySet()) {
                    text.append(before);
                    write(text, member.getKey(), letters);
                    write(text.append(':'), member.getValue(), numbers, letters);
                    before = ',';
                }
                text.append(all.isEmpty() ? "{}" : "}");
            }
            case Elements(List<Value> all) -> {
                char before = '[';
                for (Value element : all) {
                    write(text.append(before), element, numbers, letters);
                    before = ',';
                }
                text.append(all.isEmpty() ? "[]" : "]");
            }
            case Text(String content) -> write(text, content, letters);
            case Number(String spelling, boolean whole) ->
                text.append(numbers == Numbers.AS_RECEIVED ? spelling : whole ? whole(spelling) : asPython(spelling));
            case Word(String word) -> text.append(word);
        }
    }

    private static void write(StringBuilder text, String content, Letters letters) {
        text.append('"');
        for (int i = 0; i < content.length(); i++) {
            char unit = content.charAt(i);
            switch (unit) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (unit >= 0x20 && (unit <= 0x7E || letters == Letters.PLAIN)) {
                        text.append(unit);
                    } else {
                        text.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            text.append(Character.forDigit(unit >> shift & 0xF, 16));
                        }
                    }
                }
            }
        }
        text.append('"');
    }

    private static String whole(String spelling) {
        return spelling.equals("-0") ? "0" : spelling;
    }

    /**
     * The shortest digits that give the same double; an exponent below 1e-4 and from 1e16 on. A number that is no double
     * keeps its spelling, or another number than the signed one could be sent.
     */
    static String asPython(String spelling) {
        double number = Double.parseDouble(spelling);
        if (Double.isInfinite(number)) {
            return spelling;
        }
        String python = spelled(number);
        return new BigDecimal(python).compareTo(new BigDecimal(spelling)) == 0 ? python : spelling;
    }

    private static String spelled(double number) {
        String sign = number < 0 || (number == 0 && 1 / number < 0) ? "-" : "";
        if (number == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(number));
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        if (exponent < MOST_ZEROS_WITHOUT_EXPONENT || exponent >= MOST_DIGITS_WITHOUT_EXPONENT) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return sign
                    + digits.charAt(0)
                    + fraction
                    + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        String plain = shortest.toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    private static BigDecimal shortest(double number) {
        BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (shortest.precision() == 2) {
            // Java prefers two digits that are nearer to one digit that suffices; Python does not.
            BigDecimal one = shortest.round(new MathContext(1)).stripTrailingZeros();
            return one.doubleValue() == number ? one : shortest;
        }
        return shortest;
    }
}
