package org.annona.tokens.seeder;

import java.util.Map;
import java.util.Set;

/**
 * What the codes of a seeder mean, in words of ours: its own words may repeat what was sent, and are kept nowhere (reference A4,
 * A5, A7).
 */
public final class SeederCodes {

    /** No submission in the window. On the wire it has two digits, in the documentation of the seeder three. */
    private static final Set<String> NONE = Set.of("ATS-REQ-23", "ATS-REQ-023");

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

    public static String sentence(String code) {
        return SENTENCES.getOrDefault(code, "the seeder says " + code);
    }
}
