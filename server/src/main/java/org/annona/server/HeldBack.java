package org.annona.server;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;

/**
 * What would tell or ask other systems something. After a restore it waits together with the payments: partners may know more than the
 * backup, and would be told what is no longer so.
 */
final class HeldBack {

    static final Set<String> OUTWARD = Set.of(
            "exchange.tell-events",
            "exchange.call-back",
            "exchange.inquire",
            "programs.recheck-duplicates",
            "programs.check-members",
            "registry.start-pulls",
            "registry.fetch-records",
            "tokens.start-due-runs",
            "tokens.start-due-sweeps");
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final BooleanSupplier restored;

    /** @param restored whether the installation was restored and finance has not confirmed */
    HeldBack(BooleanSupplier restored) {
        this.restored = restored;
    }

    private static boolean isOutward(String name) {
        return OUTWARD.contains(name) || name.startsWith("tokens.");
    }

    List<Recurring> recurring(List<Recurring> all) {
        return all.stream()
                .map(one -> !isOutward(one.name())
                        ? one
                        : new Recurring(one.name(), one.pause(), () -> {
                            if (!restored.getAsBoolean()) {
                                one.work().run();
                            }
                        }))
                .toList();
    }

    List<Work> works(List<Work> all) {
        return all.stream()
                .map(one -> isOutward(one.kind()) ? new Waiting(one) : one)
                .toList();
    }

    private final class Waiting implements Work {

        private final Work work;

        Waiting(Work work) {
            this.work = work;
        }

        @Override
        public String kind() {
            return work.kind();
        }

        @Override
        public Step step(JobRun run) {
            return restored.getAsBoolean()
                    ? Step.waitFor(
                            LOOK_AGAIN,
                            "restored from a backup: other systems are left alone until finance has confirmed")
                    : work.step(run);
        }

        @Override
        public void cancelled(JobRun run) {
            work.cancelled(run);
        }
    }
}
