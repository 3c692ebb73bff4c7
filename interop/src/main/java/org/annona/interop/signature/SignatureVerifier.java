package org.annona.interop.signature;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.json.CanonicalJson.Letters;
import org.annona.interop.json.CanonicalJson.Numbers;
import org.annona.interop.json.UnreadableJson;
import org.annona.interop.key.Algorithm;
import org.annona.interop.key.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * Says who wrote a message, whatever format the signature has: parameter string, compact JWS or detached JWS, recognised by
 * its shape (DCI reference R12.4). A value that is none of these is refused, never passed over.
 */
public final class SignatureVerifier {

    private static final int KEY_ID_PARTS = 3;
    static final String UNSIGNED = "unsigned";

    private final KeySource keys;
    private final Rules rules;
    private final Clock clock;

    /**
     * What is agreed with one partner.
     *
     * @param clockSkew how far the partner's clock may go ahead of ours
     * @param longestLife between {@code created} and {@code expires}
     */
    public record Rules(SignaturePolicy policy, DigestProfile profile, Duration clockSkew, Duration longestLife) {

        /** DCI reference R12.6, R12.7. */
        public static final Rules DEFAULT = new Rules(
                SignaturePolicy.REQUIRED, DigestProfile.STANDARD, Duration.ofSeconds(60), Duration.ofSeconds(3_600));

        public Rules with(SignaturePolicy other) {
            return new Rules(other, profile, clockSkew, longestLife);
        }

        public Rules with(DigestProfile other) {
            return new Rules(policy, other, clockSkew, longestLife);
        }

        /** With another longest life. */
        public Rules with(Duration other) {
            return new Rules(policy, profile, clockSkew, other);
        }
    }

    /** @param keys of the one partner that is registered under the message's sender */
    public SignatureVerifier(KeySource keys, Rules rules, Clock clock) {
        this.keys = keys;
        this.rules = rules;
        this.clock = clock;
    }

    public Verdict verify(ReceivedEnvelope received) {
        try {
            return verdict(received);
        } catch (KeysUnreachable unreachable) {
            return new Verdict.Undecided(String.valueOf(unreachable.getMessage()));
        }
    }

    private Verdict verdict(ReceivedEnvelope received) {
        if (!received.signatureIsReadable()) {
            return new Verdict.Invalid("the signature is not a text");
        }
        String signature = received.signature().strip();
        if (signature.isEmpty() || signature.startsWith(UNSIGNED)) {
            return rules.policy() == SignaturePolicy.OPTIONAL ? new Verdict.Unsigned() : new Verdict.Missing();
        }
        if (ParameterString.isMeantBy(signature)) {
            return ParameterString.read(signature)
                    .map(parameters -> verify(received, parameters))
                    .orElseGet(() -> new Verdict.Invalid("the parameters of the signature cannot be read"));
        }
        String[] parts = signature.split("\\.", -1);
        if (parts.length == KEY_ID_PARTS && !parts[0].isEmpty() && !parts[2].isEmpty()) {
            return jws(received, parts[0], parts[1], parts[2]);
        }
        return new Verdict.Invalid("the signature has none of the formats that are spoken here");
    }

    private Verdict verify(ReceivedEnvelope received, ParameterString parameters) {
        Optional<String> keyId = parameters.keyId();
        Optional<Long> created = parameters.seconds("created");
        Optional<Long> expires = parameters.seconds("expires");
        Optional<byte[]> signature = parameters.value("signature").flatMap(SignatureVerifier::base64);
        if (keyId.isEmpty() || created.isEmpty() || expires.isEmpty() || signature.isEmpty()) {
            return new Verdict.Invalid("the signature lacks kidId, created, expires or signature");
        }
        if (!parameters.coversWhatIsSigned()) {
            return new Verdict.Invalid("the signature covers other headers than " + ParameterString.SIGNED_HEADERS);
        }
        String late = timeFault(created.get(), expires.get());
        if (late != null) {
            return new Verdict.Invalid(late);
        }
        String[] id = keyId.get().split("\\|", -1);
        if (id.length != KEY_ID_PARTS || !id[0].equals(received.sender())) {
            return new Verdict.Invalid("kidId does not name the sender of the message");
        }
        Optional<Algorithm> algorithm = Algorithm.named(id[2]);
        if (algorithm.isEmpty()
                || !parameters.value("algorithm").flatMap(Algorithm::named).equals(algorithm)) {
            return new Verdict.Invalid("the algorithm is not spoken here, or kidId names another one");
        }
        List<VerificationKey> named = new ArrayList<>(keys.keys(keyId.get()));
        if (named.isEmpty()) {
            named.addAll(keys.keys(id[1]));
        }
        return byOneOf(
                named,
                algorithm.get(),
                digests(received).map(digest -> ParameterString.signedContent(created.get(), expires.get(), digest)),
                signature.get());
    }

    private @Nullable String timeFault(long created, long expires) {
        Instant now = clock.instant();
        if (Instant.ofEpochSecond(created).isAfter(now.plus(rules.clockSkew()))) {
            return "the signature was made in the future; compare the clocks";
        }
        if (now.isAfter(Instant.ofEpochSecond(expires))) {
            return "the signature has expired";
        }
        if (expires < created || expires - created > rules.longestLife().toSeconds()) {
            return "the signature lives longer than " + rules.longestLife().toSeconds() + " seconds";
        }
        return null;
    }

    /** One after the other, because each is dear and mostly the first one fits. */
    private Stream<String> digests(ReceivedEnvelope received) {
        return rules.profile().headers(received.header()).stream()
                .map(header -> CanonicalJson.object(Map.of("header", header, "message", received.message())))
                .flatMap(signed -> numbers(signed).map(numbers -> digest(signed.text(numbers, Letters.ESCAPED))));
    }

    private static Stream<Numbers> numbers(CanonicalJson json) {
        return json.hasFractions() ? Stream.of(Numbers.values()) : Stream.of(Numbers.AS_RECEIVED);
    }

    static String digest(String canonical) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Compact ({@code h.p.s}) and detached ({@code h..s}) signatures of RFC 7515. */
    private Verdict jws(ReceivedEnvelope received, String head, String payload, String signature) {
        JWSHeader header;
        try {
            header = JWSHeader.parse(new Base64URL(head));
        } catch (ParseException | RuntimeException damaged) {
            return new Verdict.Invalid("the header of the signature cannot be read");
        }
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            return new Verdict.Invalid("the signature demands an extension that is not spoken here");
        }
        Optional<Algorithm> algorithm = Algorithm.named(header.getAlgorithm().getName());
        if (algorithm.isEmpty()) {
            return new Verdict.Invalid("the algorithm of the signature is not spoken here");
        }
        if (!payload.isEmpty() && !isOf(received, payload)) {
            return new Verdict.Invalid("what was signed is not what was sent");
        }
        Stream<String> payloads = payload.isEmpty() ? detached(received) : Stream.of(payload);
        return byOneOf(
                keys.keys(header.getKeyID()),
                algorithm.get(),
                payloads.map(one -> head + "." + one),
                new Base64URL(signature).decode());
    }

    /** Whether the payload is header and message as received, whatever its spelling. */
    private static boolean isOf(ReceivedEnvelope received, String payload) {
        try {
            CanonicalJson signed = CanonicalJson.read(new Base64URL(payload).decode());
            CanonicalJson sent =
                    CanonicalJson.object(Map.of("header", received.header(), "message", received.message()));
            return signed.text().equals(sent.text());
        } catch (UnreadableJson | IllegalArgumentException damaged) {
            return false;
        }
    }

    private static Stream<String> detached(ReceivedEnvelope received) {
        return Stream.of(
                        CanonicalJson.object(Map.of("header", received.header(), "message", received.message())),
                        received.body(),
                        received.body().without("signature"))
                .flatMap(signed -> numbers(signed)
                        .flatMap(numbers -> Stream.of(Letters.values())
                                .map(letters -> Base64URL.encode(signed.text(numbers, letters))
                                        .toString())));
    }

    private Verdict byOneOf(
            List<VerificationKey> candidates, Algorithm algorithm, Stream<String> contents, byte[] signature) {
        List<VerificationKey> fitting = candidates.stream()
                .filter(key -> key.algorithm() == algorithm && key.isValid(clock.instant()))
                .toList();
        if (fitting.isEmpty()) {
            return new Verdict.Invalid("the sender has no valid key of that name for that algorithm");
        }
        return contents.map(content -> content.getBytes(StandardCharsets.US_ASCII))
                .flatMap(content -> fitting.stream().filter(key -> key.verifies(content, signature)))
                .findFirst()
                .<Verdict>map(key -> new Verdict.Signed(key.id()))
                .orElseGet(() -> new Verdict.Invalid("the signature does not fit the message"));
    }

    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }
}
