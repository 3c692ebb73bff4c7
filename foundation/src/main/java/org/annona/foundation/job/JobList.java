package org.annona.foundation.job;

import static org.annona.foundation.internal.tables.Tables.JOB;
import static org.jooq.impl.DSL.noCondition;

import java.util.List;
import java.util.Map;
import org.annona.foundation.database.Database;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.jooq.Condition;

/** Lists jobs. Filters: state, block. */
public final class JobList {

    private static final Keyset ORDER = new Keyset(Map.of("requested", JOB.REQUESTED_AT), "requested", true, JOB.ID);

    private final Database database;

    public JobList(Database database) {
        this.database = database;
    }

    public Page<JobView> page(PageRequest request) {
        Condition condition = noCondition();
        if (!request.filter("state").isEmpty()) {
            condition = condition.and(JOB.STATE.coerce(String.class).eq(request.filter("state")));
        }
        if (!request.filter("block").isEmpty()) {
            condition = condition.and(JOB.BLOCK.eq(request.filter("block")));
        }
        return ORDER.page(database.sql(), List.of(JOB.fields()), JOB, condition, request)
                .map(row -> Jobs.view(row.into(JOB)));
    }

    /** How many jobs failed and wait for a person. */
    public long failed() {
        return database.sql().fetchCount(JOB, JOB.STATE.eq(JobState.FAILED.stored()));
    }
}
