package org.annona.foundation.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one chunk achieved; written in the same transaction as its effects.
 *
 * @param cursor where the next chunk begins
 * @param total replaces the known total, unless null
 * @param stage replaces the name of the stage, unless null
 */
public record Progress(
        boolean finished,
        @Nullable Object cursor,
        long done,
        long failed,
        @Nullable Long total,
        @Nullable String stage,
        @Nullable String message,
        List<RowError> errors) {

    public static Progress upTo(Object cursor) {
        return new Progress(false, cursor, 0, 0, null, null, null, List.of());
    }

    public static Progress finished(String message) {
        return new Progress(true, null, 0, 0, null, null, message, List.of());
    }

    public Progress done(long rows) {
        return new Progress(finished, cursor, rows, failed, total, stage, message, errors);
    }

    public Progress failed(long rows) {
        return new Progress(finished, cursor, done, rows, total, stage, message, errors);
    }

    public Progress failed(List<RowError> rowErrors) {
        return new Progress(finished, cursor, done, rowErrors.size(), total, stage, message, List.copyOf(rowErrors));
    }

    public Progress ofTotal(long rows) {
        return new Progress(finished, cursor, done, failed, rows, stage, message, errors);
    }

    public Progress in(String newStage) {
        return new Progress(finished, cursor, done, failed, total, newStage, message, errors);
    }
}
