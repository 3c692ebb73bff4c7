package org.annona.foundation.sealing;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;

/**
 * Seals values with AES-256-GCM. A value is bound to its column and row, so that it cannot be read after being moved to
 * another one.
 */
public final class Sealer {

    private final Aead aead;

    Sealer(Aead aead) {
        this.aead = aead;
    }

    /**
     * @param column {@code schema.table.column}
     * @param row the key of the row, as text
     */
    public byte[] seal(String column, Object row, byte[] value) {
        try {
            return aead.encrypt(value, place(column, row));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public byte[] seal(String column, Object row, String value) {
        return seal(column, row, value.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] open(String column, Object row, byte[] sealed) {
        try {
            return aead.decrypt(sealed, place(column, row));
        } catch (GeneralSecurityException damaged) {
            throw Problem.of(FoundationProblem.SEALED_VALUE_DAMAGED).causedBy(damaged);
        }
    }

    public String openText(String column, Object row, byte[] sealed) {
        return new String(open(column, row, sealed), StandardCharsets.UTF_8);
    }

    private static byte[] place(String column, Object row) {
        return (column + "|" + row).getBytes(StandardCharsets.UTF_8);
    }
}
