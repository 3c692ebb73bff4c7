package org.annona.interop.key;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** A public key with which the signatures of one partner are verified. It fits one algorithm only. */
public final class VerificationKey {

    private static final int LEAST_RSA_BITS = 2048;
    private static final int ED25519_BYTES = 32;

    private final String id;
    private final Algorithm algorithm;
    private final JWK jwk;
    private final Check check;

    @FunctionalInterface
    private interface Check {
        boolean verifies(byte[] content, byte[] signature) throws GeneralSecurityException;
    }

    private VerificationKey(String id, Algorithm algorithm, JWK jwk, Check check) {
        this.id = id;
        this.algorithm = algorithm;
        this.jwk = jwk;
        this.check = check;
    }

    /** @throws UnfitKey where the key is not for signatures, too weak, or of a kind that is not spoken here */
    public static VerificationKey of(JWK given) {
        if (given.getKeyUse() != null && !given.getKeyUse().equals(KeyUse.SIGNATURE)) {
            throw new UnfitKey("the key is not meant for signatures (use is " + given.getKeyUse() + ")");
        }
        if (given.getKeyRevocation() != null) {
            throw new UnfitKey("the key was revoked");
        }
        if (given.getKeyOperations() != null
                && !given.getKeyOperations().contains(KeyOperation.VERIFY)
                && !given.getKeyOperations().contains(KeyOperation.SIGN)) {
            throw new UnfitKey("the key is not meant for signatures");
        }
        JWK key = given.toPublicJWK();
        if (key == null) {
            throw new UnfitKey("a shared secret is no key to verify signatures with");
        }
        try {
            Algorithm algorithm = fitting(key);
            if (key.getAlgorithm() != null
                    && !Algorithm.named(key.getAlgorithm().getName())
                            .filter(algorithm::equals)
                            .isPresent()) {
                throw new UnfitKey("the algorithm " + key.getAlgorithm() + " does not fit a key of this kind");
            }
            String id = key.getKeyID() == null ? key.computeThumbprint().toString() : key.getKeyID();
            return new VerificationKey(id, algorithm, key, check(key, algorithm));
        } catch (JOSEException | IllegalArgumentException broken) {
            throw new UnfitKey("the key is damaged");
        }
    }

    /** @param pem a public key as {@code -----BEGIN PUBLIC KEY-----} */
    public static VerificationKey ofPem(String id, String pem) {
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        } catch (IllegalArgumentException noBase64) {
            throw new UnfitKey("this is no public key in PEM");
        }
        if (!pem.contains("BEGIN PUBLIC KEY")) {
            throw new UnfitKey("this is no public key in PEM; it begins with -----BEGIN PUBLIC KEY-----");
        }
        for (String kind : List.of("Ed25519", "RSA", "EC")) {
            try {
                return of(
                        jwk(id, KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded)), encoded));
            } catch (GeneralSecurityException ofAnotherKind) {
                continue;
            }
        }
        throw new UnfitKey("the key is neither Ed25519 nor RSA nor on the curve P-256");
    }

    private static JWK jwk(String id, PublicKey key, byte[] encoded) {
        return switch (key) {
            case EdECPublicKey ed ->
                new OctetKeyPair.Builder(
                                Curve.Ed25519,
                                Base64URL.encode(
                                        Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length)))
                        .keyID(id)
                        .build();
            case RSAPublicKey rsa -> new RSAKey.Builder(rsa).keyID(id).build();
            case ECPublicKey ec ->
                new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec)
                        .keyID(id)
                        .build();
            default -> throw new UnfitKey("the key is neither Ed25519 nor RSA nor on the curve P-256");
        };
    }

    private static Algorithm fitting(JWK key) throws JOSEException {
        return switch (key) {
            case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) -> Algorithm.ED25519;
            case RSAKey rsa when rsa.toRSAPublicKey().getModulus().bitLength() >= LEAST_RSA_BITS -> Algorithm.RS256;
            case RSAKey weak -> throw new UnfitKey("an RSA key has at least " + LEAST_RSA_BITS + " bits");
            case ECKey ec when Curve.P_256.equals(ec.getCurve()) -> Algorithm.ES256;
            default -> throw new UnfitKey("the key is neither Ed25519 nor RSA nor on the curve P-256");
        };
    }

    private static Check check(JWK key, Algorithm algorithm) throws JOSEException {
        return switch (algorithm) {
            // Eight times as fast as the one of the JDK.
            case ED25519 -> {
                Ed25519PublicKeyParameters point = new Ed25519PublicKeyParameters(((OctetKeyPair) key).getDecodedX());
                yield (content, signature) -> {
                    Ed25519Signer verifier = new Ed25519Signer();
                    verifier.init(false, point);
                    verifier.update(content, 0, content.length);
                    return verifier.verifySignature(signature);
                };
            }
            case RS256 -> jca("SHA256withRSA", ((RSAKey) key).toRSAPublicKey());
            case ES256 -> jca("SHA256withECDSAinP1363Format", ((ECKey) key).toECPublicKey());
        };
    }

    private static Check jca(String name, PublicKey key) {
        return (content, signature) -> {
            Signature verifier = Signature.getInstance(name);
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        };
    }

    public String id() {
        return id;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /** The key as RFC 7517 writes it, without any private part. */
    public JWK jwk() {
        return jwk;
    }

    /** Whether it counts at that time, by what it says of itself. */
    public boolean isValid(Instant now) {
        Date at = Date.from(now);
        boolean begun = jwk.getNotBeforeTime() == null || !at.before(jwk.getNotBeforeTime());
        boolean ended = jwk.getExpirationTime() != null && !at.before(jwk.getExpirationTime());
        return begun && !ended;
    }

    /** Whether it is the key's signature of the content. Damaged signatures are not. */
    public boolean verifies(byte[] content, byte[] signature) {
        try {
            return check.verifies(content, signature);
        } catch (GeneralSecurityException | RuntimeException damaged) {
            return false;
        }
    }
}
