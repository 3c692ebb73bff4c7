package org.annona.foundation.job;

import java.time.Duration;

/** What follows after one step of a job. */
public sealed interface Step {

    Step CONTINUE = new Continue();

    Step FINISHED = new Finished();

    static Step waitFor(Duration time, String reason) {
        return new Wait(time, reason);
    }

    record Continue() implements Step {}

    record Finished() implements Step {}

    /** Nothing can be done for a while; the job goes on by itself afterwards. */
    record Wait(Duration time, String reason) implements Step {}
}
