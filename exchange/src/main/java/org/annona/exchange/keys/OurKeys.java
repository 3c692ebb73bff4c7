package org.annona.exchange.keys;

import static org.annona.exchange.internal.tables.Tables.OWN_KEY;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.internal.tables.tables.records.OwnKeyRecord;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.key.Algorithm;
import org.annona.interop.key.PublishedKeys;
import org.annona.interop.key.SigningKey;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Our keys, one active for each algorithm that a partner may read. A new one takes over at once; the old one stays published
 * until the last thing that it signed has expired, and opens what partners have encrypted for it meanwhile.
 */
public final class OurKeys {

    private static final String COLUMN = "exchange.own_key.secret_sealed";
    private static final String ENCRYPTION = "rsa-oaep-256";
    private static final List<String> ALGORITHMS = List.of("ed25519", "rs256", "es256", ENCRYPTION);
    private static final int RSA_BITS = 2048;
    private static final Duration SEEN_AGAIN = Duration.ofSeconds(10);
    /** Longer than any token or signature of ours lives, and than partners keep our keys without asking. */
    private static final Duration OVERLAP = Duration.ofDays(2);

    private final Database database;
    private final String senderId;
    private final Sealer sealer;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("exchange");
    private volatile Known known = new Known(List.of(), Instant.MIN);

    public OurKeys(Database database, String senderId, Keyring keyring, Clock clock) {
        this.database = database;
        this.senderId = senderId;
        this.sealer = keyring.sealer("exchange");
        this.clock = clock;
    }

    private record Known(List<Key> keys, Instant since) {}

    /** @param signing null where it is for encryption; made once, because reading a key is dearer than signing with it */
    private record Key(
            String algorithm,
            JWK secret,
            @Nullable SigningKey signing,
            @Nullable Instant retired) {}

    /** For people: what there is, newest first. */
    public record KeyView(
            String algorithm,
            String id,
            Instant since,
            @Nullable Instant retired,
            String createdBy) {}

    /** Makes the keys that are missing. */
    public void makeMissing() {
        Set<String> active = database.sql()
                .select(OWN_KEY.ALGORITHM)
                .from(OWN_KEY)
                .where(OWN_KEY.RETIRED_AT.isNull())
                .fetchSet(OWN_KEY.ALGORITHM);
        database.transact(tx -> ALGORITHMS.stream()
                .filter(algorithm -> !active.contains(algorithm))
                .forEach(algorithm -> make(tx, algorithm, Actor.SYSTEM)));
        known = new Known(List.of(), Instant.MIN);
    }

    /** Where two processes make one at the same time, the one that is first counts. */
    private void make(DSLContext tx, String algorithm, String by) {
        UUID id = Ids.next();
        tx.insertInto(OWN_KEY)
                .set(OWN_KEY.ID, id)
                .set(OWN_KEY.PURPOSE, algorithm.equals(ENCRYPTION) ? "encrypt" : "sign")
                .set(OWN_KEY.ALGORITHM, algorithm)
                .set(
                        OWN_KEY.SECRET_SEALED,
                        sealer.seal(COLUMN, id, generate(algorithm, id).toJSONString()))
                .set(OWN_KEY.CREATED_BY, by)
                .onConflictDoNothing()
                .execute();
    }

    private static JWK generate(String algorithm, UUID id) {
        try {
            String name = "k-" + id.toString().substring(24);
            return switch (algorithm) {
                case "ed25519" ->
                    new OctetKeyPairGenerator(Curve.Ed25519).keyID(name).generate();
                case "es256" -> new ECKeyGenerator(Curve.P_256).keyID(name).generate();
                case "rs256" -> new RSAKeyGenerator(RSA_BITS).keyID(name).generate();
                default ->
                    new RSAKeyGenerator(RSA_BITS)
                            .keyID(name)
                            .keyUse(KeyUse.ENCRYPTION)
                            .generate();
            };
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Replaces the active key of that algorithm by a new one. */
    public void rotate(Actor actor, String algorithm) {
        actor.require(ExchangePermission.MANAGE);
        if (!ALGORITHMS.contains(algorithm)) {
            throw Problem.of(
                    FoundationProblem.INVALID_INPUT, "field", "Algorithm", "reason", "there are no keys of this kind");
        }
        database.transact(tx -> {
            tx.update(OWN_KEY)
                    .set(OWN_KEY.RETIRED_AT, clock.instant())
                    .where(OWN_KEY.ALGORITHM.eq(algorithm), OWN_KEY.RETIRED_AT.isNull())
                    .execute();
            make(tx, algorithm, actor.name());
            audit.append(tx, AuditEvent.of(actor.name(), "exchange.key.rotate", "key/" + algorithm));
        });
        known = new Known(List.of(), Instant.MIN);
    }

    public List<KeyView> list(Actor actor) {
        actor.require(ExchangePermission.VIEW);
        return database.sql()
                .selectFrom(OWN_KEY)
                .orderBy(OWN_KEY.RETIRED_AT.desc().nullsFirst(), OWN_KEY.ALGORITHM, OWN_KEY.CREATED_AT.desc())
                .fetch(row -> new KeyView(
                        row.getAlgorithm(),
                        key(row).secret().getKeyID(),
                        row.getCreatedAt(),
                        row.getRetiredAt(),
                        row.getCreatedBy()));
    }

    /** The active one. */
    public SigningKey signing(Algorithm algorithm) {
        return current().stream()
                .filter(key -> key.algorithm().equals(algorithm.parameter()) && key.retired() == null)
                .findFirst()
                .map(Key::signing)
                .orElseThrow(() -> new IllegalStateException("there is no active key for " + algorithm));
    }

    /** All that still count, the active one first. */
    public List<JWK> tokenKeys() {
        return ofAlgorithm(Algorithm.RS256.parameter()).stream()
                .map(Key::secret)
                .toList();
    }

    /** @param id null for all */
    public List<RSAKey> decryption(@Nullable String id) {
        return ofAlgorithm(ENCRYPTION).stream()
                .map(key -> (RSAKey) key.secret())
                .filter(key -> id == null || id.equals(key.getKeyID()))
                .toList();
    }

    /** As partners fetch them (DCI reference R12.12). */
    public Map<String, Object> published() {
        List<SigningKey> signing = current().stream()
                .filter(key -> !key.algorithm().equals(ENCRYPTION))
                .sorted(Comparator.comparing(key -> ALGORITHMS.indexOf(key.algorithm())))
                .map(Key::signing)
                .filter(Objects::nonNull)
                .toList();
        return PublishedKeys.document(senderId, signing, decryption(null));
    }

    private List<Key> ofAlgorithm(String algorithm) {
        return current().stream()
                .filter(key -> key.algorithm().equals(algorithm))
                .toList();
    }

    /** Another process may have rotated; that is seen within seconds. */
    private List<Key> current() {
        Known latest = known;
        Instant now = clock.instant();
        if (latest.since().equals(Instant.MIN) || now.isAfter(latest.since().plus(SEEN_AGAIN))) {
            latest = new Known(
                    database.sql()
                            .selectFrom(OWN_KEY)
                            .where(OWN_KEY.RETIRED_AT.isNull().or(OWN_KEY.RETIRED_AT.gt(now.minus(OVERLAP))))
                            .orderBy(OWN_KEY.RETIRED_AT.desc().nullsFirst(), OWN_KEY.CREATED_AT.desc())
                            .fetch(this::key),
                    now);
            known = latest;
        }
        return latest.keys();
    }

    private Key key(OwnKeyRecord row) {
        try {
            JWK secret = JWK.parse(sealer.openText(COLUMN, row.getId(), row.getSecretSealed()));
            return new Key(
                    row.getAlgorithm(),
                    secret,
                    row.getAlgorithm().equals(ENCRYPTION) ? null : SigningKey.of(secret),
                    row.getRetiredAt());
        } catch (ParseException damaged) {
            throw new IllegalStateException("a key of ours is damaged", damaged);
        }
    }
}
