package org.annona.foundation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    @Test
    void pieces_come_in_their_order_and_one_is_prepared_ahead_at_most() {
        AtomicInteger prepared = new AtomicInteger();
        try (ReadAhead<Integer> ahead = new ReadAhead<>(prepared::incrementAndGet)) {
            for (int expected = 1; expected <= 50; expected++) {
                assertThat(ahead.take()).isEqualTo(expected);
                assertThat(prepared.get()).isBetween(expected, expected + 1);
            }
        }
    }

    @Test
    void what_the_source_throws_reaches_whoever_takes() {
        try (ReadAhead<Integer> ahead = new ReadAhead<>(() -> {
            throw new IllegalArgumentException("line 7");
        })) {
            assertThatThrownBy(ahead::take)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("line 7");
        }
    }

    @Test
    void after_closing_the_source_is_not_in_use_any_more() {
        AtomicBoolean inUse = new AtomicBoolean();
        ReadAhead<Integer> ahead = new ReadAhead<>(() -> {
            inUse.set(true);
            Thread.yield();
            inUse.set(false);
            return 1;
        });
        ahead.take();
        ahead.close();
        assertThat(inUse).isFalse();
    }
}
