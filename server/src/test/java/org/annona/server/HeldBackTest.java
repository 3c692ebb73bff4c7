package org.annona.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

/** What waits after a restore. */
class HeldBackTest {

    @Test
    void what_is_held_back_by_name_is_what_the_server_does_under_that_name() throws Exception {
        GenericApplicationContext[] beans = new GenericApplicationContext[1];
        try (TestInstallations installations = new TestInstallations()) {
            Settings settings = installations.settings("held", Map.of());
            try (Installation installation = Installation.open(settings);
                    RunningServer server = RunningServer.start(settings, installation, more -> beans[0] = more)) {
                assertThat(server.url()).isNotEmpty();
                Set<String> names = new HashSet<>();
                beans[0].getBeansOfType(Work.class).values().forEach(work -> names.add(work.kind()));
                beans[0].getBeansOfType(Recurring.class).values().forEach(recurring -> names.add(recurring.name()));

                assertThat(names).containsAll(HeldBack.OUTWARD);
            }
        }
    }

    @Test
    void what_tells_others_waits_until_finance_has_confirmed_and_the_rest_does_not() {
        AtomicBoolean restored = new AtomicBoolean(true);
        AtomicInteger told = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        List<Recurring> recurring = new HeldBack(restored::get)
                .recurring(List.of(
                        new Recurring("exchange.call-back", Duration.ofSeconds(1), told::incrementAndGet),
                        new Recurring("payments.close-envelopes", Duration.ofSeconds(1), closed::incrementAndGet)));

        recurring.forEach(one -> one.work().run());
        assertThat(told).hasValue(0);
        restored.set(false);
        recurring.forEach(one -> one.work().run());

        assertThat(told).hasValue(1);
        assertThat(closed).hasValue(2);
    }
}
