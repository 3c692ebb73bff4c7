package org.annona.server.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.server.Refusal;

/** Waits for jobs, and tells how they go. */
final class Waiting {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Jobs jobs;
    private final Journal journal;

    Waiting(Jobs jobs, Journal journal) {
        this.jobs = jobs;
        this.journal = journal;
    }

    /** Waits for what a job brings about; says so at once when the job fails. */
    void until(String subject, BooleanSupplier done) {
        Instant said = Instant.now();
        while (!done.getAsBoolean()) {
            for (JobView job : jobs.ofSubject(subject, 5)) {
                if (job.state() == JobState.FAILED || job.state() == JobState.CANCELLED) {
                    throw new Refusal("The job '" + job.title() + "' stopped: " + job.message() + " Its page /jobs/"
                            + job.id() + " lets it go on once the cause is mended.");
                }
                if (Duration.between(said, Instant.now()).toSeconds() >= 5
                        && !job.state().isEnded()) {
                    said = Instant.now();
                    journal.more(job.title() + ": " + job.state().text() + ", " + job.stage() + ", "
                            + Journal.number(job.rowsDone())
                            + (job.rowsTotal() == null ? "" : " of " + Journal.number(job.rowsTotal()))
                            + (job.state() == JobState.WAITING ? " (" + job.message() + ")" : ""));
                }
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new Refusal("Interrupted. Run the demo again; it goes on where it stopped.");
            }
        }
    }
}
