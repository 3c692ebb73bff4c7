package org.annona.mapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FinancialAddressProperties {

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.strings()
                .withChars("ab0:@.%_ /\\'\"éم")
                .ofMinLength(1)
                .ofMaxLength(20);
    }

    @Property
    void whatever_stands_in_its_parts_an_address_is_read_back_as_it_was_written(
            @ForAll("hostile") String number, @ForAll("hostile") String provider) {
        FinancialAddress address = FinancialAddress.of("account", number, provider);
        FinancialAddress read = FinancialAddress.parse(address.text());

        assertThat(read.number()).isEqualTo(number);
        assertThat(read.provider()).isEqualTo(List.of(provider.toLowerCase(Locale.ROOT)));
        assertThat(read.text()).isEqualTo(address.text());
    }

    @Property
    void no_number_can_change_the_bank_that_is_read_back(@ForAll("hostile") String number) {
        String text =
                FinancialAddress.of("account", number + "@evil.bank", "good").text();

        assertThat(FinancialAddress.parse(text).provider()).containsExactly("good");
    }

    @Example
    void what_is_no_address_is_refused_and_never_guessed() {
        for (String text : List.of(
                "",
                "account",
                "account:1",
                "account:@b",
                "account:1@",
                "account:1@@b",
                "acc:ount:1@b",
                "cash:1@b",
                "mobile:0712345678@telco",
                "mobile:abc@telco",
                "account:1\n@b",
                "account:%zz@b")) {
            assertThatThrownBy(() -> FinancialAddress.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void a_number_never_shows_in_a_log() {
        assertThat(FinancialAddress.of("account", "4000123", "bank1").toString())
                .doesNotContain("4000123");
    }
}
