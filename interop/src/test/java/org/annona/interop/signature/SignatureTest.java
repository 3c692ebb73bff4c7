package org.annona.interop.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.key.SigningKey;
import org.annona.interop.key.VerificationKey;
import org.annona.interop.signature.SignatureVerifier.Rules;
import org.junit.jupiter.api.Test;

/** Who wrote a message, in every format and with everything that can be wrong with it. */
class SignatureTest {

    private static final Instant MADE = Instant.ofEpochSecond(1_768_473_000L);
    private static final String HEADER = """
            {"action":"search","is_msg_encrypted":false,"message_id":"m-1","message_ts":"2026-01-15T10:30:00Z",
             "meta":null,"receiver_id":"ibr-x","sender_id":"annona","sender_uri":null,"total_count":1,
             "version":"1.0.0"}""";
    private static final String MESSAGE = """
            {"transaction_id":"t-1","search_request":[{"reference_id":"r-1","timestamp":"2026-01-15T10:30:00Z",
             "search_criteria":{"query_type":"idtype-value","query":{"type":"UIN","value":"É-1"}}}]}""";

    private static final SigningKey ED25519 = SigningKey.of(ed25519("k1"));
    private static final SigningKey RS256 = SigningKey.of(rsa("k2"));
    private static final SigningKey ES256 = SigningKey.of(ec("k3"));

    /** RFC 8032, section 7.1, test 1. */
    private static OctetKeyPair ed25519(String id) {
        return new OctetKeyPair.Builder(
                        Curve.Ed25519, hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
                .d(hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
                .keyUse(KeyUse.SIGNATURE)
                .keyID(id)
                .build();
    }

    private static Base64URL hex(String digits) {
        return Base64URL.encode(HexFormat.of().parseHex(digits));
    }

    private static JWK rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static JWK ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static CanonicalJson json(String text) {
        return CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String sign(Signer format, SigningKey key) {
        return format.sign(json(HEADER), json(MESSAGE), "annona", key, clock(MADE));
    }

    private static Clock clock(Instant at) {
        return Clock.fixed(at, ZoneOffset.UTC);
    }

    private static String envelope(String signature, String header, String message) {
        return "{\"signature\":\"" + signature.replace("\"", "\\\"") + "\",\"header\":" + header + ",\"message\":"
                + message + "}";
    }

    /** The keys as a partner publishes them: each under its thumbprint and under the name that kidId gives. */
    private static KeySource published(SigningKey... keys) {
        List<VerificationKey> both = new java.util.ArrayList<>();
        for (SigningKey key : keys) {
            both.add(named(key, key.thumbprint()));
            both.add(named(key, "annona|" + key.id() + "|" + key.algorithm().parameter()));
        }
        return KeySource.of(both);
    }

    private static VerificationKey named(SigningKey key, String id) {
        return VerificationKey.of(
                switch (key.publicKey().jwk()) {
                    case OctetKeyPair pair ->
                        new OctetKeyPair.Builder(pair).keyID(id).build();
                    case com.nimbusds.jose.jwk.RSAKey rsa ->
                        new com.nimbusds.jose.jwk.RSAKey.Builder(rsa).keyID(id).build();
                    case ECKey ec -> new ECKey.Builder(ec).keyID(id).build();
                    default -> throw new IllegalStateException();
                });
    }

    private static Verdict verify(String envelope) {
        return verify(envelope, Rules.DEFAULT, MADE.plusSeconds(10), published(ED25519, RS256, ES256));
    }

    private static Verdict verify(String envelope, Rules rules, Instant now, KeySource keys) {
        return new SignatureVerifier(keys, rules, clock(now))
                .verify(ReceivedEnvelope.of(envelope.getBytes(StandardCharsets.UTF_8)));
    }

    private static void refused(String envelope) {
        assertThat(verify(envelope)).as(envelope).isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void the_signature_of_the_references_test_vector_is_ours_to_the_letter() {
        String signature = sign(Signer.PARAMETER_STRING, ED25519);

        assertThat(SignatureVerifier.digest(json("{\"header\":" + HEADER + ",\"message\":" + MESSAGE + "}")
                        .text()))
                .isEqualTo("0yr8MrIur4nkWf5M0Fz1J2YMVwPTISdfcq6G5klXvZc=");
        assertThat(signature)
                .isEqualTo(
                        "namespace=\"dci\", kidId=\"annona|k1|ed25519\", algorithm=\"ed25519\","
                                + " created=\"1768473000\", expires=\"1768473300\", headers=\"(created) (expires) digest\","
                                + " signature=\"hoonil6NjqJpaJ9rM1uTPgohxRy14Xm4tv0OYd9jcbQMHDlFAZqdHmQDRV3KtAkp+x+ieNQ86oL3zIQMBxdhBg==\"");
    }

    @Test
    void every_format_with_every_algorithm_is_read_again() {
        for (Signer format : Signer.values()) {
            for (SigningKey key : List.of(ED25519, RS256, ES256)) {
                assertThat(verify(envelope(sign(format, key), HEADER, MESSAGE)))
                        .as(format + " " + key)
                        .isInstanceOf(Verdict.Signed.class);
            }
        }
    }

    @Test
    void permuted_keys_and_other_escapes_of_the_same_letters_change_nothing() {
        String permuted = """
                {"search_request":[{"search_criteria":{"query":{"value":"\\u00c9-1","type":"UIN"},
                 "query_type":"idtype-value"},"timestamp":"2026-01-15T10:30:00Z","reference_id":"r-1"}],
                 "transaction_id":"t-1"}""";
        for (Signer format : Signer.values()) {
            assertThat(verify(envelope(sign(format, ED25519), HEADER, permuted)))
                    .as(format.name())
                    .isInstanceOf(Verdict.Signed.class);
        }
    }

    @Test
    void one_changed_letter_anywhere_is_noticed() {
        for (Signer format : Signer.values()) {
            String signature = sign(format, ED25519);
            refused(envelope(signature, HEADER, MESSAGE.replace("É", "E")));
            refused(envelope(signature, HEADER, MESSAGE.replace("t-1", "t-2")));
            refused(envelope(signature, HEADER.replace("\"total_count\":1", "\"total_count\":2"), MESSAGE));
            refused(envelope(signature, HEADER.replace("\"meta\":null,", ""), MESSAGE));
            refused(envelope(signature, HEADER, MESSAGE.replace("\"UIN\"", "\"UIN\",\"more\":1")));
        }
    }

    @Test
    void every_flipped_bit_of_a_signature_is_noticed() {
        for (Signer format : Signer.values()) {
            String signature = sign(format, ED25519);
            int from = format == Signer.PARAMETER_STRING
                    ? signature.indexOf("signature=\"") + 11
                    : signature.lastIndexOf('.') + 1;
            for (int i = from; i < signature.length() - 4; i++) {
                char other = signature.charAt(i) == 'A' ? 'B' : 'A';
                refused(envelope(signature.substring(0, i) + other + signature.substring(i + 1), HEADER, MESSAGE));
            }
        }
    }

    @Test
    void a_signature_counts_from_a_minute_before_it_was_made_until_it_expires() {
        String signed = envelope(sign(Signer.PARAMETER_STRING, ED25519), HEADER, MESSAGE);
        KeySource keys = published(ED25519);

        assertThat(verify(signed, Rules.DEFAULT, MADE.minusSeconds(60), keys)).isInstanceOf(Verdict.Signed.class);
        assertThat(verify(signed, Rules.DEFAULT, MADE.minusSeconds(61), keys)).isInstanceOf(Verdict.Invalid.class);
        assertThat(verify(signed, Rules.DEFAULT, MADE.plusSeconds(300), keys)).isInstanceOf(Verdict.Signed.class);
        assertThat(verify(signed, Rules.DEFAULT, MADE.plusSeconds(301), keys)).isInstanceOf(Verdict.Invalid.class);
        Rules shortLived =
                new Rules(SignaturePolicy.REQUIRED, DigestProfile.STANDARD, Duration.ZERO, Duration.ofSeconds(299));
        assertThat(verify(signed, shortLived, MADE, keys)).isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void the_key_of_another_an_expired_one_and_one_for_encryption_do_not_count() {
        String signed = envelope(sign(Signer.PARAMETER_STRING, ED25519), HEADER, MESSAGE);
        OctetKeyPair expired = new OctetKeyPair.Builder(ed25519("annona|k1|ed25519"))
                .expirationTime(Date.from(MADE))
                .build();

        assertThat(verify(signed, Rules.DEFAULT, MADE, published(RS256))).isInstanceOf(Verdict.Invalid.class);
        assertThat(verify(signed, Rules.DEFAULT, MADE, KeySource.of(List.of()))).isInstanceOf(Verdict.Invalid.class);
        assertThat(verify(signed, Rules.DEFAULT, MADE, KeySource.of(List.of(VerificationKey.of(expired)))))
                .isInstanceOf(Verdict.Invalid.class);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> VerificationKey.of(new OctetKeyPair.Builder(ed25519("k"))
                                .keyUse(KeyUse.ENCRYPTION)
                                .build())))
                .hasMessageContaining("not meant for signatures");
    }

    @Test
    void the_sender_of_the_header_must_be_the_one_of_the_key() {
        String foreign = HEADER.replace("\"annona\"", "\"someone\"");
        String signature = Signer.PARAMETER_STRING.sign(json(foreign), json(MESSAGE), "annona", ED25519, clock(MADE));

        refused(envelope(signature, foreign, MESSAGE));
    }

    @Test
    void the_parameter_string_is_read_with_all_that_is_seen_in_the_field() {
        String signature = sign(Signer.PARAMETER_STRING, ED25519);
        for (String spelled : List.of(
                "Signature: " + signature,
                signature.replace("namespace=\"dci\"", "namespace=\"g2p\""),
                signature.replace("kidId=", "keyId="),
                signature.replace(", signature=", ", Signature ="),
                signature.replace("(created) (expires)", "(created)\\n  (expires)"),
                signature.replace("\"dci\"", "dci").replace("\"1768473000\"", "1768473000"),
                signature.replace(", ", " ,   ").replace("created=", "created = "),
                signature.substring(0, signature.length() - 1),
                signature.replace("algorithm=\"ed25519\"", "algorithm=\"EdDSA\""))) {
            assertThat(verify(envelope(spelled, HEADER, MESSAGE))).as(spelled).isInstanceOf(Verdict.Signed.class);
        }
        for (String damaged : List.of(
                signature.replace("created=\"1768473000\", ", ""),
                signature + ", created=\"1768473000\"",
                signature + ", keyId=\"annona|k2|ed25519\"",
                signature.replace("(created) (expires) digest", "(created) digest"),
                signature.replace("algorithm=\"ed25519\"", "algorithm=\"rs256\""),
                signature.replace("algorithm=\"ed25519\", ", ""),
                signature.replace("|k1|", "|"),
                signature.replace("1768473300", "99999999999999999999"),
                signature.replace("1768473300", "-1"),
                signature.replace("signature=\"hoonil", "signature=\"!oonil"),
                "!" + signature)) {
            refused(envelope(damaged, HEADER, MESSAGE));
        }
    }

    @Test
    void nothing_and_unsigned_pass_only_where_the_partner_may_leave_it_out() {
        Rules optional = Rules.DEFAULT.with(SignaturePolicy.OPTIONAL);
        KeySource keys = published(ED25519);
        for (String none : List.of(
                "{\"header\":" + HEADER + ",\"message\":" + MESSAGE + "}",
                "{\"signature\":null,\"header\":" + HEADER + ",\"message\":" + MESSAGE + "}",
                envelope("", HEADER, MESSAGE),
                envelope("  ", HEADER, MESSAGE),
                envelope("unsigned-in-tests", HEADER, MESSAGE))) {
            assertThat(verify(none)).as(none).isInstanceOf(Verdict.Missing.class);
            assertThat(verify(none, optional, MADE, keys)).as(none).isInstanceOf(Verdict.Unsigned.class);
        }
        for (String other : List.of("x", "a.b", "a.b.c", "..", "a..c", "namespace=\"dci\"", "signature=")) {
            assertThat(verify(envelope(other, HEADER, MESSAGE), optional, MADE, keys))
                    .as(other)
                    .isInstanceOf(Verdict.Invalid.class);
        }
        assertThat(verify(
                        "{\"signature\":{},\"header\":" + HEADER + ",\"message\":" + MESSAGE + "}",
                        optional,
                        MADE,
                        keys))
                .isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void no_algorithm_no_shared_secret_and_no_unknown_extension_is_accepted() {
        String[] parts = sign(Signer.COMPACT_JWS, ED25519).split("\\.");
        for (String header : List.of(
                "{\"alg\":\"none\"}",
                "{\"alg\":\"HS256\",\"kid\":\"" + ED25519.thumbprint() + "\"}",
                "{\"alg\":\"EdDSA\",\"crit\":[\"exp\"],\"exp\":1,\"kid\":\"" + ED25519.thumbprint() + "\"}",
                "{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"],\"kid\":\"" + ED25519.thumbprint() + "\"}",
                "{}",
                "null",
                "[]")) {
            refused(envelope(Base64URL.encode(header) + "." + parts[1] + "." + parts[2], HEADER, MESSAGE));
        }
        refused(envelope(parts[0] + "." + parts[1] + ".", HEADER, MESSAGE));
    }

    @Test
    void a_detached_signature_may_also_stand_in_the_header_of_the_request() {
        String unsigned = "{\"header\":" + HEADER + ",\"message\":" + MESSAGE + "}";
        ReceivedEnvelope received = new ReceivedEnvelope(json(unsigned), sign(Signer.DETACHED_JWS, RS256));

        assertThat(new SignatureVerifier(published(RS256), Rules.DEFAULT, clock(MADE)).verify(received))
                .isInstanceOf(Verdict.Signed.class);
    }

    @Test
    void another_number_next_to_the_same_double_is_another_number() {
        for (String[] pair : new String[][] {
            {"0.0", "1e-399"}, {"9007199254740992.0", "9007199254740993.0"}, {"1e+16", "10000000000000000.9"}
        }) {
            String signed = "{\"transaction_id\":\"t\",\"score\":" + pair[0] + "}";
            String signature = Signer.PARAMETER_STRING.sign(json(HEADER), json(signed), "annona", ED25519, clock(MADE));
            assertThat(verify(envelope(signature, HEADER, signed))).isInstanceOf(Verdict.Signed.class);
            refused(envelope(signature, HEADER, signed.replace(pair[0], pair[1])));
        }
    }

    @Test
    void a_bad_signature_in_the_header_of_the_request_is_not_hidden_by_unsigned_in_the_body() {
        ReceivedEnvelope received = new ReceivedEnvelope(json(envelope("unsigned", HEADER, MESSAGE)), "garbage..x");

        assertThat(new SignatureVerifier(published(ED25519), Rules.DEFAULT.with(SignaturePolicy.OPTIONAL), clock(MADE))
                        .verify(received))
                .isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void numbers_that_python_spelled_anew_before_signing_are_understood() {
        String python = "{\"transaction_id\":\"t\",\"score\":1000.0,\"small\":1e-05}";
        String sent = "{\"transaction_id\":\"t\",\"score\":1E3,\"small\":0.00001}";
        String signature = Signer.PARAMETER_STRING.sign(json(HEADER), json(python), "annona", ED25519, clock(MADE));

        assertThat(verify(envelope(signature, HEADER, sent))).isInstanceOf(Verdict.Signed.class);
        refused(envelope(signature, HEADER, sent.replace("1E3", "1001")));
    }

    @Test
    void openspp2_signs_fields_that_it_does_not_send_and_only_its_profile_reads_that() {
        String sent = """
                {"message_id":"m","message_ts":"2026-01-15T10:30:00Z","action":"on-search","status":"succ",
                 "sender_id":"annona","receiver_id":"x","total_count":1}""";
        String callback = """
                {"version":"1.0.0","message_id":"m","message_ts":"2026-01-15T10:30:00Z","action":"on-search",
                 "sender_id":"annona","sender_uri":null,"receiver_id":"x","total_count":1,"is_msg_encrypted":false,
                 "meta":null,"status":"succ","status_reason_code":null,"status_reason_message":null,
                 "completed_count":null}""";
        String signature = Signer.PARAMETER_STRING.sign(json(callback), json(MESSAGE), "annona", ED25519, clock(MADE));
        Rules openSpp2 = Rules.DEFAULT.with(DigestProfile.OPENSPP2);

        refused(envelope(signature, sent, MESSAGE));
        assertThat(verify(envelope(signature, sent, MESSAGE), openSpp2, MADE, published(ED25519)))
                .isInstanceOf(Verdict.Signed.class);
        assertThat(verify(
                        envelope(signature, sent.replace("\"succ\"", "\"rjct\""), MESSAGE),
                        openSpp2,
                        MADE,
                        published(ED25519)))
                .isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void keys_are_read_from_pem_and_weak_or_strange_ones_are_refused() throws Exception {
        for (String kind : List.of("Ed25519", "RSA")) {
            byte[] encoded = java.security.KeyPairGenerator.getInstance(kind)
                    .generateKeyPair()
                    .getPublic()
                    .getEncoded();
            String pem = "-----BEGIN PUBLIC KEY-----\n"
                    + java.util.Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END PUBLIC KEY-----\n";
            assertThat(VerificationKey.ofPem("p", pem).id()).isEqualTo("p");
        }
        for (String bad : List.of("", "not a key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> VerificationKey.ofPem("p", bad)))
                    .as(bad)
                    .isInstanceOf(org.annona.interop.key.UnfitKey.class);
        }
        JWK weak = new RSAKeyGenerator(1024, true).generate();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> VerificationKey.of(weak)))
                .hasMessageContaining("2048");
    }
}
