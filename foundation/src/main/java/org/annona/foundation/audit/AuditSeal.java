package org.annona.foundation.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.annona.foundation.sealing.MasterKey;
import org.jspecify.annotations.Nullable;

/**
 * A key that the database does not hold, with which the hash of each entry is sealed (HMAC-SHA-256). The hashes show a change by
 * somebody who does not know how they are made; the seals show a change by somebody who does.
 */
public final class AuditSeal {

    private final SecretKeySpec key;

    private AuditSeal(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    public static AuditSeal of(MasterKey masterKey) {
        return new AuditSeal(masterKey.derive("audit trail"));
    }

    byte[] of(String chain, long seq, byte[] hash) {
        Mac mac = mac();
        mac.update((chain + " " + seq + " ").getBytes(StandardCharsets.UTF_8));
        return mac.doFinal(hash);
    }

    byte[] ofText(String text) {
        return mac().doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean fits(String chain, long seq, byte[] hash, byte @Nullable [] seal) {
        return seal != null && MessageDigest.isEqual(of(chain, seq, hash), seal);
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
