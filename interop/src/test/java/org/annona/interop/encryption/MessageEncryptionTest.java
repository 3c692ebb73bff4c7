package org.annona.interop.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWEObjectJSON;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Both directions, with Nimbus as the other installation where it speaks the form. */
class MessageEncryptionTest {

    private static final byte[] MESSAGE = "{\"name\":\"ሀይሌ É\"}".getBytes(StandardCharsets.UTF_8);
    private static final RSAKey OURS = key("enc-1");
    private static final RSAKey OTHER = key("enc-2");

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyUse(KeyUse.ENCRYPTION).keyID(id).generate();
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Function<@Nullable String, List<RSAKey>> keys(RSAKey... keys) {
        return id -> List.of(keys).stream()
                .filter(key -> id == null || id.equals(key.getKeyID()))
                .toList();
    }

    private static byte[] read(JsonNode message) {
        return MessageEncryption.decrypt(message, keys(OURS));
    }

    private static void refused(JsonNode message) {
        assertThatThrownBy(() -> read(message)).as(message.toString()).isInstanceOf(UndecryptableMessage.class);
    }

    @Test
    void what_we_encrypt_has_the_form_of_dci_and_only_its_receiver_reads_it() {
        ObjectNode encrypted = MessageEncryption.encrypt(MESSAGE, OURS.toPublicJWK(), Clock.systemUTC());

        assertThat(encrypted.propertyNames())
                .containsExactlyInAnyOrder("header", "encrypted_key", "iv", "ciphertext", "tag");
        assertThat(encrypted.get("header").toString())
                .isEqualTo("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"kid\":\"enc-1\"}");
        assertThat(MessageEncryption.isEncrypted(encrypted)).isTrue();
        assertThat(read(encrypted)).isEqualTo(MESSAGE);
        assertThatThrownBy(() -> MessageEncryption.decrypt(encrypted, keys(OTHER)))
                .hasMessageContaining("no key of ours");
        assertThatThrownBy(() -> MessageEncryption.decrypt(encrypted, id -> List.of(OTHER)))
                .hasMessageContaining("cannot be decrypted");
    }

    @Test
    void two_messages_never_share_a_key_or_a_nonce() {
        ObjectNode one = MessageEncryption.encrypt(MESSAGE, OURS.toPublicJWK(), Clock.systemUTC());
        ObjectNode two = MessageEncryption.encrypt(MESSAGE, OURS.toPublicJWK(), Clock.systemUTC());

        assertThat(one.get("iv")).isNotEqualTo(two.get("iv"));
        assertThat(one.get("ciphertext")).isNotEqualTo(two.get("ciphertext"));
    }

    @Test
    void what_another_library_encrypts_is_read_in_compact_and_in_flattened_form() throws Exception {
        for (JWEAlgorithm algorithm : List.of(JWEAlgorithm.RSA_OAEP_256, JWEAlgorithm.parse("RSA-OAEP"))) {
            JWEHeader header = new JWEHeader.Builder(algorithm, EncryptionMethod.A256GCM)
                    .keyID("enc-1")
                    .build();
            JWEObject compact = new JWEObject(header, new Payload(MESSAGE));
            compact.encrypt(new RSAEncrypter(OURS.toRSAPublicKey()));
            JWEObjectJSON flattened = new JWEObjectJSON(header, new Payload(MESSAGE));
            flattened.encrypt(new RSAEncrypter(OURS.toRSAPublicKey()));

            assertThat(read(JsonMapper.shared().readTree("\"" + compact.serialize() + "\"")))
                    .isEqualTo(MESSAGE);
            assertThat(read(JsonMapper.shared().readTree(flattened.serializeFlattened())))
                    .isEqualTo(MESSAGE);
        }
    }

    @Test
    void every_damage_is_refused_with_a_sentence_and_none_with_another_error() {
        for (Consumer<ObjectNode> damage : List.<Consumer<ObjectNode>>of(
                message -> message.remove("tag"),
                message -> message.put("tag", "AAAA"),
                message -> message.put("tag", "not base64url!"),
                message -> message.put("iv", message.get("tag").asString()),
                message -> message.put("encrypted_key", "AAAA"),
                message -> message.put("ciphertext", message.get("ciphertext").asString() + "AA"),
                message -> message.put("ciphertext", 7),
                message -> message.putArray("recipients"),
                message -> message.put("unknown", 1),
                message -> message.remove("header"),
                message -> message.put("header", "text"),
                message -> message.put("protected", "e30"),
                message -> message.put("protected", "%%"),
                message -> ((ObjectNode) message.get("header")).put("alg", "dir"),
                message -> ((ObjectNode) message.get("header")).put("alg", "RSA1_5"),
                message -> ((ObjectNode) message.get("header")).put("alg", "RSA-OAEP"),
                message -> ((ObjectNode) message.get("header")).put("enc", "A128GCM"),
                message -> ((ObjectNode) message.get("header")).put("zip", "DEF"),
                message -> ((ObjectNode) message.get("header")).putArray("crit"),
                message -> ((ObjectNode) message.get("header")).put("kid", "enc-9"))) {
            ObjectNode message = MessageEncryption.encrypt(MESSAGE, OURS.toPublicJWK(), Clock.systemUTC());
            damage.accept(message);
            refused(message);
        }
        for (String other : List.of("\"\"", "\"a.b.c\"", "\"....\"", "\"e30....\"", "[]", "1")) {
            refused(JsonMapper.shared().readTree(other));
        }
    }

    @Test
    void every_flipped_letter_is_noticed() {
        ObjectNode whole = MessageEncryption.encrypt(MESSAGE, OURS.toPublicJWK(), Clock.systemUTC());
        for (String member : List.of("iv", "ciphertext", "tag", "encrypted_key")) {
            String text = whole.get(member).asString();
            for (int i = 0; i < text.length() - 1; i += Math.max(1, text.length() / 20)) {
                ObjectNode damaged = whole.deepCopy();
                damaged.put(member, text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1));
                refused(damaged);
            }
        }
    }

    @Test
    void nothing_is_encrypted_to_a_key_that_is_meant_for_signatures_or_too_weak() throws Exception {
        RSAKey signing = new RSAKeyGenerator(2048).keyUse(KeyUse.SIGNATURE).generate();
        RSAKey weak = new RSAKeyGenerator(1024, true).keyUse(KeyUse.ENCRYPTION).generate();

        RSAKey expired = new RSAKey.Builder(OURS).expirationTime(new Date(0)).build();
        RSAKey foreign =
                new RSAKey.Builder(OURS).algorithm(JWEAlgorithm.parse("RSA1_5")).build();

        for (RSAKey unfit : List.of(signing, weak, expired, foreign)) {
            assertThatThrownBy(() -> MessageEncryption.encrypt(MESSAGE, unfit.toPublicJWK(), Clock.systemUTC()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
