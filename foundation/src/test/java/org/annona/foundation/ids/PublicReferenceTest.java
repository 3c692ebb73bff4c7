package org.annona.foundation.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PublicReferenceTest {

    @Property
    void a_reference_is_understood_however_it_is_typed(@ForAll @LongRange(min = 1, max = 900_000_000) long number) {
        String reference = PublicReference.of('P', number);
        assertThat(PublicReference.read('P', reference)).contains(reference);
        assertThat(PublicReference.read('P', reference.toLowerCase().replace('-', ' ')))
                .contains(reference);
        assertThat(PublicReference.read('P', reference.replace("-", ""))).contains(reference);
    }

    @Property
    void one_wrong_digit_or_two_swapped_neighbours_are_noticed(
            @ForAll @LongRange(min = 1, max = 900_000_000) long number,
            @ForAll @IntRange(min = 1, max = 10) int place,
            @ForAll @IntRange(min = 1, max = 9) int shift) {
        String compact = PublicReference.of('P', number).replace("-", "");
        char wrong = (char) ('0' + (compact.charAt(place) - '0' + shift) % 10);
        assertThat(PublicReference.read('P', compact.substring(0, place) + wrong + compact.substring(place + 1)))
                .isEmpty();
        if (place < 10 && compact.charAt(place) != compact.charAt(place + 1)) {
            String swapped = compact.substring(0, place)
                    + compact.charAt(place + 1)
                    + compact.charAt(place)
                    + compact.substring(place + 2);
            assertThat(PublicReference.read('P', swapped)).isEmpty();
        }
    }

    @Test
    void consecutive_numbers_give_different_references_that_are_far_apart() {
        Set<String> seen = new HashSet<>();
        for (long number = 1; number <= 200_000; number++) {
            assertThat(seen.add(PublicReference.of('H', number))).isTrue();
        }
        assertThat(PublicReference.of('H', 1).substring(2, 5))
                .isNotEqualTo(PublicReference.of('H', 2).substring(2, 5));
    }
}
