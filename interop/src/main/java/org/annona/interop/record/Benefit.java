package org.annona.interop.record;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import tools.jackson.databind.node.ObjectNode;

/** Cash that was paid. @param minor in minor units of the currency */
public record Benefit(LocalDate date, long minor, Currency currency) {

    private static final String CASH = "1";

    ObjectNode json() {
        BigDecimal value = BigDecimal.valueOf(minor, currency.getDefaultFractionDigits());
        return Part.of("Benefit")
                .with("benefit_type", CASH)
                .with("benefit_date", date)
                .with("benefit_value", currency.getCurrencyCode() + " " + value.toPlainString())
                .json();
    }
}
