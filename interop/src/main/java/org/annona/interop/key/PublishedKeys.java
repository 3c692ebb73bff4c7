package org.annona.interop.key;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Our public keys as partners fetch them, at {@code /.well-known/jwks.json} (RFC 7517; DCI reference R12.12). */
public final class PublishedKeys {

    private PublishedKeys() {}

    /**
     * Each signing key stands there under two names: the one that parameter strings call it by, and its thumbprint.
     *
     * @param senderId our id as partners know it
     * @param signing newest first, and the retired ones until their last signature has expired
     * @param encryption public parts are published, whatever is given
     */
    public static Map<String, Object> document(String senderId, List<SigningKey> signing, List<RSAKey> encryption) {
        List<JWK> keys = new ArrayList<>();
        for (SigningKey key : signing) {
            keys.add(
                    named(key, senderId + "|" + key.id() + "|" + key.algorithm().parameter()));
            keys.add(named(key, key.thumbprint()));
        }
        for (RSAKey key : encryption) {
            keys.add(new RSAKey.Builder(key.toPublicJWK())
                    .keyID(id(key))
                    .keyUse(KeyUse.ENCRYPTION)
                    .algorithm(JWEAlgorithm.RSA_OAEP_256)
                    .build());
        }
        return new JWKSet(keys).toJSONObject(true);
    }

    private static String id(RSAKey key) {
        try {
            return key.getKeyID() == null ? key.computeThumbprint().toString() : key.getKeyID();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JWK named(SigningKey key, String name) {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(key.algorithm().jose());
        return switch (key.publicKey().jwk()) {
            case OctetKeyPair pair ->
                new OctetKeyPair.Builder(pair)
                        .keyID(name)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(algorithm)
                        .build();
            case RSAKey rsa ->
                new RSAKey.Builder(rsa)
                        .keyID(name)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(algorithm)
                        .build();
            case ECKey ec ->
                new ECKey.Builder(ec)
                        .keyID(name)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(algorithm)
                        .build();
            default -> throw new IllegalStateException("a key of a kind that is not spoken here");
        };
    }
}
