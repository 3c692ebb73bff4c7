package org.annona.exchange.partner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PerPartnerExecutorTest {

    private final CountDownLatch answered = new CountDownLatch(1);
    private final Map<UUID, Integer> taken = new HashMap<>();

    /** As the questions of these partners are leased: as many as are free, of partners that are not busy. */
    private void takeUp(PerPartnerExecutor executor, List<UUID> partners) {
        while (true) {
            int free = executor.free();
            List<UUID> open = partners.stream()
                    .filter(partner -> !executor.busy().contains(partner))
                    .toList();
            if (free == 0 || open.isEmpty()) {
                return;
            }
            for (int i = 0; i < free; i++) {
                assertThat(executor.take(UUID.randomUUID(), open.getFirst(), this::awaitAnswer))
                        .isTrue();
                taken.merge(open.getFirst(), 1, Integer::sum);
            }
        }
    }

    private void awaitAnswer() {
        try {
            answered.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<UUID> partners(int count) {
        List<UUID> partners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partners.add(UUID.randomUUID());
        }
        return partners;
    }

    @Test
    void eight_partners_that_are_away_leave_a_place_for_a_healthy_one() {
        try (PerPartnerExecutor executor = new PerPartnerExecutor("test", 64, 8)) {
            takeUp(executor, partners(8));
            UUID healthy = UUID.randomUUID();

            assertThat(executor.free()).isPositive();
            assertThat(executor.busy()).doesNotContain(healthy);
            takeUp(executor, List.of(healthy));
            assertThat(taken.get(healthy)).isEqualTo(1);
            answered.countDown();
        }
    }

    @Test
    void one_partner_takes_no_more_than_its_places_and_all_together_no_more_than_there_are() {
        try (PerPartnerExecutor executor = new PerPartnerExecutor("test", 64, 8)) {
            List<UUID> one = partners(1);
            takeUp(executor, one);
            assertThat(taken.get(one.getFirst())).isEqualTo(8);
            takeUp(executor, partners(100));
            assertThat(taken.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(64);
            answered.countDown();
        }
    }
}
