package org.annona.interop.matching;

import java.security.SecureRandom;

/** The secret of the house that is asked, for one exchange. */
public final class MatchingKey {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] factor;

    private MatchingKey(byte[] factor) {
        this.factor = factor.clone();
    }

    public static MatchingKey fresh() {
        byte[] factor = new byte[Points.BYTES];
        RANDOM.nextBytes(factor);
        return new MatchingKey(factor);
    }

    /** @param bytes as {@link #bytes} */
    public static MatchingKey of(byte[] bytes) {
        if (bytes.length != Points.BYTES) {
            throw new IllegalArgumentException("a key has " + Points.BYTES + " bytes");
        }
        return new MatchingKey(bytes);
    }

    /** To be kept sealed. */
    public byte[] bytes() {
        return factor.clone();
    }

    /** What is listed of an identifier that this house knows. */
    public Marks marks(String type, String value) {
        try {
            return new Marks(Points.times(factor, Points.of(type, value)));
        } catch (UnfitPoint impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Of nobody; its first mark is in every list. */
    public Marks control() {
        return marks(Marks.CONTROL, Marks.CONTROL);
    }

    /** For whoever asks: tells this house nothing of what stands behind it. */
    public byte[] raise(byte[] blinded) throws UnfitPoint {
        return Points.times(factor, blinded);
    }

    @Override
    public String toString() {
        return "MatchingKey[hidden]";
    }
}
