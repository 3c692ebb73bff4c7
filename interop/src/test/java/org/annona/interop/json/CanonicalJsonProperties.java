package org.annona.interop.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.annona.interop.json.CanonicalJson.Letters;
import org.annona.interop.json.CanonicalJson.Numbers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CanonicalJsonProperties {

    private static final StringArbitrary TEXTS =
            Arbitraries.strings().withCharRange(' ', '\u02ff').withChars("\u12ab\u0628\ue000\uffff\b\n\t");

    @Provide
    Arbitrary<Object> trees() {
        return trees(3);
    }

    private static Arbitrary<Object> trees(int depth) {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                TEXTS.ofMaxLength(8).map(text -> (Object) text),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.of(true, false).map(flag -> (Object) flag));
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<Object> below = trees(depth - 1);
        return Arbitraries.oneOf(
                leaves,
                below.list().ofMaxSize(3).map(list -> (Object) list),
                Arbitraries.maps(TEXTS.ofMaxLength(5), below).ofMaxSize(4).map(map -> (Object) map));
    }

    private static Object shuffled(Object tree, Random random) {
        if (tree instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
            Collections.shuffle(entries, random);
            Map<Object, Object> other = new LinkedHashMap<>();
            entries.forEach(entry -> other.put(entry.getKey(), shuffled(entry.getValue(), random)));
            return other;
        }
        return tree instanceof List<?> list
                ? list.stream().map(one -> shuffled(one, random)).toList()
                : tree;
    }

    @Property(tries = 300)
    void the_order_of_keys_and_the_blanks_of_the_sender_do_not_matter(@ForAll("trees") Object tree, @ForAll Random r) {
        byte[] sent = JsonMapper.shared().writeValueAsBytes(tree);
        byte[] permuted = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(shuffled(tree, r));

        assertThat(CanonicalJson.read(permuted).text())
                .isEqualTo(CanonicalJson.read(sent).text());
    }

    @Property(tries = 300)
    void the_canonical_text_says_the_same_and_is_its_own_canonical_text(@ForAll("trees") Object tree) {
        byte[] sent = JsonMapper.shared().writeValueAsBytes(tree);
        String canonical = CanonicalJson.read(sent).text();
        JsonNode meant = StrictJson.read(sent);

        assertThat(StrictJson.read(canonical.getBytes(StandardCharsets.UTF_8))).isEqualTo(meant);
        assertThat(CanonicalJson.read(canonical.getBytes(StandardCharsets.UTF_8))
                        .text())
                .isEqualTo(canonical);
        assertThat(canonical).matches("[\\x20-\\x7e]*");
    }

    @Property(tries = 2_000)
    void the_spelling_of_python_is_the_same_double(@ForAll long bits) {
        double number = Double.longBitsToDouble(bits);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return;
        }
        String json = "[" + number + "]";
        String python =
                CanonicalJson.read(json.getBytes(StandardCharsets.UTF_8)).text(Numbers.AS_PYTHON, Letters.ESCAPED);

        assertThat(Double.parseDouble(python.substring(1, python.length() - 1))).isEqualTo(number);
    }
}
