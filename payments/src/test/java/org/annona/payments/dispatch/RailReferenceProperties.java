package org.annona.payments.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RailReferenceProperties {

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    @Property(tries = 200)
    void what_banks_do_to_a_reference_does_it_no_harm() {
        String reference = RailReference.next();

        assertThat(RailReference.read(reference)).contains(reference);
        assertThat(RailReference.read("  " + reference.toLowerCase(Locale.ROOT) + " "))
                .contains(reference);
        assertThat(RailReference.read(reference.substring(0, 8) + "-" + reference.substring(8)))
                .contains(reference);
        assertThat(RailReference.read(reference.replace('0', 'O').replace('1', 'l')))
                .contains(reference);
    }

    @Property(tries = 500)
    void a_wrong_character_is_caught(
            @ForAll @IntRange(max = 15) int place, @ForAll @IntRange(min = 1, max = 31) int by) {
        String reference = RailReference.next();
        char wrong = ALPHABET.charAt((ALPHABET.indexOf(reference.charAt(place)) + by) % 32);
        String mangled = reference.substring(0, place) + wrong + reference.substring(place + 1);

        assertThat(RailReference.read(mangled)).isEmpty();
    }

    @Property(tries = 500)
    void a_swap_of_neighbours_is_caught(@ForAll @IntRange(max = 14) int place) {
        String reference = RailReference.next();
        char left = reference.charAt(place);
        char right = reference.charAt(place + 1);
        String swapped = reference.substring(0, place) + right + left + reference.substring(place + 2);

        assertThat(RailReference.read(swapped).isEmpty()).isEqualTo(left != right);
    }

    @Property(tries = 100)
    void a_cut_reference_is_never_taken_for_another(@ForAll @IntRange(max = 15) int length) {
        assertThat(RailReference.read(RailReference.next().substring(0, length)))
                .isEmpty();
    }
}
