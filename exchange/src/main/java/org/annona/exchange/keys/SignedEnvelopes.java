package org.annona.exchange.keys;

import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerKeys;
import org.annona.interop.encryption.MessageEncryption;
import org.annona.interop.json.CanonicalJson;
import org.annona.interop.key.Algorithm;
import org.annona.interop.key.SigningKey;
import org.annona.interop.message.MessageHeader;
import org.annona.interop.signature.Signer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes what leaves: encrypted where that was agreed, always signed. What cannot be signed does not leave. */
public final class SignedEnvelopes {

    private final OurKeys ours;
    private final PartnerKeys theirs;
    private final Clock clock;

    public SignedEnvelopes(OurKeys ours, PartnerKeys theirs, Clock clock) {
        this.ours = ours;
        this.theirs = theirs;
        this.clock = clock;
    }

    /** @throws IllegalStateException where it has to be encrypted and the partner has no key for that */
    public byte[] answer(Partner partner, MessageHeader header, ObjectNode message) {
        ObjectNode body = header.encrypted() ? encrypted(partner, message) : message;
        return signed(partner, header.asCallback(partner.terms().profile()), body);
    }

    /** A request of ours. */
    public byte[] request(Partner partner, MessageHeader header, ObjectNode message) {
        ObjectNode body = header.encrypted() ? encrypted(partner, message) : message;
        return signed(partner, header.asRequest(partner.terms().profile()), body);
    }

    private ObjectNode encrypted(Partner partner, ObjectNode message) {
        RSAKey key = theirs.encryption(partner)
                .orElseThrow(() -> new IllegalStateException("the partner has no key with use enc"));
        return MessageEncryption.encrypt(message.toString().getBytes(StandardCharsets.UTF_8), key, clock);
    }

    private byte[] signed(Partner partner, ObjectNode header, ObjectNode message) {
        String sender = header.path("sender_id").asString();
        ObjectNode envelope = JsonMapper.shared().createObjectNode();
        envelope.put("signature", signature(partner.terms().signer(), sender, header, message));
        envelope.set("header", header);
        envelope.set("message", message);
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Of a message whose envelope the caller writes. @param sender our id, as the receiver knows it */
    public String signature(Signer signer, String sender, ObjectNode header, ObjectNode message) {
        return signer.sign(canonical(header), canonical(message), sender, key(signer), clock);
    }

    private SigningKey key(Signer signer) {
        return switch (signer) {
            case PARAMETER_STRING -> ours.signing(Algorithm.ED25519);
            case COMPACT_JWS -> ours.signing(Algorithm.RS256);
            case DETACHED_JWS -> ours.signing(Algorithm.ES256);
        };
    }

    private static CanonicalJson canonical(ObjectNode json) {
        return CanonicalJson.read(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
