package org.annona.foundation.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Table;

/**
 * Due rows of a table, which a process takes for a limited time. The lease commits before the work begins, so that no
 * transaction is open meanwhile; a process that dies leaves its rows to another one when the lease ends.
 *
 * @param nextTryAt when a row is due; the oldest come first
 * @param attempts raised by one with each lease
 * @param duration longer than the work on all rows of one lease may take
 */
public record Leases<R extends Record>(
        Table<R> table,
        Field<UUID> id,
        Field<Instant> nextTryAt,
        Field<Integer> attempts,
        Field<Instant> leaseUntil,
        Duration duration) {

    /** @param wanted what a row has to fulfil besides being due and free */
    public Result<R> take(DSLContext tx, Instant now, Condition wanted, int most) {
        return take(tx, now, wanted, most, Map.of());
    }

    /** @param changes other columns that change with the lease */
    public Result<R> take(DSLContext tx, Instant now, Condition wanted, int most, Map<? extends Field<?>, ?> changes) {
        return tx.update(table)
                .set(leaseUntil, now.plus(duration))
                .set(attempts, attempts.plus(1))
                .set(changes)
                .where(id.in(tx.select(id)
                        .from(table)
                        .where(nextTryAt.le(now), wanted)
                        .and(leaseUntil.isNull().or(leaseUntil.lt(now)))
                        .orderBy(nextTryAt, id)
                        .limit(most)
                        .forUpdate()
                        .skipLocked()))
                .returning()
                .fetch();
    }
}
