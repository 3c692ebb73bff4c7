package org.annona.tokens.tokenisation;

import java.security.SecureRandom;
import java.util.Base64;
import org.annona.foundation.digest.RowDigest;

/** Random words that nobody guesses. They leave the installation once; here only their digests stay. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final int REF_BYTES = 18;

    private Secrets() {}

    static String secret() {
        return random(SECRET_BYTES);
    }

    /** For one person in one message, so that its reader learns no key of ours. */
    static String ref() {
        return random(REF_BYTES);
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] digest(String secret) {
        return RowDigest.ofText(secret);
    }
}
