package org.annona.exchange.partner;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.annona.exchange.ExchangeProblem;
import org.annona.foundation.problem.Problem;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.key.UnfitKey;
import org.annona.interop.key.VerificationKey;
import org.annona.interop.signature.FetchedKeys;
import org.annona.interop.signature.KeySource;
import org.jspecify.annotations.Nullable;

/**
 * The keys of partners, and the connections to them. Both are kept for as long as nothing of the partner's agreement changes,
 * so that connections are reused and keys are not fetched for every message.
 */
public final class PartnerKeys implements AutoCloseable {

    private final Partners partners;
    private final PartnerHttp.Limits limits;
    private final Clock clock;
    private final Map<UUID, Line> lines = new ConcurrentHashMap<>();

    public PartnerKeys(Partners partners, PartnerHttp.Limits limits, Clock clock) {
        this.partners = partners;
        this.limits = limits;
        this.clock = clock;
    }

    private record Line(int version, PartnerHttp http, KeySource signing, EncryptionKeys encryption) {}

    @FunctionalInterface
    private interface EncryptionKeys {
        List<RSAKey> all();
    }

    public PartnerHttp http(Partner partner) {
        return line(partner).http();
    }

    /** With which the partner's messages are verified. */
    public KeySource signing(Partner partner) {
        return line(partner).signing();
    }

    /** With which messages to the partner are encrypted; empty where it has none. */
    public Optional<RSAKey> encryption(Partner partner) {
        return line(partner).encryption().all().stream().findFirst();
    }

    /**
     * How many keys for signatures the partner has, asked for anew where it publishes them.
     *
     * @throws Problem where they cannot be had, with the reason
     */
    public int check(Partner partner) {
        if (partner.keysUrl() == null) {
            return signingKeys(read(partner.ownKeys())).size();
        }
        String reason;
        try {
            PartnerHttp.Answer answer = http(partner).get(partner.keysUrl());
            if (answer.status() == 200) {
                int count = signingKeys(read(new String(answer.body(), StandardCharsets.UTF_8)))
                        .size();
                if (count > 0) {
                    return count;
                }
            }
            reason = answer.status() == 200 ? "no key for signatures is there" : "HTTP " + answer.status();
        } catch (IOException unreachable) {
            reason = unreachable instanceof ForbiddenAddress
                    ? String.valueOf(unreachable.getMessage())
                    : "it did not answer";
        }
        throw Problem.of(ExchangeProblem.KEYS_UNREACHABLE, "address", partner.keysUrl(), "reason", reason);
    }

    private Line line(Partner partner) {
        return lines.compute(
                partner.id(),
                (id, known) -> known != null && known.version() >= partner.version() ? known : connect(partner, known));
    }

    private Line connect(Partner partner, @Nullable Line old) {
        if (old != null) {
            closeQuietly(old.http());
        }
        PartnerHttp http = new PartnerHttp(partners.addresses(partner), limits);
        if (partner.keysUrl() == null) {
            List<JWK> own = read(partner.ownKeys());
            return new Line(partner.version(), http, KeySource.of(signingKeys(own)), () -> encryptionKeys(own));
        }
        FetchedKeys fetched = new FetchedKeys(http, partner.keysUrl(), FetchedKeys.Times.DEFAULT, clock);
        return new Line(partner.version(), http, fetched, fetched::encryptionKeys);
    }

    private static void closeQuietly(PartnerHttp http) {
        try {
            http.close();
        } catch (IOException alreadyGone) {
            throw new UncheckedIOException(alreadyGone);
        }
    }

    /** A key that is entered by hand, as PEM, for signatures. Its name is what the partner's signatures call it. */
    public static String ofPem(String name, String pem) {
        JWK key = VerificationKey.ofPem(name, pem).jwk();
        return new JWKSet(key).toString(true);
    }

    static List<JWK> read(String set) {
        try {
            return JWKSet.parse(set).getKeys();
        } catch (ParseException damaged) {
            return List.of();
        }
    }

    private static List<VerificationKey> signingKeys(List<JWK> keys) {
        List<VerificationKey> fit = new ArrayList<>();
        for (JWK key : keys) {
            if (!KeyUse.ENCRYPTION.equals(key.getKeyUse())) {
                try {
                    fit.add(VerificationKey.of(key));
                } catch (UnfitKey other) {
                    continue;
                }
            }
        }
        return List.copyOf(fit);
    }

    /** Thumbprints of the keys that were entered by hand, to be compared with those who sent them. */
    public static List<String> fingerprints(Partner partner) {
        return read(partner.ownKeys()).stream()
                .map(key -> {
                    try {
                        return key.getKeyID() + " (" + key.getKeyType() + ", thumbprint " + key.computeThumbprint()
                                + ")";
                    } catch (JOSEException damaged) {
                        return key.getKeyID() + " (damaged)";
                    }
                })
                .toList();
    }

    private static List<RSAKey> encryptionKeys(List<JWK> keys) {
        return keys.stream()
                .filter(key -> KeyUse.ENCRYPTION.equals(key.getKeyUse()))
                .filter(RSAKey.class::isInstance)
                .map(RSAKey.class::cast)
                .toList();
    }

    @Override
    public void close() {
        lines.values().forEach(line -> closeQuietly(line.http()));
    }
}
