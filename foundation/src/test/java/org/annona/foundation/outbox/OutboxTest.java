package org.annona.foundation.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.database.Database;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Database database = TestDatabases.fresh();
    private final Outbox outbox = new Outbox("registry");
    private final List<String> received = new ArrayList<>();
    private Instant now = Instant.parse("2126-11-21T08:00:00Z");
    private int failures;

    private final OutboxReceiver receiver = new OutboxReceiver() {
        @Override
        public String topic() {
            return "registry.changed";
        }

        @Override
        public void receive(OutboxMessage message) {
            if (failures > 0) {
                failures--;
                throw new IllegalStateException("not now");
            }
            received.add(message.key() + message.payload());
        }
    };

    private OutboxDelivery delivery() {
        return new OutboxDelivery(database, List.of(receiver), Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void a_message_is_delivered_once_even_if_posted_twice_under_its_key() {
        post("a");
        post("a");
        delivery().deliverDue();
        delivery().deliverDue();
        assertThat(received).containsExactly("a{\"n\": 1}");
    }

    @Test
    void a_message_that_is_not_taken_comes_again_later_and_holds_up_no_other() {
        failures = 1;
        post("a");
        post("b");
        delivery().deliverDue();
        assertThat(received).hasSize(1);
        delivery().deliverDue();
        assertThat(received).as("not before its time").hasSize(1);
        now = now.plus(Duration.ofMinutes(1));
        delivery().deliverDue();
        assertThat(received).hasSize(2);
    }

    @Test
    void a_message_that_nobody_takes_ends_up_waiting_for_a_person_and_can_be_revived() {
        failures = Integer.MAX_VALUE;
        post("a");
        for (int attempt = 0; attempt < 40; attempt++) {
            delivery().deliverDue();
            now = now.plus(Duration.ofMinutes(11));
        }
        assertThat(state()).isEqualTo("dead");
        failures = 0;
        delivery()
                .revive(database.sql()
                        .fetchSingle("select id from foundation.outbox")
                        .get(0, java.util.UUID.class));
        delivery().deliverDue();
        assertThat(received).hasSize(1);
    }

    @Test
    void a_message_whose_sender_is_elsewhere_waits_for_the_process_that_knows_its_topic() {
        database.transact(tx -> outbox.post(tx, "payments.settled", "x", Map.of()));
        delivery().deliverDue();
        assertThat(state()).isEqualTo("pending");
    }

    private void post(String key) {
        database.transact(tx -> outbox.post(tx, "registry.changed", key, Map.of("n", 1)));
    }

    private String state() {
        return database.sql().fetchSingle("select state from foundation.outbox").get(0, String.class);
    }
}
