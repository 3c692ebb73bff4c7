package org.annona.interop.matching;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.util.Arrays;

/** The secret of the installation that asks, for one identifier in one message: another one each time, and kept nowhere. */
public final class Blinding {

    private static final SecureRandom RANDOM = new SecureRandom();
    /** Of the subgroup in which all multiples of 8 lie (RFC 7748, section 4.1). */
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private static final BigInteger COFACTOR = BigInteger.valueOf(8);
    private static final int HIGHEST_BIT = 254;

    private final byte[] factor;
    private final byte[] inverse;

    private Blinding(byte[] factor, byte[] inverse) {
        this.factor = factor;
        this.inverse = inverse;
    }

    public static Blinding fresh() {
        while (true) {
            byte[] factor = new byte[CurvePoints.BYTES];
            RANDOM.nextBytes(factor);
            clamp(factor);
            BigInteger inverse = asX25519(
                    new BigInteger(1, Arrays.reverse(factor)).mod(ORDER).modInverse(ORDER));
            // About every second one.
            if (inverse.bitLength() == HIGHEST_BIT + 1) {
                return new Blinding(factor, littleEndian(inverse));
            }
        }
    }

    /** As X25519 does to every factor. */
    private static void clamp(byte[] factor) {
        factor[0] &= (byte) 0xF8;
        factor[CurvePoints.BYTES - 1] &= 0x7F;
        factor[CurvePoints.BYTES - 1] |= 0x40;
    }

    /** The multiple of 8 that does the same to every point of the subgroup. */
    private static BigInteger asX25519(BigInteger inverse) {
        BigInteger orders =
                inverse.negate().multiply(ORDER.modInverse(COFACTOR)).mod(COFACTOR);
        return inverse.add(orders.multiply(ORDER));
    }

    private static byte[] littleEndian(BigInteger number) {
        byte[] bytes = new byte[CurvePoints.BYTES];
        byte[] big = number.toByteArray();
        for (int i = 0; i < Math.min(big.length, CurvePoints.BYTES); i++) {
            bytes[i] = big[big.length - 1 - i];
        }
        return bytes;
    }

    /** What leaves the installation. */
    public byte[] blind(String type, String value) {
        try {
            return CurvePoints.times(factor, CurvePoints.of(type, value));
        } catch (UnfitPoint impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Of nobody; looks like any other. Its first mark has to be in the list, or the answer is worth nothing. */
    public byte[] blindControl() {
        return blind(Tags.CONTROL, Tags.CONTROL);
    }

    /** What the other installation would list of the identifier, if it knew it. @param raised what it made of the blinded one */
    public Tags marks(byte[] raised) throws UnfitPoint {
        return new Tags(CurvePoints.times(inverse, raised));
    }

    @Override
    public String toString() {
        return "Blinding[hidden]";
    }
}
