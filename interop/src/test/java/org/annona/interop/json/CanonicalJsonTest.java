package org.annona.interop.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.annona.interop.json.CanonicalJson.Letters;
import org.annona.interop.json.CanonicalJson.Numbers;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    private static CanonicalJson read(String json) {
        return CanonicalJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keys_are_sorted_by_code_point_and_blanks_go() {
        assertThat(read("{ \"b\" : [ 1 , true, null ], \"a\": {}, \"\\ue000\": 1, \"\\ud83d\\ude00\": 2, \"Z\": []}")
                        .text())
                .isEqualTo("{\"Z\":[],\"a\":{},\"b\":[1,true,null],\"\\ue000\":1,\"\\ud83d\\ude00\":2}");
    }

    @Test
    void letters_outside_ascii_are_escaped_in_lower_case_and_the_slash_is_not() {
        assertThat(read("\"\\u00C9 \\u12ab / \\\" \\\\ \\b\\f\\n\\r\\t \\u0001 \\u007f\"")
                        .text())
                .isEqualTo("\"\\u00c9 \\u12ab / \\\" \\\\ \\b\\f\\n\\r\\t \\u0001 \\u007f\"");
        assertThat(read("\"\\u00C9\"").text(Numbers.AS_RECEIVED, Letters.PLAIN)).isEqualTo("\"É\"");
    }

    @Test
    void numbers_keep_their_spelling_or_take_the_one_of_python() {
        String sent =
                "[1, -0, 1.0, 1E3, 0.00001, 123456789012345678, 1e16, 5e-324, 2.50, -0.0, 1e399, 9007199254740993.0]";

        assertThat(read(sent).text()).isEqualTo(sent.replace(" ", ""));
        assertThat(read(sent).text(Numbers.AS_PYTHON, Letters.ESCAPED))
                .isEqualTo("[1,0,1.0,1000.0,1e-05,123456789012345678,1e+16,5e-324,2.5,-0.0,1e399,9007199254740993.0]");
    }

    @Test
    void python_spells_doubles_like_this() {
        Map.of(
                        "0.0001", "0.0001",
                        "0.00012345", "0.00012345",
                        "9999999999999998.0", "9999999999999998.0",
                        "1e15", "1000000000000000.0",
                        "1e23", "1e+23",
                        "1.7976931348623157e308", "1.7976931348623157e+308",
                        "0.1", "0.1",
                        "2e-3", "0.002",
                        "-1.5e-7", "-1.5e-07",
                        "100.0", "100.0")
                .forEach((received, python) -> assertThat(CanonicalJson.asPython(received))
                        .as(received)
                        .isEqualTo(python));
    }

    @Test
    void what_two_readers_could_understand_differently_is_refused() {
        String deep = "[".repeat(70) + "]".repeat(70);
        for (String bad : new String[] {
            "{\"a\":1,\"a\":2}",
            "{\"x\":{\"a\":1,\"\\u0061\":2}}",
            "{} {}",
            "",
            " ",
            "{",
            "{'a':1}",
            "NaN",
            "1e2147483648",
            "1e-9999999999",
            "[1e999999999]",
            "\"\\ud800\"",
            "{\"\\udc00\":1}",
            "\"\\ud83d\\u0041\"",
            "01",
            deep,
            "1".repeat(101)
        }) {
            assertThatThrownBy(() -> read(bad)).as(bad).isInstanceOf(UnreadableJson.class);
            assertThatThrownBy(() -> StrictJson.read(bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(UnreadableJson.class);
        }
        for (byte[] bad : new byte[][] {
            "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE),
            "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE),
            {'"', (byte) 0xC3, (byte) 0x28, '"'},
            {'"', (byte) 0xC0, (byte) 0x80, '"'}
        }) {
            assertThatThrownBy(() -> CanonicalJson.read(bad)).isInstanceOf(UnreadableJson.class);
        }
    }

    @Test
    void the_spelling_does_not_depend_on_where_the_program_runs() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ne-NP-u-nu-deva"));
            assertThat(CanonicalJson.asPython("1e16")).isEqualTo("1e+16");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void what_is_missing_is_added_and_what_is_there_stays() {
        assertThat(read("{\"a\":1}").withMissing(read("{\"a\":2,\"b\":null}")).text())
                .isEqualTo("{\"a\":1,\"b\":null}");
        assertThat(read("{\"a\":1,\"b\":2}").without("a").text()).isEqualTo("{\"b\":2}");
    }
}
