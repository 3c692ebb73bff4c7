package org.annona.simulators.bank;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * How the accounts of beneficiaries behave, always the same for the same account and seed: of 1000 accounts, 30 do not take
 * a payment and 10 send it back some days later.
 */
record AccountsOfOthers(String seed, int rejectedPerMille, int returnedPerMille) {

    private static final List<String> REJECTIONS = List.of("AC01", "AC04", "AC06");
    private static final List<String> RETURNS = List.of("AC04", "MD07", "AC01");

    /** Code of the bank, or an empty text where the account takes money. */
    String rejection(String account) {
        int place = place(account);
        return place < rejectedPerMille ? REJECTIONS.get(place % REJECTIONS.size()) : "";
    }

    /** After how many days the money comes back, or 0 where it stays. */
    int returnedAfterDays(String account) {
        int place = place(account) - rejectedPerMille;
        return place >= 0 && place < returnedPerMille ? 1 + place % 4 : 0;
    }

    String returnReason(String account) {
        return RETURNS.get(place(account) % RETURNS.size());
    }

    private int place(String account) {
        byte[] hash = digest(seed + "|" + account);
        return (((hash[0] & 255) << 16) | ((hash[1] & 255) << 8) | (hash[2] & 255)) % 1000;
    }

    static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
