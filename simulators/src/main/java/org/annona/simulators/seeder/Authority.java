package org.annona.simulators.seeder;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The identity authority behind the seeder: a token for each virtual ID, always the same (reference part B). */
public final class Authority {

    private static final BigInteger DECIMALS = BigInteger.TEN.pow(36);
    private static final String TOKEN = "token-of-the-authority";

    private final String partner;
    private final boolean hashed;

    /** @param hashed tokens of 43 signs instead of 36 digits */
    public Authority(String partner, boolean hashed) {
        this.partner = partner;
        this.hashed = hashed;
    }

    /** @param code null where a token was given */
    record Answer(
            @Nullable String token,
            @Nullable String code,
            @Nullable String message) {

        static Answer failed(String code, String message) {
            return new Answer(null, code, message);
        }
    }

    /** The first digit decides. */
    Answer answer(String vid) {
        return switch (vid.isEmpty() ? '0' : vid.charAt(0)) {
            case '9' -> Answer.failed("IDA-MLC-004", "Invalid VID");
            case '8' ->
                Answer.failed(
                        "ATS-REQ-103",
                        "IDA-DEA-001::Demographic data gender in eng did not match,"
                                + "IDA-DEA-001::Demographic data name in eng did not match");
            case '7' -> Answer.failed("ATS-REQ-100", "Unknown exception");
            case '6' -> Answer.failed("AUT_BAS_001", "Not Able to process auth request.");
            default -> new Answer(token(vid), null, null);
        };
    }

    /** Whose virtual ID begins with 5 is in truth the person whose one begins with 1 instead. */
    public String token(String vid) {
        String meant = vid.startsWith("5") && !hashed ? "1" + vid.substring(1) : vid;
        if (hashed) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest("SHA3-256", meant + partner));
        }
        BigInteger number = new BigInteger(1, digest("SHA-256", TOKEN + meant + partner)).mod(DECIMALS);
        return String.format("%036d", number);
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
