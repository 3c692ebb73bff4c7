package org.annona.exchange.partner;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Secrets of partners. They are 256 random bits that we make and nobody chooses, so that one fast hash protects them; a slow
 * one, as for the passwords of people, would only let strangers keep the processors busy.
 */
public final class SecretDigest implements PasswordEncoder {

    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    static String newSecret() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String encode(@Nullable CharSequence secret) {
        return HexFormat.of().formatHex(sha256(String.valueOf(secret)));
    }

    @Override
    public boolean matches(@Nullable CharSequence secret, @Nullable String digest) {
        return secret != null
                && digest != null
                && MessageDigest.isEqual(
                        encode(secret).getBytes(StandardCharsets.US_ASCII), digest.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
