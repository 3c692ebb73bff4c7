package org.annona.foundation.lease;

import static org.annona.foundation.internal.tables.Tables.OUTBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.noCondition;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.database.Database;
import org.annona.foundation.internal.tables.tables.records.OutboxRecord;
import org.annona.foundation.outbox.Outbox;
import org.jooq.Condition;
import org.junit.jupiter.api.Test;

class LeasesTest {

    private static final Leases<OutboxRecord> LEASES = new Leases<>(
            OUTBOX, OUTBOX.ID, OUTBOX.NEXT_TRY_AT, OUTBOX.ATTEMPTS, OUTBOX.LEASE_UNTIL, Duration.ofMinutes(2));

    private final Database database = TestDatabases.fresh();
    private Instant now = Instant.parse("2126-11-21T08:00:00Z");

    @Test
    void a_row_is_taken_by_one_process_until_its_lease_ends() {
        post("a");
        post("b");
        post("c");

        assertThat(take(noCondition(), 2)).containsExactly("a", "b");
        assertThat(take(noCondition(), 2)).containsExactly("c");
        assertThat(take(noCondition(), 2)).isEmpty();
        now = now.plus(Duration.ofMinutes(2)).plusMillis(1);
        assertThat(take(noCondition(), 9)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(database.sql().select(OUTBOX.ATTEMPTS).from(OUTBOX).fetch(OUTBOX.ATTEMPTS))
                .containsOnly(2);
    }

    @Test
    void rows_that_another_process_holds_locked_are_passed_over() {
        post("a");
        post("b");
        database.transact(tx -> {
            tx.selectFrom(OUTBOX).where(OUTBOX.KEY.eq("a")).forUpdate().fetch();
            assertThat(take(noCondition(), 9)).containsExactly("b");
        });
    }

    @Test
    void rows_that_are_not_due_or_not_wanted_stay() {
        post("a");
        post("later");
        database.sql()
                .update(OUTBOX)
                .set(OUTBOX.NEXT_TRY_AT, now.plusSeconds(1))
                .where(OUTBOX.KEY.eq("later"))
                .execute();

        assertThat(take(OUTBOX.KEY.ne("a"), 9)).isEmpty();
        assertThat(take(noCondition(), 9)).containsExactly("a");
    }

    private List<String> take(Condition wanted, int most) {
        return database.inTransaction(tx -> LEASES.take(tx, now, wanted, most)).stream()
                .map(OutboxRecord::getKey)
                .sorted()
                .toList();
    }

    private void post(String key) {
        database.transact(tx -> new Outbox("registry").post(tx, "registry.changed", key, List.of()));
    }
}
