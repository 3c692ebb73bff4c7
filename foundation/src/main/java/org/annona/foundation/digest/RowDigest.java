package org.annona.foundation.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over a list of rows in a fixed order. Each field is written as its length in bytes, a colon and its UTF-8 text;
 * an absent field as {@code -}; each row ends with a line feed. Two different lists never feed the same bytes.
 */
public final class RowDigest {

    private final MessageDigest digest = sha256();
    private long rows;

    public void add(@Nullable Object... fields) {
        for (Object field : fields) {
            if (field == null) {
                digest.update((byte) '-');
            } else {
                byte[] text = field.toString().getBytes(StandardCharsets.UTF_8);
                digest.update((text.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(text);
            }
        }
        digest.update((byte) '\n');
        rows++;
    }

    public long rows() {
        return rows;
    }

    /** Ends the list. */
    public byte[] finish() {
        return digest.digest();
    }

    public static byte[] ofBytes(byte[] content) {
        return sha256().digest(content);
    }

    public static byte[] ofText(String content) {
        return ofBytes(content.getBytes(StandardCharsets.UTF_8));
    }

    public static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
