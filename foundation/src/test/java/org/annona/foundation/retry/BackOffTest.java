package org.annona.foundation.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private static final BackOff BACK_OFF = BackOff.doubling(Duration.ofSeconds(2), Duration.ofMinutes(10));

    @Test
    void each_pause_is_twice_as_long_as_the_one_before_up_to_the_longest() {
        assertThat(BACK_OFF.after(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(BACK_OFF.after(2)).isEqualTo(Duration.ofSeconds(4));
        assertThat(BACK_OFF.after(9)).isEqualTo(Duration.ofSeconds(512));
        assertThat(BACK_OFF.after(10)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void a_counterpart_that_asks_for_a_longer_pause_gets_it_up_to_the_longest() {
        assertThat(BACK_OFF.after(1, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
        assertThat(BACK_OFF.after(6, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(64));
        assertThat(BACK_OFF.after(1, Duration.ofDays(1))).isEqualTo(Duration.ofMinutes(10));
    }

    @Property
    void no_number_of_failures_makes_a_pause_that_is_shorter_or_beyond_the_longest(
            @ForAll @IntRange(min = 0) int failures) {
        Duration pause = BACK_OFF.after(failures);

        assertThat(pause).isBetween(BACK_OFF.first(), BACK_OFF.longest());
        assertThat(BACK_OFF.spread(failures)).isBetween(pause.dividedBy(2), pause);
    }
}
