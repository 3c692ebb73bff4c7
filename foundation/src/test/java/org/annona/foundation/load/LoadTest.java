package org.annona.foundation.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bounds on what is done at once. */
class LoadTest {

    private static void isBusy(ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(FoundationProblem.BUSY));
    }

    @Test
    void a_request_without_a_place_is_refused_in_time_and_a_place_that_was_left_is_free() {
        Places places = new Places(2, Duration.ofMillis(1));
        try (Places.Place first = places.enter()) {
            try (Places.Place second = places.enter()) {
                isBusy(places::enter);
            }
            assertThatCode(() -> places.enter().close()).doesNotThrowAnyException();
        }
    }

    @Test
    void messages_that_together_need_more_than_the_budget_are_refused() {
        MemoryBudget budget = new MemoryBudget(100);
        try (MemoryBudget.Claim one = budget.claim();
                MemoryBudget.Claim other = budget.claim()) {
            one.add(60);
            other.add(40);
            isBusy(() -> other.add(1));
            isBusy(() -> one.add(1));
        }
        try (MemoryBudget.Claim later = budget.claim()) {
            assertThatCode(() -> later.add(100)).doesNotThrowAnyException();
        }
    }

    @Test
    void a_message_that_is_alone_is_let_in_whatever_it_needs() {
        MemoryBudget budget = new MemoryBudget(100);
        try (MemoryBudget.Claim large = budget.claim();
                MemoryBudget.Claim small = budget.claim()) {
            large.add(90);
            large.add(90);
            isBusy(() -> small.add(1));
        }
    }
}
