package org.annona.interop.signature;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.key.UnfitKey;
import org.annona.interop.key.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a partner publishes. They are kept for a while; a name that is not among them makes one new fetch, not more
 * often than agreed; and when the partner cannot be reached the last good ones serve for a limited time (DCI reference
 * R12.13). After that nothing is known, which is not the same as a wrong signature.
 */
public final class FetchedKeys implements KeySource {

    private final PartnerHttp http;
    private final String address;
    private final Times times;
    private final Clock clock;

    private final ReentrantLock asking = new ReentrantLock();
    private volatile Known known = new Known(List.of(), Instant.MIN);
    private volatile Instant tried = Instant.MIN;

    private record Known(List<VerificationKey> keys, Instant since) {

        List<VerificationKey> named(@Nullable String id) {
            return id == null
                    ? keys
                    : keys.stream().filter(key -> key.id().equals(id)).toList();
        }
    }

    /**
     * @param fresh how long fetched keys are used without asking again
     * @param pause the least time between two fetches
     * @param lastGood how long they are used when they cannot be fetched again
     */
    public record Times(Duration fresh, Duration pause, Duration lastGood) {
        public static final Times DEFAULT =
                new Times(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofHours(24));
    }

    /** @param address of the partner's key set, such as {@code https://partner/.well-known/jwks.json} */
    public FetchedKeys(PartnerHttp http, String address, Times times, Clock clock) {
        this.http = http;
        this.address = address;
        this.times = times;
        this.clock = clock;
    }

    @Override
    public List<VerificationKey> keys(@Nullable String id) {
        Instant now = clock.instant();
        if (isOlder(known.since(), times.fresh(), now) || known.named(id).isEmpty()) {
            fetch(now);
        }
        Known latest = known;
        if (isOlder(latest.since(), times.lastGood(), now)) {
            throw new KeysUnreachable("the keys at the partner's address could not be fetched");
        }
        return latest.named(id);
    }

    private static boolean isOlder(Instant time, Duration age, Instant now) {
        return time.equals(Instant.MIN) || now.isAfter(time.plus(age));
    }

    /** One asks; the others wait for it only where there is nothing that they could use meanwhile. */
    private void fetch(Instant now) {
        if (!asking.tryLock()) {
            if (!isOlder(known.since(), times.lastGood(), now)) {
                return;
            }
            asking.lock();
        }
        try {
            if (isOlder(tried, times.pause(), now)) {
                tried = now;
                PartnerHttp.Answer answer = http.get(address);
                if (answer.status() == 200) {
                    known = new Known(read(answer.body()), now);
                }
            }
        } catch (IOException | ParseException unreadable) {
            // The last good ones stay; when they are too old, keys() says so.
        } finally {
            asking.unlock();
        }
    }

    /** Keys for other purposes, or of kinds that are not spoken here, are passed over. */
    private static List<VerificationKey> read(byte[] document) throws ParseException {
        List<VerificationKey> fit = new ArrayList<>();
        for (JWK key :
                JWKSet.parse(new String(document, StandardCharsets.UTF_8)).getKeys()) {
            try {
                fit.add(VerificationKey.of(key));
            } catch (UnfitKey other) {
                continue;
            }
        }
        return List.copyOf(fit);
    }
}
