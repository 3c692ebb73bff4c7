package org.annona.interop.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JSON of others may cost. */
class LimitsTest {

    private static byte[] listOf(String value, int count) {
        return ("[" + (value + ",").repeat(count - 1) + value + "]").getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "{}", "{\"a\":1}", "\"\""})
    void json_of_too_many_parts_is_refused_by_both_readers(String value) {
        byte[] many = listOf(value, StrictJson.MOST_PARTS);

        assertThatThrownBy(() -> StrictJson.read(many))
                .isInstanceOf(UnreadableJson.class)
                .hasMessageContaining("too many parts");
        assertThatThrownBy(() -> CanonicalJson.read(many))
                .isInstanceOf(UnreadableJson.class)
                .hasMessageContaining("too many parts");
    }

    @Test
    void a_page_of_a_thousand_households_is_not_too_much() {
        String member = IntStream.range(0, 30)
                .mapToObj(i -> "\"attribute_" + i + "\":\"value\"")
                .collect(Collectors.joining(",", "{", "}"));
        String household = new String(listOf(member, 8), StandardCharsets.UTF_8);

        assertThat(StrictJson.read(listOf(household, 1_000)).size()).isEqualTo(1_000);
    }

    @Test
    void what_a_message_needs_is_told_before_more_of_it_is_taken_in() {
        byte[] body = listOf("{}", 1_000_000);
        ByteArrayInputStream in = new ByteArrayInputStream(body);

        assertThatThrownBy(() -> JsonBody.read(in, body.length, need -> {
                    throw new IllegalStateException("no room for " + need);
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(in.available()).isGreaterThan(body.length - 100_000);
    }

    @Test
    void a_body_comes_whole_and_of_a_longer_one_a_byte_more_than_wanted() throws IOException {
        byte[] body = listOf("{}", 100_000);
        AtomicLong need = new AtomicLong();

        assertThat(JsonBody.read(new ByteArrayInputStream(body), body.length, need::addAndGet))
                .isEqualTo(body);
        assertThat(need).hasValue(JsonBody.need(body));
        assertThat(JsonBody.read(new ByteArrayInputStream(body), 1_000, ignored -> {}))
                .hasSize(1_001);
    }
}
