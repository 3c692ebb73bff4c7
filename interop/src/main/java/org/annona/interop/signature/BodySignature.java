package org.annona.interop.signature;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.function.Function;
import org.annona.interop.key.Algorithm;
import org.annona.interop.key.SigningKey;
import org.annona.interop.key.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * A signature of whole bytes beside them, as a detached JWS (RFC 7515, appendix F): for counterparts whose messages have no place
 * for one, in the header {@code Signature} as MOSIP's own calls carry it.
 */
public final class BodySignature {

    private BodySignature() {}

    public static String sign(byte[] body, SigningKey key) {
        return Signer.jws(key, Base64URL.encode(body), "");
    }

    /** @param keys by the thumbprint (RFC 7638) that the signature names; null where it is not known */
    public static boolean verifies(String signature, byte[] body, Function<String, @Nullable VerificationKey> keys) {
        String[] parts = signature.split("\\.", -1);
        if (parts.length != 3 || !parts[1].isEmpty()) {
            return false;
        }
        try {
            JWSHeader header = JWSHeader.parse(new Base64URL(parts[0]));
            VerificationKey key = header.getKeyID() == null ? null : keys.apply(header.getKeyID());
            return key != null
                    && Algorithm.named(header.getAlgorithm().getName())
                            .filter(key.algorithm()::equals)
                            .isPresent()
                    && key.verifies(
                            (parts[0] + "." + Base64URL.encode(body)).getBytes(StandardCharsets.US_ASCII),
                            new Base64URL(parts[2]).decode());
        } catch (ParseException | IllegalArgumentException unreadable) {
            return false;
        }
    }
}
