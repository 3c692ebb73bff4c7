package org.annona.exchange.inbound;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.annona.exchange.partner.Partner;

/** How many messages a partner may send. Counted by each process for itself; nothing of it has to survive. */
final class RateLimits {

    private final Map<UUID, Limited> buckets = new ConcurrentHashMap<>();

    private record Limited(int perMinute, Bucket bucket) {

        static Limited to(int perMinute) {
            return new Limited(
                    perMinute,
                    Bucket.builder()
                            .addLimit(Bandwidth.builder()
                                    .capacity(perMinute)
                                    .refillGreedy(perMinute, Duration.ofMinutes(1))
                                    .build())
                            .build());
        }
    }

    /** @return zero where the message may pass, else after how many seconds another one may come */
    long waitFor(Partner partner) {
        int perMinute = partner.limits().requestsPerMinute();
        ConsumptionProbe probe = buckets.compute(
                        partner.id(),
                        (id, known) -> known != null && known.perMinute() == perMinute ? known : Limited.to(perMinute))
                .bucket()
                .tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? 0 : 1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill());
    }
}
