package org.annona.interop.matching;

import java.security.SecureRandom;

/** The secret of the installation that is asked, for one exchange. */
public final class MatchingKey {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] factor;

    private MatchingKey(byte[] factor) {
        this.factor = factor.clone();
    }

    public static MatchingKey fresh() {
        byte[] factor = new byte[CurvePoints.BYTES];
        RANDOM.nextBytes(factor);
        return new MatchingKey(factor);
    }

    /** @param bytes as {@link #bytes} */
    public static MatchingKey of(byte[] bytes) {
        if (bytes.length != CurvePoints.BYTES) {
            throw new IllegalArgumentException("a key has " + CurvePoints.BYTES + " bytes");
        }
        return new MatchingKey(bytes);
    }

    /** To be kept sealed. */
    public byte[] bytes() {
        return factor.clone();
    }

    /** What is listed of an identifier that this installation knows. */
    public Tags marks(String type, String value) {
        try {
            return new Tags(CurvePoints.times(factor, CurvePoints.of(type, value)));
        } catch (UnfitPoint impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Of nobody; its first mark is in every list. */
    public Tags control() {
        return marks(Tags.CONTROL, Tags.CONTROL);
    }

    /** For whoever asks: tells this installation nothing of what stands behind it. */
    public byte[] raise(byte[] blinded) throws UnfitPoint {
        return CurvePoints.times(factor, blinded);
    }

    @Override
    public String toString() {
        return "MatchingKey[hidden]";
    }
}
