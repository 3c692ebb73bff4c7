package org.annona.foundation.database;

import static org.annona.foundation.internal.tables.Tables.JOB;
import static org.annona.foundation.internal.tables.Tables.OUTBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.internal.tables.states.JobState;
import org.annona.foundation.internal.tables.states.OutboxState;
import org.annona.foundation.internal.tables.tables.records.JobRecord;
import org.annona.foundation.internal.tables.tables.records.OutboxRecord;
import org.jooq.JSONB;
import org.junit.jupiter.api.Test;

class CopyWriterTest {

    private static final Database DATABASE = TestDatabases.withoutRowSecurity();

    static OutboxRecord message(String key, byte[] hash) {
        OutboxRecord row = new OutboxRecord();
        row.setId(Ids.next());
        row.setBlock("registry");
        row.setTopic("changed");
        row.setKey(key);
        row.setPayload(JSONB.valueOf("{}"));
        row.setPayloadHash(hash);
        return row;
    }

    private static OutboxRecord stored(OutboxRecord row) {
        return DATABASE.sql().fetchSingle(OUTBOX, OUTBOX.ID.eq(row.getId()));
    }

    @Test
    void columns_that_nobody_set_keep_their_default_and_unset_ones_are_empty() {
        OutboxRecord sent = message("one", new byte[] {1});
        sent.setDeliveredAt(Instant.parse("2026-11-21T09:00:00.123456Z"));
        OutboxRecord waiting = message("two", new byte[] {2});
        CopyWriter.of(List.of(sent, waiting)).write(DATABASE.sql());

        assertThat(stored(waiting).getState()).isEqualTo(OutboxState.PENDING);
        assertThat(stored(waiting).getDeliveredAt()).isNull();
        assertThat(stored(sent).getDeliveredAt()).isEqualTo(Instant.parse("2026-11-21T09:00:00.123456Z"));
    }

    @Test
    void numbers_and_flags_arrive_as_they_were_given() {
        JobRecord job = new JobRecord();
        job.setId(Ids.next());
        job.setBlock("registry");
        job.setKind("count");
        job.setKey("count/" + job.getId());
        job.setTitle("");
        job.setSubject("");
        job.setState(JobState.DONE);
        job.setInput(JSONB.valueOf("{\"a\": 1}"));
        job.setRowsDone(Long.MAX_VALUE);
        job.setTries(Integer.MAX_VALUE);
        job.setRequestedBy("amina");
        job.setStartedAt(Instant.parse("1969-07-20T20:17:40.000001Z"));
        job.setCancelRequested(true);
        CopyWriter.of(List.of(job)).write(DATABASE.sql());

        JobRecord stored = DATABASE.sql().fetchSingle(JOB, JOB.ID.eq(job.getId()));
        assertThat(stored.getState()).isEqualTo(JobState.DONE);
        assertThat(stored.getRowsDone()).isEqualTo(Long.MAX_VALUE);
        assertThat(stored.getTries()).isEqualTo(Integer.MAX_VALUE);
        assertThat(stored.getStartedAt()).isEqualTo(job.getStartedAt());
        assertThat(stored.getCancelRequested()).isTrue();
        assertThat(stored.getInput()).isEqualTo(job.getInput());
    }

    @Test
    void rows_that_clash_are_refused_together_and_the_transaction_can_go_on() {
        OutboxRecord first = message("same", "x".getBytes(StandardCharsets.UTF_8));
        OutboxRecord second = message("other", "x".getBytes(StandardCharsets.UTF_8));
        second.setId(first.getId());
        DATABASE.transact(tx -> {
            assertThatThrownBy(() -> tx.transaction(
                            savepoint -> CopyWriter.of(List.of(first, second)).write(savepoint.dsl())))
                    .matches(Sqlstate::isConflict);
            CopyWriter.of(List.of(first)).write(tx);
        });

        assertThat(stored(first).getKey()).isEqualTo("same");
    }

    @Test
    void nothing_is_written_for_no_rows() {
        CopyWriter.of(List.<OutboxRecord>of()).write(DATABASE.sql());
    }
}
