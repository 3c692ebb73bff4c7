package org.annona.interop.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import org.annona.interop.key.SigningKey;
import org.annona.interop.key.VerificationKey;
import org.junit.jupiter.api.Test;

/** Whether bytes are ours, beside them. */
class BodySignatureTest {

    private static final byte[] BODY = "{\"request\":\"É\"}".getBytes(StandardCharsets.UTF_8);

    private final RSAKey secret;
    private final SigningKey key;
    private final Map<String, VerificationKey> keys;

    BodySignatureTest() throws JOSEException {
        secret = new RSAKeyGenerator(2048).keyID("ours").generate();
        key = SigningKey.of(secret);
        keys = Map.of(key.thumbprint(), key.publicKey());
    }

    @Test
    void another_library_reads_it_as_a_detached_jws() throws JOSEException, ParseException {
        JWSObject read = JWSObject.parse(BodySignature.sign(BODY, key), new Payload(BODY));
        assertThat(read.verify(new RSASSAVerifier(secret.toRSAPublicKey()))).isTrue();
    }

    @Test
    void it_holds_for_these_bytes_and_this_key_only() {
        String signature = BodySignature.sign(BODY, key);
        assertThat(BodySignature.verifies(signature, BODY, keys::get)).isTrue();
        byte[] other = BODY.clone();
        other[3] ^= 1;
        assertThat(BodySignature.verifies(signature, other, keys::get)).isFalse();
        assertThat(BodySignature.verifies(signature, BODY, none -> null)).isFalse();
    }

    @Test
    void nonsense_is_no_signature() {
        String[] parts = BodySignature.sign(BODY, key).split("\\.", -1);
        String none = Base64URL.encode("{\"alg\":\"none\",\"kid\":\"" + key.thumbprint() + "\"}")
                .toString();
        for (String nonsense : new String[] {
            "",
            ".",
            "..",
            "a.b.c",
            parts[0] + "..",
            parts[0] + ".x." + parts[2],
            none + "..",
            none + ".." + parts[2],
            parts[0] + ".." + parts[2] + "."
        }) {
            assertThat(BodySignature.verifies(nonsense, BODY, keys::get))
                    .as(nonsense)
                    .isFalse();
        }
    }
}
