package org.annona.foundation.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Currency;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    private static final Currency KES = Currency.getInstance("KES");
    private static final Currency JPY = Currency.getInstance("JPY");

    @Property
    void an_amount_that_is_written_and_read_is_the_same(
            @ForAll @LongRange(min = -10_000_000_000_000L, max = 10_000_000_000_000L) long minor) {
        for (Currency currency : new Currency[] {KES, JPY, Currency.getInstance("BHD")}) {
            Money money = new Money(minor, currency);
            assertThat(Money.parse(money.toPlainString(), currency)).isEqualTo(money);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12,50", "1 000", "1e3", "0x10", "12.345", "-", ".5", "٣", "99999999999999999999"})
    void what_is_not_an_amount_is_refused_and_never_rounded(String text) {
        assertThatThrownBy(() -> Money.parse(text, KES)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "250,50",
                "1,25",
                "1,2500",
                "12,50.00",
                ",5",
                "1,,000",
                "1,000,50",
                "1000,000",
                "1.000,00",
                "1,000."
            })
    void a_comma_that_may_be_a_decimal_one_is_refused_where_people_type(String text) {
        assertThatThrownBy(() -> Money.typed(text, KES)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void people_may_put_commas_between_groups_of_three_digits() {
        assertThat(Money.typed(" 1,250,000.50 ", KES).minor()).isEqualTo(125_000_050);
        assertThat(Money.typed("250,000", KES).minor()).isEqualTo(25_000_000);
        assertThat(Money.typed("250000.5", KES).minor()).isEqualTo(25_000_050);
    }

    @Test
    void a_currency_without_decimals_takes_none() {
        assertThat(Money.parse("1250", JPY).minor()).isEqualTo(1250);
        assertThat(Money.parse("1250.00", JPY).minor()).isEqualTo(1250);
        assertThatThrownBy(() -> Money.parse("1250.5", JPY)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void different_currencies_never_mix() {
        assertThatThrownBy(() -> Money.of(1, "KES").plus(Money.of(1, "JPY")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_overflow_is_an_error_and_not_another_amount() {
        assertThatThrownBy(() -> Money.of(Long.MAX_VALUE, "KES").plus(Money.of(1, "KES")))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void readers_see_groups_and_the_currency() {
        assertThat(Money.of(123_456_789, "KES")).hasToString("1,234,567.89 KES");
    }
}
