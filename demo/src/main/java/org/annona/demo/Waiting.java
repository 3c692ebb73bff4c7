package org.annona.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.server.Refusal;

/** Waits for jobs and prints their progress. */
final class Waiting {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Jobs jobs;
    private final DemoOutput output;

    Waiting(Jobs jobs, DemoOutput output) {
        this.jobs = jobs;
        this.output = output;
    }

    /** Waits for the effect of a job; a job that fails ends the wait at once. */
    void until(String subject, BooleanSupplier done) {
        Instant said = Instant.now();
        while (!done.getAsBoolean()) {
            for (JobView job : jobs.ofSubject(subject, 5)) {
                if (job.state() == JobState.FAILED || job.state() == JobState.CANCELLED) {
                    throw new Refusal("The job '" + job.title() + "' stopped: " + job.message() + " Correct the cause,"
                            + " then resume the job on its page /jobs/" + job.id() + ".");
                }
                if (Duration.between(said, Instant.now()).toSeconds() >= 5
                        && !job.state().isEnded()) {
                    said = Instant.now();
                    output.more("... " + job.title() + ": " + DemoOutput.number(job.rowsDone())
                            + (job.rowsTotal() == null ? "" : " of " + DemoOutput.number(job.rowsTotal())) + " so far");
                }
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new Refusal("Interrupted. Run the demo again; it continues where it stopped.");
            }
        }
    }
}
