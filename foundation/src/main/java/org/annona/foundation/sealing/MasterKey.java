package org.annona.foundation.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The root of all secrets of an installation: 256 bits from a file, the environment or a key service. Everything else
 * (data keys, passwords of database roles) is wrapped by it or derived from it. Whoever loses it loses the data.
 */
public final class MasterKey {

    private static final int BYTES = 32;

    private final byte[] secret;

    private MasterKey(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a master key has 32 bytes (44 characters in Base64)");
        }
        this.secret = secret.clone();
    }

    public static MasterKey fromBase64(String text) {
        return new MasterKey(Base64.getDecoder().decode(text.strip()));
    }

    public static MasterKey random() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return new MasterKey(secret);
    }

    public static MasterKey inFile(Path file) throws IOException {
        return fromBase64(Files.readString(file));
    }

    /** A new key, kept in a file that only its owner may read; where there is a file already, it is read. */
    public static MasterKey newInFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            MasterKey key = random();
            Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    unfinished, Base64.getEncoder().encodeToString(key.secret) + "\n", StandardOpenOption.WRITE);
            Files.move(unfinished, file);
        }
        return inFile(file);
    }

    /** 32 bytes for one purpose, from which neither the key nor those of another purpose can be told (RFC 5869). */
    public byte[] derive(String purpose) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .thenExpand(("annona " + purpose).getBytes(StandardCharsets.UTF_8), BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A password for one purpose, such as a database role. */
    public String password(String purpose) {
        return HexFormat.of().formatHex(derive("password " + purpose)).substring(0, 32);
    }

    @Override
    public String toString() {
        return "MasterKey[sealed]";
    }
}
