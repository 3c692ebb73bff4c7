package org.annona.interop.signature;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.json.CanonicalJson.Letters;
import org.annona.interop.json.CanonicalJson.Numbers;
import org.annona.interop.key.SigningKey;

/** Signs what leaves, in the format that the partner reads. A failure stops the message; nothing is sent unsigned instead. */
public enum Signer {
    /** DCI reference 12.2, format P: what OpenSPP2 speaks, and our default. Lives for five minutes. */
    PARAMETER_STRING {
        @Override
        public String sign(CanonicalJson header, CanonicalJson message, String sender, SigningKey key, Clock clock) {
            long created = clock.instant().getEpochSecond();
            long expires = created + LIFE.toSeconds();
            String digest = SignatureVerifier.digest(CanonicalJson.object(Map.of("header", header, "message", message))
                    .text());
            String content = ParameterString.signedContent(created, expires, digest);
            String signature =
                    Base64.getEncoder().encodeToString(key.sign(content.getBytes(StandardCharsets.US_ASCII)));
            String algorithm = key.algorithm().parameter();
            return "namespace=\"dci\", kidId=\"" + sender + "|" + key.id() + "|" + algorithm + "\", algorithm=\""
                    + algorithm + "\", created=\"" + created + "\", expires=\"" + expires + "\", headers=\""
                    + ParameterString.SIGNED_HEADERS + "\", signature=\"" + signature + "\"";
        }
    },

    /** Format C, RFC 7515: what OpenCRVS speaks. The key is named by its thumbprint. */
    COMPACT_JWS {
        @Override
        public String sign(CanonicalJson header, CanonicalJson message, String sender, SigningKey key, Clock clock) {
            Base64URL payload = Base64URL.encode(CanonicalJson.object(Map.of("header", header, "message", message))
                    .text(Numbers.AS_RECEIVED, Letters.PLAIN));
            return jws(key, payload, payload.toString());
        }
    },

    /** Format D, RFC 7515 appendix F, over header and message with sorted keys: what OpenG2P speaks. */
    DETACHED_JWS {
        @Override
        public String sign(CanonicalJson header, CanonicalJson message, String sender, SigningKey key, Clock clock) {
            Base64URL payload = Base64URL.encode(CanonicalJson.object(Map.of("header", header, "message", message))
                    .text());
            return jws(key, payload, "");
        }
    };

    private static final Duration LIFE = Duration.ofSeconds(300);

    /** @param sender our id as that partner knows it; the header's {@code sender_id} */
    public abstract String sign(
            CanonicalJson header, CanonicalJson message, String sender, SigningKey key, Clock clock);

    static String jws(SigningKey key, Base64URL payload, String shown) {
        Base64URL header = new JWSHeader.Builder(
                        JWSAlgorithm.parse(key.algorithm().jose()))
                .keyID(key.thumbprint())
                .build()
                .toBase64URL();
        byte[] signature = key.sign((header + "." + payload).getBytes(StandardCharsets.US_ASCII));
        return header + "." + shown + "." + Base64URL.encode(signature);
    }
}
