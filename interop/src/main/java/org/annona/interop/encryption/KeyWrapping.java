package org.annona.interop.encryption;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.spec.MGF1ParameterSpec;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource.PSpecified;

/** How the key of the content may be wrapped (RFC 7518, section 4.3). No direct keys, no PKCS #1 v1.5. */
enum KeyWrapping {
    RSA_OAEP_256("RSA-OAEP-256", "SHA-256", MGF1ParameterSpec.SHA256),
    RSA_OAEP("RSA-OAEP", "SHA-1", MGF1ParameterSpec.SHA1);

    private final String jose;
    private final OAEPParameterSpec padding;

    KeyWrapping(String jose, String digest, MGF1ParameterSpec mask) {
        this.jose = jose;
        this.padding = new OAEPParameterSpec(digest, "MGF1", mask, PSpecified.DEFAULT);
    }

    String jose() {
        return jose;
    }

    static Optional<KeyWrapping> named(String jose) {
        for (KeyWrapping wrapping : values()) {
            if (wrapping.jose.equals(jose)) {
                return Optional.of(wrapping);
            }
        }
        return Optional.empty();
    }

    /** @param mode of {@link Cipher} */
    byte[] apply(int mode, Key key, byte[] bytes) throws GeneralSecurityException {
        Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
        rsa.init(mode, key, padding);
        return rsa.doFinal(bytes);
    }
}
