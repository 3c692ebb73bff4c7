package org.annona.interop.key;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** A private key of ours. Its text form is hidden. */
public final class SigningKey {

    private final VerificationKey publicKey;
    private final JWK secret;

    private SigningKey(VerificationKey publicKey, JWK secret) {
        this.publicKey = publicKey;
        this.secret = secret;
    }

    /** @throws UnfitKey where it has no private part, or is of a kind that is not spoken here */
    public static SigningKey of(JWK secret) {
        if (!secret.isPrivate()) {
            throw new UnfitKey("the key has no private part");
        }
        return new SigningKey(VerificationKey.of(secret), secret);
    }

    public String id() {
        return publicKey.id();
    }

    public Algorithm algorithm() {
        return publicKey.algorithm();
    }

    public VerificationKey publicKey() {
        return publicKey;
    }

    /** RFC 7638. */
    public String thumbprint() {
        try {
            return secret.computeThumbprint().toString();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public byte[] sign(byte[] content) {
        try {
            return switch (algorithm()) {
                case ED25519 -> {
                    Ed25519Signer signer = new Ed25519Signer();
                    signer.init(true, new Ed25519PrivateKeyParameters(((OctetKeyPair) secret).getDecodedD()));
                    signer.update(content, 0, content.length);
                    yield signer.generateSignature();
                }
                case RS256 -> jca("SHA256withRSA", ((RSAKey) secret).toRSAPrivateKey(), content);
                case ES256 -> jca("SHA256withECDSAinP1363Format", ((ECKey) secret).toECPrivateKey(), content);
            };
        } catch (GeneralSecurityException | JOSEException failed) {
            throw new IllegalStateException("a message could not be signed", failed);
        }
    }

    private static byte[] jca(String name, PrivateKey key, byte[] content) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(name);
        signer.initSign(key);
        signer.update(content);
        return signer.sign();
    }

    @Override
    public String toString() {
        return "SigningKey[" + id() + "]";
    }
}
