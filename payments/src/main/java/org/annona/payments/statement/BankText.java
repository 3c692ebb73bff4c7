package org.annona.payments.statement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.jspecify.annotations.Nullable;

/** Reads the single values of a statement, and says where one stands that cannot be read. */
final class BankText {

    /** As XML Schema writes decimals; far more digits than any amount has, but not so many that reading takes long. */
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d{1,60}(\\.\\d{0,60})?|\\.\\d{1,60})");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern DATE = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})"
            + "(T\\d{2}:\\d{2}(:\\d{2}([.,]\\d+)?)?)?" // DtTm
            + "(Z|[+-]\\d{2}:?\\d{2})?");

    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .filter(currency -> currency.getDefaultFractionDigits() >= 0)
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toSet());

    private BankText() {}

    /** @param reason what is missing or wrong, and where */
    static Problem unreadable(String reason) {
        return Problem.of(PaymentsProblem.STATEMENT_UNREADABLE, "reason", reason);
    }

    /** An amount as it stands there. */
    record Amount(String text, String currency) {

        static final Amount MISSING = new Amount("", "");

        /** @param of whose amount it is, for refusals: {@code entry 3 of statement 17} */
        long minor(String of, String expected) {
            if (text.isEmpty()) {
                throw unreadable(of + " has no amount (Amt)");
            }
            if (!currency.equals(expected)) {
                throw unreadable(of + " is in "
                        + (currency.isEmpty() ? "no currency (Ccy)" : quoted(currency))
                        + ", the statement in " + expected);
            }
            if (!DECIMAL.matcher(text).matches()) {
                throw unreadable("the amount of " + of + " is no number: " + quoted(text));
            }
            int digits = Currency.getInstance(currency).getDefaultFractionDigits();
            BigDecimal value = new BigDecimal(text).stripTrailingZeros();
            if (value.scale() > digits) {
                throw unreadable(
                        "the amount of " + of + " has more decimals than " + currency + " has: " + quoted(text));
            }
            return fitting(value.movePointRight(digits).toBigIntegerExact(), "the amount of " + of);
        }
    }

    static long fitting(BigInteger minor, String what) {
        // The smallest number has no positive counterpart, so it does not fit either.
        if (minor.abs().bitLength() > Long.SIZE - 1) {
            throw unreadable(what + " is larger than can be booked (" + Long.MAX_VALUE + " of the smallest unit)");
        }
        return minor.longValue();
    }

    static String currency(String code, String statement) {
        if (!CURRENCIES.contains(code)) {
            throw unreadable("the currency of " + statement + " is not known: " + quoted(code));
        }
        return code;
    }

    /** @return null where there is none */
    static @Nullable Long number(String text, String name, String of) {
        if (text.isEmpty()) {
            return null;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw unreadable("the " + name + " of " + of + " is no number: " + quoted(text));
        }
        return Long.valueOf(text);
    }

    /** The day in the bank's own time, whatever the zone: what is meant is the day on which the bank booked. */
    static @Nullable LocalDate date(String text, String name, String of) {
        if (text.isEmpty()) {
            return null;
        }
        var parts = DATE.matcher(text);
        try {
            if (parts.matches()) {
                return LocalDate.parse(parts.group(1));
            }
        } catch (DateTimeException noSuchDay) {
            // Said below.
        }
        throw unreadable("the " + name + " of " + of + " is no date: " + quoted(text));
    }

    /** CRDT or DBIT. */
    static boolean isCredit(String text, String of) {
        return switch (text) {
            case "CRDT" -> true;
            case "DBIT" -> false;
            case "" -> throw unreadable(of + " has no direction (CdtDbtInd)");
            default -> throw unreadable("the direction (CdtDbtInd) of " + of + " is not known: " + quoted(text));
        };
    }

    static String quoted(String text) {
        return "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
    }
}
