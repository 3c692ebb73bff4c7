package org.annona.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.annona.foundation.load.Places;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/** Passwords take memory while they are looked at. */
class LimitedEncoderTest {

    @Test
    void no_more_passwords_are_looked_at_at_the_same_time_than_there_is_memory_for() {
        Places places = new Places(1, Duration.ofMillis(1));
        LimitedEncoder encoder = new LimitedEncoder(new Argon2PasswordEncoder(16, 32, 1, 64, 1), places);
        String hash = String.valueOf(encoder.encode("a password"));
        try (Places.Place another = places.enter()) {
            assertThatThrownBy(() -> encoder.matches("a password", hash))
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.code()).isEqualTo(FoundationProblem.BUSY));
            assertThatThrownBy(() -> encoder.encode("a password")).isInstanceOf(Problem.class);
        }
        assertThat(encoder.matches("a password", hash)).isTrue();
    }
}
