package org.annona.foundation.listing;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;

import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** Cuts a large set into chunks of consecutive keys, so that a statement for a chunk names only its two ends. */
public final class Chunk {

    private Chunk() {}

    /**
     * The last key of the next chunk, or null where nothing is left.
     *
     * @param rest which rows are still to be done, such as those above the last key of the chunk before
     */
    public static @Nullable UUID lastKey(DSLContext sql, Table<?> table, Field<UUID> key, Condition rest, int size) {
        Table<?> next = select(key.as("key"))
                .from(table)
                .where(rest)
                .orderBy(key)
                .limit(size)
                .asTable("next");
        Field<UUID> inNext = field(name("next", "key"), UUID.class);
        return sql.select(inNext).from(next).orderBy(inNext.desc()).limit(1).fetchOne(inNext);
    }
}
