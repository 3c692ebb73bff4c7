package org.annona.foundation.job;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job as its page shows it. */
public record JobView(
        UUID id,
        String block,
        String kind,
        String title,
        String subject,
        JobState state,
        String stage,
        @Nullable Long rowsTotal,
        long rowsDone,
        long rowsFailed,
        @Nullable String problemCode,
        String message,
        String requestedBy,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        boolean cancelRequested) {

    /** 0 to 100, or null while the total is not known. */
    public @Nullable Integer percent() {
        if (state == JobState.DONE) {
            return 100;
        }
        if (rowsTotal == null) {
            return null;
        }
        return rowsTotal == 0 ? 0 : (int) Math.min(100, (rowsDone + rowsFailed) * 100 / rowsTotal);
    }

    public @Nullable Duration duration(Instant now) {
        return startedAt == null ? null : Duration.between(startedAt, endedAt == null ? now : endedAt);
    }
}
