package org.annona.interop.matching;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What is listed of one identifier, known only to whoever holds the key and to whoever asked for that very identifier. Each
 * enrolment of hers is listed under a mark of its own, so that a list does not tell who has several.
 */
public final class Tags {

    /** Of a mark. With 10 million of them two are equal by chance once in 10^24 lists. */
    public static final int BYTES = 16;

    /** So many enrolments of one identifier are listed, and looked up whether there are some or not. */
    public static final int MOST_ENROLMENTS = 16;

    /** In every list, and asked for in every message: where it is not found, list and answer have different keys. */
    static final String CONTROL = "CONTROL";

    private final byte[] point;

    Tags(byte[] point) {
        this.point = point.clone();
    }

    /** @param number of the enrolment, from 0 */
    public byte[] mark(int number) {
        return Arrays.copyOf(derived("mark", number), BYTES);
    }

    /**
     * Covers, or uncovers, what is told of an enrolment: a number from 0 to 65535. It is no secret's only protection, but a
     * mark that nobody asked for tells nothing.
     */
    public int cover(int number, int told) {
        byte[] mask = derived("cover", number);
        return (told ^ (mask[0] & 0xFF) << 8 ^ mask[1] & 0xFF) & 0xFFFF;
    }

    private byte[] derived(String what, int number) {
        MessageDigest digest = sha256();
        digest.update(("annona matching " + what + "\n" + number + "\n").getBytes(StandardCharsets.UTF_8));
        return digest.digest(point);
    }

    static byte[] digest(String text) {
        return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tags marks && MessageDigest.isEqual(point, marks.point);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(point);
    }

    @Override
    public String toString() {
        return "Tags[hidden]";
    }
}
