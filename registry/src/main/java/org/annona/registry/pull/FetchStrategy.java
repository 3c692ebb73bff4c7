package org.annona.registry.pull;

import java.time.Duration;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Step;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.retry.BackOff;
import org.annona.registry.RegistryProblem;
import org.annona.registry.source.SourceAnswer;
import org.annona.registry.source.SourceClient;

/** One way through the records of a source; how far it is, it keeps as the cursor of the job. */
interface FetchStrategy {

    /** What cannot be read so often is not the line, but a record. */
    int TRIES_UNTIL_APART = 2;

    /** Far more than any country has households. */
    long MOST_RECORDS = 100_000_000;

    /** Asks once, and keeps what comes. */
    Step next(JobRun run, SourceClient client);

    static Problem refused(String reason) {
        return Problem.of(RegistryProblem.SOURCE_REFUSES, "reason", reason);
    }

    /**
     * How long a source is left alone after failures.
     *
     * @param first pause; it doubles with each failure
     */
    record Patience(Duration first, String sourceName) {

        private static final int MOST_TRIES = 12;
        private static final Duration LONGEST = Duration.ofMinutes(10);

        /**
         * Whether there is a point in waiting.
         *
         * @param tries failures on end
         * @throws Problem where there is none
         */
        SourceAnswer.Passing spend(SourceAnswer answer, int tries) {
            return switch (answer) {
                case SourceAnswer.Passing passing when tries <= MOST_TRIES -> passing;
                case SourceAnswer.Passing(String reason, Duration after) ->
                    throw refused("after " + MOST_TRIES + " tries: " + reason);
                case SourceAnswer.Refused(String reason) -> throw refused(reason);
                default -> throw refused("it cannot be asked");
            };
        }

        Step pause(SourceAnswer.Passing answer, int tries) {
            BackOff backOff = BackOff.doubling(first, LONGEST);
            Duration asked = answer.after();
            return Step.waitFor(
                    asked == null ? backOff.after(tries) : backOff.after(tries, asked),
                    sourceName + ": " + answer.reason());
        }
    }
}
