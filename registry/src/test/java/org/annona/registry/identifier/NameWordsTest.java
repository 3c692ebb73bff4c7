package org.annona.registry.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameWordsTest {

    @ParameterizedTest
    @CsvSource({
        "Zoë O'Hara, ZOE OHARA",
        "Nguyễn-Thị, nguyen thi",
        "إبراهيم, ابراهيم",
        "فاطمة, فاطمه",
        "مُحَمَّد, محمد",
        "ኃይሌ, ሀይሌ",
        "ሠላም, ሰላም",
        "क़ासिम, कासिम"
    })
    void spellings_that_readers_take_for_the_same_are_the_same(String one, String other) {
        assertThat(NameWords.of(one)).isEqualTo(NameWords.of(other));
    }

    @ParameterizedTest
    @CsvSource({"गीता, गीत", "ገብረ, ገብሩ", "Anna, Hanna", "علي, عالي"})
    void different_names_stay_different(String one, String other) {
        assertThat(NameWords.of(one)).isNotEqualTo(NameWords.of(other));
    }

    @Property
    void any_text_gives_words_and_its_own_words_again(@ForAll String text) {
        var words = NameWords.of(text);
        assertThat(NameWords.of(String.join(" ", words)).stream().sorted().toList())
                .containsAll(words.stream()
                        .filter(word -> word.length() < 60)
                        .sorted()
                        .toList());
    }
}
