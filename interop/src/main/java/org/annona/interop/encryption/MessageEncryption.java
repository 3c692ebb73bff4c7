package org.annona.interop.encryption;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.annona.interop.json.StrictJson;
import org.annona.interop.json.UnreadableJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encrypts the {@code message} of an envelope to a partner, and reads those that were encrypted to us (DCI reference
 * R12.16). DCI puts {@code alg} and {@code enc} into the unprotected header, with nothing authenticated beside the content;
 * the libraries for JOSE refuse that, hence the plain ciphers here.
 */
public final class MessageEncryption {

    private static final String CONTENT_ENCRYPTION = "A256GCM";
    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int COMPACT_PARTS = 5;
    private static final Set<String> MEMBERS =
            Set.of("header", "protected", "encrypted_key", "iv", "ciphertext", "tag");
    private static final SecureRandom RANDOM = new SecureRandom();

    private MessageEncryption() {}

    /** Whether a message looks as if it were encrypted; the header of the envelope has to say the same. */
    public static boolean isEncrypted(JsonNode message) {
        return message.isObject() && message.has("ciphertext")
                || message.isString() && message.asString().split("\\.", -1).length == COMPACT_PARTS;
    }

    /**
     * @param recipient the partner's RSA key with use {@code enc}
     * @throws IllegalArgumentException where the key is not meant for that, has expired, or is too weak
     */
    public static ObjectNode encrypt(byte[] message, JWK recipient, Clock clock) {
        if (!(recipient instanceof RSAKey key) || !KeyUse.ENCRYPTION.equals(recipient.getKeyUse())) {
            throw new IllegalArgumentException("messages are encrypted to an RSA key with use enc");
        }
        try {
            RSAPublicKey publicKey = key.toRSAPublicKey();
            if (publicKey.getModulus().bitLength() < LEAST_RSA_BITS) {
                throw new IllegalArgumentException("an RSA key has at least " + LEAST_RSA_BITS + " bits");
            }
            boolean foreign = key.getAlgorithm() != null
                    && KeyWrapping.named(key.getAlgorithm().getName()).isEmpty();
            boolean expired = key.getExpirationTime() != null
                    && !clock.instant().isBefore(key.getExpirationTime().toInstant());
            if (foreign || expired) {
                throw new IllegalArgumentException("the key has expired, or is for another algorithm");
            }
            String id = key.getKeyID() == null ? key.computeThumbprint().toString() : key.getKeyID();
            return encrypt(message, publicKey, id);
        } catch (GeneralSecurityException | JOSEException failed) {
            throw new IllegalStateException("a message could not be encrypted", failed);
        }
    }

    private static ObjectNode encrypt(byte[] message, PublicKey recipient, String id) throws GeneralSecurityException {
        byte[] key = random(KEY_BYTES);
        byte[] iv = random(IV_BYTES);
        byte[] sealed = gcm(Cipher.ENCRYPT_MODE, key, iv, new byte[0], message);
        int end = sealed.length - TAG_BYTES;
        ObjectNode encrypted = JsonMapper.shared().createObjectNode();
        encrypted
                .putObject("header")
                .put("alg", KeyWrapping.RSA_OAEP_256.jose())
                .put("enc", CONTENT_ENCRYPTION)
                .put("kid", id);
        encrypted.put("encrypted_key", base64(KeyWrapping.RSA_OAEP_256.apply(Cipher.ENCRYPT_MODE, recipient, key)));
        encrypted.put("iv", base64(iv));
        encrypted.put("ciphertext", base64(Arrays.copyOf(sealed, end)));
        encrypted.put("tag", base64(Arrays.copyOfRange(sealed, end, sealed.length)));
        return encrypted;
    }

    private record Parts(
            Map<String, String> header, byte[] associated, byte[] key, byte[] iv, byte[] ciphertext, byte[] tag) {}

    /**
     * Reads the flattened form with an unprotected or a protected header, and the compact form.
     *
     * @param keys our keys with use {@code enc} by their id; all of them for null
     * @throws UndecryptableMessage where it is not for us, damaged, or encrypted in a way that is not spoken here
     */
    public static byte[] decrypt(JsonNode message, Function<@Nullable String, List<RSAKey>> keys) {
        Parts parts = message.isString() ? compact(message.asString()) : flattened(message);
        KeyWrapping wrapping = KeyWrapping.named(parts.header().getOrDefault("alg", ""))
                .orElseThrow(() -> new UndecryptableMessage("alg has to be RSA-OAEP-256"));
        if (!CONTENT_ENCRYPTION.equals(parts.header().get("enc"))) {
            throw new UndecryptableMessage("enc has to be " + CONTENT_ENCRYPTION);
        }
        if (parts.header().containsKey("zip") || parts.header().containsKey("crit")) {
            throw new UndecryptableMessage("neither compression nor extensions are spoken here");
        }
        if (parts.iv().length != IV_BYTES || parts.tag().length != TAG_BYTES) {
            throw new UndecryptableMessage("iv has " + IV_BYTES + " bytes, tag " + TAG_BYTES);
        }
        List<RSAKey> candidates = keys.apply(parts.header().get("kid"));
        for (RSAKey key : candidates) {
            byte[] opened = opened(parts, wrapping, key);
            if (opened != null) {
                return opened;
            }
        }
        // One sentence for all causes: which step failed is nobody's business.
        throw new UndecryptableMessage(
                candidates.isEmpty() ? "kid names no key of ours" : "the message cannot be decrypted with our key");
    }

    private static byte @Nullable [] opened(Parts parts, KeyWrapping wrapping, RSAKey key) {
        try {
            RSAPrivateKey secret = key.toRSAPrivateKey();
            byte[] content = wrapping.apply(Cipher.DECRYPT_MODE, secret, parts.key());
            if (content.length != KEY_BYTES) {
                return null;
            }
            byte[] sealed = Arrays.copyOf(parts.ciphertext(), parts.ciphertext().length + TAG_BYTES);
            System.arraycopy(parts.tag(), 0, sealed, parts.ciphertext().length, TAG_BYTES);
            return gcm(Cipher.DECRYPT_MODE, content, parts.iv(), parts.associated(), sealed);
        } catch (GeneralSecurityException | JOSEException | IllegalArgumentException damaged) {
            return null;
        }
    }

    private static Parts flattened(JsonNode message) {
        if (!message.isObject() || !MEMBERS.containsAll(message.propertyNames())) {
            throw new UndecryptableMessage(
                    "an encrypted message has header, encrypted_key, iv, ciphertext and tag, and nothing else");
        }
        String protectedHeader = message.has("protected") ? text(message, "protected") : "";
        Map<String, String> header = new LinkedHashMap<>();
        if (message.has("header")) {
            addTo(header, message.get("header"));
        }
        if (!protectedHeader.isEmpty()) {
            addTo(header, json(protectedHeader));
        }
        return new Parts(
                header,
                protectedHeader.getBytes(StandardCharsets.US_ASCII),
                bytes(text(message, "encrypted_key")),
                bytes(text(message, "iv")),
                bytes(text(message, "ciphertext")),
                bytes(text(message, "tag")));
    }

    private static Parts compact(String message) {
        String[] parts = message.split("\\.", -1);
        if (parts.length != COMPACT_PARTS) {
            throw new UndecryptableMessage("a message that is a text has the five parts of a compact JWE");
        }
        Map<String, String> header = new LinkedHashMap<>();
        addTo(header, json(parts[0]));
        return new Parts(
                header,
                parts[0].getBytes(StandardCharsets.US_ASCII),
                bytes(parts[1]),
                bytes(parts[2]),
                bytes(parts[3]),
                bytes(parts[4]));
    }

    /** A parameter that stands in both headers could mean two things (RFC 7516, section 4). */
    private static void addTo(Map<String, String> header, JsonNode parameters) {
        if (!parameters.isObject()) {
            throw new UndecryptableMessage("the header of the encryption is no object");
        }
        parameters.properties().forEach(parameter -> {
            String value = parameter.getValue().isString()
                    ? parameter.getValue().asString()
                    : parameter.getValue().toString();
            if (header.put(parameter.getKey(), value) != null) {
                throw new UndecryptableMessage("a parameter stands both in header and in protected");
            }
        });
    }

    private static JsonNode json(String base64) {
        try {
            return StrictJson.read(bytes(base64));
        } catch (UnreadableJson damaged) {
            throw new UndecryptableMessage("the protected header cannot be read");
        }
    }

    private static String text(JsonNode message, String member) {
        JsonNode value = message.get(member);
        if (value == null || !value.isString()) {
            throw new UndecryptableMessage(member + " is missing or no text");
        }
        return value.asString();
    }

    private static byte[] bytes(String base64) {
        if (!base64.matches("[A-Za-z0-9_-]*")) {
            throw new UndecryptableMessage("something is not in base64url");
        }
        return new Base64URL(base64).decode();
    }

    private static String base64(byte[] bytes) {
        return Base64URL.encode(bytes).toString();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] gcm(int mode, byte[] key, byte[] iv, byte[] associated, byte[] content)
            throws GeneralSecurityException {
        SecretKey secret = new SecretKeySpec(key, "AES");
        Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
        aes.init(mode, secret, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
        aes.updateAAD(associated);
        return aes.doFinal(content);
    }
}
