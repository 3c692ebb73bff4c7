package org.annona.mapper;

import java.math.BigInteger;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * Where money can be sent, in the grammar {@code type:id@provider} of G2P Connect with every part escaped (Annona's
 * payments reference, 2.4): no value can be taken for a separator, so what is read is what was written.
 *
 * @param type {@code account} for a bank account, {@code mobile} for a mobile wallet
 * @param number the account, or the phone number in E.164 without the plus sign
 * @param provider segments from the narrowest on: branch and bank, or bank alone, or the operator
 */
public record FinancialAddress(String type, String number, List<String> provider) {

    private static final int LONGEST_BYTES = 256;

    /** The types that are understood, with the fewest and most segments of their provider. */
    private enum Type {
        ACCOUNT(1, 2),
        MOBILE(1, 1);

        private final int fewest;
        private final int most;

        Type(int fewest, int most) {
            this.fewest = fewest;
            this.most = most;
        }
    }

    public FinancialAddress {
        provider = List.copyOf(provider);
        refuseUnfit(type, number, provider);
    }

    public static FinancialAddress of(String type, String number, String provider) {
        return new FinancialAddress(type, number, List.of(provider));
    }

    private static void refuseUnfit(String type, String number, List<String> provider) {
        Type known = typeOf(type);
        if (provider.size() < known.fewest || provider.size() > known.most) {
            throw unfit("the provider of " + type + " has " + known.fewest + " to " + known.most + " parts");
        }
        if (number.isEmpty() || provider.stream().anyMatch(String::isEmpty)) {
            throw unfit("a part is empty");
        }
        if (known == Type.MOBILE && !number.matches("[1-9]\\d{6,14}")) {
            throw unfit("a wallet is named by its phone number in E.164");
        }
        if ((number + String.join("", provider)).chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            throw unfit("it holds control characters");
        }
        if (build(type, number, provider).length() > LONGEST_BYTES) {
            throw unfit("it is longer than " + LONGEST_BYTES + " characters");
        }
    }

    private static Type typeOf(String type) {
        for (Type known : Type.values()) {
            if (known.name().equalsIgnoreCase(type)) {
                return known;
            }
        }
        throw unfit("there is no type '" + type + "'");
    }

    /** The canonical text: equal addresses have equal texts. */
    public String text() {
        return build(type, number, provider);
    }

    private static String build(String type, String number, List<String> provider) {
        return type.toLowerCase(java.util.Locale.ROOT) + ":" + Segments.escape(number) + "@"
                + String.join(
                        ".",
                        provider.stream()
                                .map(part -> Segments.escape(part.toLowerCase(Locale.ROOT)))
                                .toList());
    }

    /**
     * What tells one account from another; {@link #text()} tells addresses apart, and one account may have several. An IBAN holds its bank,
     * and a wallet is its phone number, whatever is given as provider. Any other number belongs to its bank, and two banks may use the
     * same one, so both count: without case, blanks and punctuation, and without leading zeros of the codes of banks and branches, which
     * some lists drop. That an IBAN and a number within its bank are the same account is not known here.
     */
    public String account() {
        String plain = plain(number);
        if (typeOf(type) == Type.MOBILE) {
            return "mobile " + plain;
        }
        return isIban(plain)
                ? "iban " + plain
                : "bank " + plain + " "
                        + String.join(
                                " ",
                                provider.stream()
                                        .map(part -> plain(part).replaceFirst("^0+(?=.)", ""))
                                        .toList());
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /** By its form and its check digits (ISO 13616). */
    private static boolean isIban(String plain) {
        if (!plain.matches("[A-Z]{2}\\d{2}[A-Z0-9]{11,30}")) {
            return false;
        }
        StringBuilder digits = new StringBuilder();
        (plain.substring(4) + plain.substring(0, 4))
                .chars()
                .forEach(sign -> digits.append(Character.getNumericValue(sign)));
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }

    /** @throws IllegalArgumentException for any text that is no address; nothing is guessed */
    public static FinancialAddress parse(String text) {
        int colon = text.indexOf(':');
        int at = text.indexOf('@');
        if (colon < 1 || at < colon || text.indexOf(':', colon + 1) >= 0 || text.indexOf('@', at + 1) >= 0) {
            throw unfit("it is not of the form type:id@provider");
        }
        List<String> provider = java.util.Arrays.stream(text.substring(at + 1).split("\\.", -1))
                .map(Segments::unescape)
                .toList();
        return new FinancialAddress(
                text.substring(0, colon).toLowerCase(Locale.ROOT),
                Segments.unescape(text.substring(colon + 1, at)),
                provider.stream().map(part -> part.toLowerCase(Locale.ROOT)).toList());
    }

    private static IllegalArgumentException unfit(String reason) {
        return new IllegalArgumentException("not a financial address: " + reason);
    }

    /** Hides the number. */
    @Override
    public String toString() {
        return type + ":•••@" + String.join(".", provider);
    }
}
