package org.annona.programs.programme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BenefitProperties {

    private static Benefit benefit(long base, long per, int most, Long minimum, Long maximum, long roundTo) {
        return new Benefit(base, List.of(new Benefit.Band("child", "age < 18", per, most)), minimum, maximum, roundTo);
    }

    @Property
    void an_amount_never_leaves_its_bounds_and_never_falls_with_another_child(
            @ForAll @LongRange(max = 1_000_000) long base,
            @ForAll @LongRange(max = 100_000) long per,
            @ForAll @IntRange(min = 1, max = 20) int most,
            @ForAll @IntRange(max = 30) int children,
            @ForAll @LongRange(max = 500_000) long minimum,
            @ForAll @LongRange(max = 500_000) long above) {
        Benefit benefit = benefit(base, per, most, minimum, minimum + above, 1);
        long amount = benefit.amountMinor(List.of(children));

        assertThat(amount).isBetween(minimum, minimum + above);
        assertThat(benefit.amountMinor(List.of(children + 1))).isGreaterThanOrEqualTo(amount);
        assertThat(benefit.amountMinor(List.of(most + 5))).isEqualTo(benefit.amountMinor(List.of(most)));
    }

    @Property
    void the_lines_that_explain_an_amount_add_up_to_it(
            @ForAll @LongRange(max = 1_000_000) long base,
            @ForAll @LongRange(max = 100_000) long per,
            @ForAll @IntRange(min = 1, max = 8) int most,
            @ForAll @IntRange(max = 12) int children,
            @ForAll @LongRange(max = 900_000) long maximum,
            @ForAll @IntRange(min = 1, max = 5_000) int roundTo) {
        Benefit benefit = benefit(base, per, most, null, maximum, roundTo);

        assertThat(benefit.trace(List.of(children)).stream()
                        .mapToLong(Benefit.TraceLine::amountMinor)
                        .sum())
                .isEqualTo(benefit.amountMinor(List.of(children)));
        assertThat(benefit.amountMinor(List.of(children)) % roundTo).isZero();
    }
}
