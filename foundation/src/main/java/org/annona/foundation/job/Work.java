package org.annona.foundation.job;

/**
 * One kind of long work. A step does one chunk, commits it through {@link JobRun#chunk} and returns; whatever a step did
 * before its commit must have no effect when it is done again.
 */
public interface Work {

    /** Stable name, such as {@code registry.apply-import}. */
    String kind();

    Step step(JobRun run);

    /** Called once, after the job was cancelled and its last chunk is committed or rolled back. */
    default void cancelled(JobRun run) {}
}
