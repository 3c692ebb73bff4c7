package org.annona.exchange.partner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PartnerDesksTest {

    private final CountDownLatch answered = new CountDownLatch(1);
    private final Map<UUID, Integer> taken = new HashMap<>();

    /** As the questions of these partners are leased: as many as are free, of partners that are not busy. */
    private void takeUp(PartnerDesks desks, List<UUID> partners) {
        while (true) {
            int free = desks.free();
            List<UUID> open = partners.stream()
                    .filter(partner -> !desks.busy().contains(partner))
                    .toList();
            if (free == 0 || open.isEmpty()) {
                return;
            }
            for (int i = 0; i < free; i++) {
                assertThat(desks.take(UUID.randomUUID(), open.getFirst(), this::awaitAnswer))
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
        try (PartnerDesks desks = new PartnerDesks("test", 64, 8)) {
            takeUp(desks, partners(8));
            UUID healthy = UUID.randomUUID();

            assertThat(desks.free()).isPositive();
            assertThat(desks.busy()).doesNotContain(healthy);
            takeUp(desks, List.of(healthy));
            assertThat(taken.get(healthy)).isEqualTo(1);
            answered.countDown();
        }
    }

    @Test
    void one_partner_takes_no_more_than_its_places_and_all_together_no_more_than_there_are() {
        try (PartnerDesks desks = new PartnerDesks("test", 64, 8)) {
            List<UUID> one = partners(1);
            takeUp(desks, one);
            assertThat(taken.get(one.getFirst())).isEqualTo(8);
            takeUp(desks, partners(100));
            assertThat(taken.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(64);
            answered.countDown();
        }
    }
}
