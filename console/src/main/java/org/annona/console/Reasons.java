package org.annona.console;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a household is not on a list, or a payment did not go through, in words: codes of banks (ISO 20022 external code sets) and our
 * own. One place, so that a reason reads alike on the page of a cycle, an enrolment and a payment.
 */
public final class Reasons {

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("MEMBER_UNKNOWN", "something about a member is not known, so the amount is not"),
            Map.entry("NOTHING_DUE", "nothing is due"),
            Map.entry("NO_MEMBERS", "the household has no members"),
            Map.entry("NO_HEAD", "the household has no head"),
            Map.entry("NO_GUARDIAN", "a child without a head of household who is of age"),
            Map.entry("AGE_UNKNOWN", "the age is not known, so nobody knows who may be paid"),
            Map.entry("PERSON_INACTIVE", "the person has died or left the registry"),
            Map.entry("HEAD_INACTIVE", "the head has died or left the registry"),
            Map.entry("ACCOUNT_NEW", "the account is not the one of the last payment, and is not accepted"),
            Map.entry("ACCOUNT_SHARED", "the account serves more than one household, and is not accepted"),
            Map.entry(
                    "ACCOUNT_NEW_AND_SHARED",
                    "the account is another one and serves more households, and is not accepted"),
            Map.entry("NO_ACCOUNT", "no account is known"),
            Map.entry("ACCOUNT_CHANGED", "the account is another one than the approved list had"),
            Map.entry("NO_ANSWER", "the bank did not answer; it is being asked"),
            Map.entry("NOT_MENTIONED", "the bank did not mention it; it is being asked"),
            Map.entry("DECLARED_UNPAID", "declared unpaid by two people"),
            Map.entry("STOPPED", "stopped by a finance officer"),
            Map.entry("EXITED", "the household left the programme"),
            Map.entry("SUSPENDED", "the enrolment of the household is suspended"),
            Map.entry("DUPLICATE_HELD", "the household is held as a possible duplicate"),
            Map.entry("PROGRAMME_SUSPENDED", "the programme is suspended"),
            Map.entry("HOUSEHOLD_INACTIVE", "the household does not exist any more"),
            Map.entry("PAYEE_INACTIVE", "the payee has died or left the registry"),
            Map.entry("GIVEN_BACK", "given up by two people; the money returned to the fund"),
            Map.entry("REVERSED", "the bank reversed its debit"),
            Map.entry("AC01", "the account number does not exist (AC01)"),
            Map.entry("AC03", "the account number is not valid (AC03)"),
            Map.entry("AC04", "the account is closed (AC04)"),
            Map.entry("AC06", "the account is blocked (AC06)"),
            Map.entry("AG01", "payments to this account are forbidden (AG01)"),
            Map.entry("AM04", "our own account had too little money (AM04)"),
            Map.entry("AM09", "the amount was wrong (AM09)"),
            Map.entry("BE01", "the name does not fit the account (BE01)"),
            Map.entry("MD07", "the account holder has died (MD07)"),
            Map.entry("RC01", "the bank does not exist (RC01)"),
            Map.entry("MS03", "the bank gave no reason (MS03)"));

    private Reasons() {}

    /** A code of a bank that is not known here stays as the bank wrote it. */
    public static String words(@Nullable String code) {
        if (code == null || code.isEmpty()) {
            return "";
        }
        String known = WORDS.get(code.toUpperCase(Locale.ROOT));
        return known != null
                ? known
                : code.contains("_") ? code.replace('_', ' ').toLowerCase(Locale.ROOT) : code;
    }
}
