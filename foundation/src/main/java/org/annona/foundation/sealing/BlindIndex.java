package org.annona.foundation.sealing;

import com.google.crypto.tink.prf.PrfSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Finds equal values without knowing them: a keyed hash (HMAC-SHA-256) of the normalised value. It tells which rows are
 * equal, and nothing else to anyone without the key. Never for values of few possibilities, such as a sex or a year.
 */
public final class BlindIndex {

    private static final int BYTES = 16;

    private final PrfSet prf;

    BlindIndex(PrfSet prf) {
        this.prf = prf;
    }

    /** @param purpose keeps equal values of different columns apart */
    public byte[] of(String purpose, String normalised) {
        try {
            return prf.computePrimary((purpose + "|" + normalised).getBytes(StandardCharsets.UTF_8), BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A 64-bit token, for sets of words; two different words meet by chance once in 10^19. */
    public long token(String purpose, String normalised) {
        return ByteBuffer.wrap(of(purpose, normalised)).getLong();
    }
}
