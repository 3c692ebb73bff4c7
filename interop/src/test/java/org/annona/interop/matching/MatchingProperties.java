package org.annona.interop.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Whoever asks finds exactly the marks of what it asked for, and neither side sees more. */
class MatchingProperties {

    @Property(tries = 200)
    void what_both_know_is_found_and_nothing_else(
            @ForAll @NumericChars @StringLength(min = 1, max = 12) String asked,
            @ForAll @NumericChars @StringLength(min = 1, max = 12) String known)
            throws UnfitPoint {
        MatchingKey key = MatchingKey.fresh();
        Blinding blinding = Blinding.fresh();

        Tags found = blinding.marks(key.raise(blinding.blind("UIN", asked)));

        assertThat(found).isEqualTo(key.marks("UIN", asked));
        assertThat(found.equals(key.marks("UIN", known))).isEqualTo(asked.equals(known));
        assertThat(found).isNotEqualTo(key.marks("TOKEN", asked));
        assertThat(found).isNotEqualTo(MatchingKey.fresh().marks("UIN", asked));
    }

    @Property(tries = 100)
    void what_leaves_looks_different_each_time(@ForAll @StringLength(min = 1, max = 30) String value) {
        byte[] once = Blinding.fresh().blind("UIN", value);
        byte[] again = Blinding.fresh().blind("UIN", value);

        assertThat(once).isNotEqualTo(again);
        assertThat(once).isNotEqualTo(CurvePoints.of("UIN", value));
    }

    @Property(tries = 100)
    void what_is_told_is_read_only_with_the_marks_of_the_person(
            @ForAll @IntRange(max = 65_535) int told, @ForAll @IntRange(max = 20) int number) throws UnfitPoint {
        MatchingKey key = MatchingKey.fresh();
        Blinding blinding = Blinding.fresh();
        Tags listed = key.marks("UIN", "198001015678");

        int covered = listed.cover(number, told);

        assertThat(blinding.marks(key.raise(blinding.blind("UIN", "198001015678")))
                        .cover(number, covered))
                .isEqualTo(told);
        assertThat(listed.mark(number)).hasSize(Tags.BYTES).isNotEqualTo(listed.mark(number + 1));
    }

    @Example
    void the_same_number_is_the_same_however_a_installation_writes_it() {
        MatchingKey key = MatchingKey.fresh();

        for (String written : new String[] {
            "1980 0101 5678 ab",
            "1980-0101-5678-AB",
            "198001015678\uff21b",
            " 198001015678ab\t",
            "\u0661980\u20130101\u200b5678ab"
        }) {
            assertThat(key.marks("uin", written)).isEqualTo(key.marks("UIN", "198001015678AB"));
        }
    }

    /** On the twist one could see of a blinded point whom it does not stand for. */
    @Property(tries = 100)
    void everybody_stands_on_the_curve_itself(@ForAll @StringLength(min = 1, max = 30) String value) {
        assertThat(CurvePoints.isOnCurve(CurvePoints.of("UIN", value))).isTrue();
    }

    @Property(tries = 50)
    void a_key_survives_its_safe(@ForAll @StringLength(max = 20) String value) {
        MatchingKey key = MatchingKey.fresh();

        assertThat(MatchingKey.of(key.bytes()).marks("UIN", value)).isEqualTo(key.marks("UIN", value));
    }

    /** They would tell some bits of the key, or nothing of the person. */
    @Example
    void points_of_small_order_and_of_wrong_length_are_refused() {
        MatchingKey key = MatchingKey.fresh();
        byte[] one = new byte[32];
        one[0] = 1;
        byte[] eighth = HexFormat.of().parseHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");

        for (byte[] unfit : new byte[][] {new byte[32], one, eighth, new byte[31], new byte[33]}) {
            assertThatThrownBy(() -> key.raise(unfit)).isInstanceOf(UnfitPoint.class);
        }
    }

    /** Whatever the other side makes of a question, it never looks like an answer to it. */
    @Property(tries = 100)
    void a_garbled_answer_finds_nobody(@ForAll @Size(32) byte[] noise) {
        MatchingKey key = MatchingKey.fresh();
        try {
            Tags found = Blinding.fresh().marks(noise);
            assertThat(found).isNotEqualTo(key.marks("UIN", "198001015678"));
        } catch (UnfitPoint refused) {
            assertThat(refused).hasMessageContaining("no blinded identifier");
        }
    }

    /** Another version would find nobody and could not tell. The values are those of a second implementation, in Python. */
    @Example
    void marks_are_the_same_in_every_version() {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) 7);
        Tags marks = MatchingKey.of(bytes).marks("UIN", "198001015678");

        assertThat(HexFormat.of().formatHex(marks.mark(0))).isEqualTo("6a51aa1bd89fd9039bba298292e97adf");
        assertThat(marks.cover(0, 0)).isEqualTo(61_057);
    }
}
