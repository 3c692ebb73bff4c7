package org.annona.foundation.money;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An amount of one currency.
 *
 * @param minor integer minor units, as ISO 4217 divides the currency (cents, or whole yen)
 */
public record Money(long minor, Currency currency) implements Comparable<Money> {

    private static final Pattern GROUPED = Pattern.compile("-?\\d{1,3}(,\\d{3})+(\\.\\d+)?");
    private static final Pattern WRITTEN = Pattern.compile("-?\\d{1,15}(\\.\\d+)?");

    public Money {
        if (currency.getDefaultFractionDigits() < 0) {
            throw new IllegalArgumentException(currency + " has no minor unit, so no amount can be written in it");
        }
    }

    public static Money of(long minor, String currencyCode) {
        return new Money(minor, Currency.getInstance(currencyCode));
    }

    public static Money zero(Currency currency) {
        return new Money(0, currency);
    }

    /**
     * Reads {@code 1234.5} or {@code 1234}: digits, and a point before the fraction. Nothing is rounded.
     *
     * @throws IllegalArgumentException for any other text, or for more decimals than the currency has
     */
    public static Money parse(String text, Currency currency) {
        String trimmed = text.strip();
        if (!WRITTEN.matcher(trimmed).matches()) {
            throw new IllegalArgumentException("an amount is written with digits and a point, such as 1250.50");
        }
        BigDecimal value = new BigDecimal(trimmed).stripTrailingZeros();
        int digits = currency.getDefaultFractionDigits();
        if (value.scale() > digits) {
            throw new IllegalArgumentException(currency + " has " + digits + " decimals, the amount has more");
        }
        return new Money(value.movePointRight(digits).longValueExact(), currency);
    }

    /**
     * Reads what people type: the same, also with commas between groups of three digits. A comma anywhere else may be meant
     * as the decimal one, and a hundred times too much would be read; it is refused.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Money typed(String text, Currency currency) {
        String trimmed = text.strip();
        if (trimmed.contains(",") && !GROUPED.matcher(trimmed).matches()) {
            throw new IllegalArgumentException(
                    "a comma stands between groups of three digits only; the fraction follows a point, as in 1,250.50");
        }
        return parse(trimmed.replace(",", ""), currency);
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(minor, same(other).minor), currency);
    }

    public Money minus(Money other) {
        return new Money(Math.subtractExact(minor, same(other).minor), currency);
    }

    public Money times(long factor) {
        return new Money(Math.multiplyExact(minor, factor), currency);
    }

    public Money min(Money other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public Money max(Money other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public boolean isNegative() {
        return minor < 0;
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(minor, same(other).minor);
    }

    private Money same(Money other) {
        if (!other.currency.equals(currency)) {
            throw new IllegalArgumentException("amounts of " + currency + " and " + other.currency + " do not mix");
        }
        return other;
    }

    /** Without grouping and with all decimals of the currency, as files and messages want it: {@code 1250.50}. */
    public String toPlainString() {
        return BigDecimal.valueOf(minor, currency.getDefaultFractionDigits()).toPlainString();
    }

    /** For readers: {@code 1,250.50 KES}. */
    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        "%,." + currency.getDefaultFractionDigits() + "f",
                        BigDecimal.valueOf(minor, currency.getDefaultFractionDigits()))
                + " " + currency.getCurrencyCode();
    }
}
