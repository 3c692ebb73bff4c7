package org.annona.interop.signature;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.key.VerificationKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The keys that a partner publishes. They are kept for a while; a name that is not among them makes one new fetch, not more
 * often than agreed; and when the partner cannot be reached the last good ones serve for a limited time (DCI reference
 * R12.13). After that nothing is known, which is not the same as a wrong signature.
 */
public final class FetchedKeys implements KeySource {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final PartnerHttp http;
    private final String address;
    private final Times times;
    private final Clock clock;

    private final ReentrantLock asking = new ReentrantLock();
    private volatile Known known = new Known(List.of(), List.of(), Instant.MIN);
    private volatile Instant tried = Instant.MIN;

    private record Known(List<VerificationKey> keys, List<RSAKey> encryption, Instant since) {

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

    /** With which messages to the partner are encrypted, in its order; empty where it publishes none. */
    public List<RSAKey> encryptionKeys() {
        keys(null);
        return known.encryption();
    }

    private static boolean isOlder(Instant time, Duration age, Instant now) {
        return time.equals(Instant.MIN) || now.isAfter(time.plus(age));
    }

    /** One asks; the others wait for it only where there is nothing that they could use meanwhile, and not for long. */
    private void fetch(Instant now) {
        if (!asking.tryLock() && (!isOlder(known.since(), times.lastGood(), now) || !waited())) {
            return;
        }
        try {
            if (isOlder(tried, times.pause(), now)) {
                tried = now;
                PartnerHttp.Answer answer = http.get(address);
                if (answer.status() == 200) {
                    known = read(answer.body(), now);
                }
            }
        } catch (IOException | UnreadableJson unreadable) {
            // The last good ones stay; when they are too old, keys() says so.
        } finally {
            asking.unlock();
        }
    }

    private boolean waited() {
        try {
            return asking.tryLock(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Keys for other purposes, damaged ones and kinds that are not spoken here are passed over; the others count. */
    private static Known read(byte[] document, Instant now) {
        List<VerificationKey> signing = new ArrayList<>();
        List<RSAKey> encryption = new ArrayList<>();
        JsonNode keys = StrictJson.read(document).path("keys");
        if (!keys.isArray()) {
            throw new UnreadableJson("it is no set of keys");
        }
        for (JsonNode key : keys) {
            try {
                JWK jwk = JWK.parse(key.toString());
                if (KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
                    signing.add(VerificationKey.of(jwk));
                } else if (KeyUse.ENCRYPTION.equals(jwk.getKeyUse()) && jwk instanceof RSAKey rsa) {
                    encryption.add(rsa.toPublicJWK());
                }
            } catch (ParseException | RuntimeException unfit) {
                continue;
            }
        }
        return new Known(List.copyOf(signing), List.copyOf(encryption), now);
    }
}
