package org.annona.tokens.seeder;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the codes of a seeder mean, in words of ours: its own words may repeat what was sent, and are kept nowhere (reference A4,
 * A5, A7).
 */
public final class SeederCodes {

    /** No submission in the window. On the wire it has two digits, in the documentation of the seeder three. */
    private static final Set<String> NONE = Set.of("ATS-REQ-23", "ATS-REQ-023");

    private static final String SEVERAL = "ATS-REQ-103";
    private static final String OTHER_DATA = "IDA-DEA-001";
    private static final String SEPARATOR = "::";

    /** As the authority writes the names of fields, in small letters; and our words for them, in the order in which they are told. */
    private static final Map<Pattern, String> FIELDS = fields();

    private static Map<Pattern, String> fields() {
        Map<Pattern, String> fields = new LinkedHashMap<>();
        fields.put(Pattern.compile("\\b(full_?)?name\\b"), "name");
        fields.put(Pattern.compile("\\bgender\\b"), "gender");
        fields.put(Pattern.compile("\\b(dob|dobtype|birth_?date|date of birth)\\b"), "birth date");
        fields.put(Pattern.compile("\\bage\\b"), "age");
        fields.put(Pattern.compile("\\bphone(_?number)?\\b"), "phone number");
        fields.put(Pattern.compile("\\be-?mail(_?id)?\\b"), "e-mail");
        fields.put(
                Pattern.compile("\\b(full_?)?address(line\\d)?\\b|\\blocation\\d\\b|\\b(postal|pin)_?code\\b"),
                "address");
        return fields;
    }

    private static final Map<String, String> SENTENCES = Map.ofEntries(
            Map.entry("ATS-REQ-003", "the name is not provided"),
            Map.entry("ATS-REQ-004", "the gender is empty"),
            Map.entry("ATS-REQ-006", "the birth date is empty"),
            Map.entry("ATS-REQ-008", "the address is empty"),
            Map.entry("ATS-REQ-009", "the virtual ID is missing"),
            Map.entry("ATS-REQ-010", "the name is missing"),
            Map.entry("ATS-REQ-011", "the gender is missing"),
            Map.entry("ATS-REQ-012", "the birth date is missing"),
            Map.entry("ATS-REQ-013", "the phone number is missing"),
            Map.entry("ATS-REQ-014", "the e-mail is missing"),
            Map.entry("ATS-REQ-015", "the address is missing"),
            Map.entry("ATS-REQ-016", "it does not know the request any more"),
            Map.entry("ATS-REQ-18", "the address of ODK is missing"),
            Map.entry("ATS-REQ-19", "the account in ODK is missing"),
            Map.entry("ATS-REQ-20", "the password of the account in ODK is missing"),
            Map.entry("ATS-REQ-21", "the project in ODK is missing"),
            Map.entry("ATS-REQ-22", "the form in ODK is missing"),
            Map.entry("ATS-REQ-23", "there are no submissions"),
            Map.entry("ATS-REQ-023", "there are no submissions"),
            Map.entry("ATS-REQ-100", "it ran into an error of its own"),
            Map.entry("ATS-REQ-102", "it does not accept the form of the request"),
            Map.entry("ATS-REQ-103", "the authority named several errors, or the output format is wrong"),
            Map.entry("AUT_BAS_001", "it could not ask the authority"),
            Map.entry("IDA-MLC-004", "the authority does not know this virtual ID"),
            Map.entry("IDA-DEA-001", "the authority has other data of her"));

    private SeederCodes() {}

    /** Whether a form has no submission in a window, which is an answer and no failure. */
    public static boolean saysNone(String code) {
        return NONE.contains(code);
    }

    /**
     * With the fields that the authority found wrong, where it names them: these are words of ours too, and no data of anybody.
     *
     * @param message of the seeder, of which only codes and names of fields are read
     */
    public static String sentence(String code, String message) {
        Set<String> sentences = new LinkedHashSet<>();
        Set<String> wrong = new LinkedHashSet<>();
        for (String part : code.equals(SEVERAL) ? message.split(",") : new String[] {code + SEPARATOR + message}) {
            String inner = part.split(SEPARATOR, 2)[0].strip();
            if (inner.equals(OTHER_DATA)) {
                wrong.addAll(fields(part));
            }
            if (!inner.equals(SEVERAL) && SENTENCES.containsKey(inner)) {
                sentences.add(inner);
            }
        }
        return sentences.isEmpty()
                ? sentence(code)
                : sentences.stream()
                        .map(inner -> inner.equals(OTHER_DATA) && !wrong.isEmpty()
                                ? sentence(inner) + ": " + String.join(", ", wrong)
                                : sentence(inner))
                        .collect(Collectors.joining("; "));
    }

    private static List<String> fields(String part) {
        String words = part.toLowerCase(Locale.ROOT);
        return FIELDS.entrySet().stream()
                .filter(field -> field.getKey().matcher(words).find())
                .map(Map.Entry::getValue)
                .toList();
    }

    public static String sentence(String code) {
        return SENTENCES.getOrDefault(code, "the seeder says " + code);
    }
}
