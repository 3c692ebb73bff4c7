package org.annona.interop.matching;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.util.Arrays;

/** CurvePoints of Curve25519 by their u-coordinates: 32 bytes, little-endian (RFC 7748). */
final class CurvePoints {

    static final int BYTES = 32;

    private static final BigInteger PRIME = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger HALF = PRIME.shiftRight(1);
    private static final BigInteger A = BigInteger.valueOf(486_662);
    private static final Pattern SEPARATORS = Pattern.compile("[\\p{Z}\\s\\p{Cf}\\p{Pd}]");
    private static final byte[] NEUTRAL = new byte[BYTES];

    private CurvePoints() {}

    /**
     * The point that stands for an identifier. Only points of the curve itself are taken, none of its twist, because a factor
     * leaves each on its own: whoever sees a blinded point could rule out half of all identifiers.
     */
    static byte[] of(String type, String value) {
        String identifier = type.toUpperCase(Locale.ROOT) + "\n" + normalised(value);
        for (int attempt = 0; ; attempt++) {
            byte[] u = Tags.digest("annona matching point\n" + attempt + "\n" + identifier);
            u[BYTES - 1] &= 0x7F;
            if (isOnCurve(u)) {
                return u;
            }
        }
    }

    /** However each installation writes it: with blanks, dashes, small letters, digits of another script. */
    private static String normalised(String value) {
        String plain = SEPARATORS
                .matcher(Normalizer.normalize(value, Normalizer.Form.NFKC))
                .replaceAll("")
                .toUpperCase(Locale.ROOT);
        StringBuilder text = new StringBuilder();
        plain.codePoints().forEach(point -> {
            int digit = Character.digit(point, 10);
            text.appendCodePoint(digit >= 0 ? '0' + digit : point);
        });
        return text.toString();
    }

    static boolean isOnCurve(byte[] point) {
        BigInteger u = new BigInteger(1, Arrays.reverse(point)).mod(PRIME);
        BigInteger square =
                u.multiply(u).add(A.multiply(u)).add(BigInteger.ONE).multiply(u).mod(PRIME);
        return square.signum() != 0 && square.modPow(HALF, PRIME).equals(BigInteger.ONE);
    }

    /**
     * @param factor a multiple of 8, as X25519 makes of every one, so that nothing is learned from points of small order
     * @throws UnfitPoint where it is no point, or one of small order
     */
    static byte[] times(byte[] factor, byte[] point) throws UnfitPoint {
        if (point.length != BYTES) {
            throw new UnfitPoint();
        }
        byte[] product = new byte[BYTES];
        X25519.scalarMult(factor, 0, point, 0, product, 0);
        if (MessageDigest.isEqual(product, NEUTRAL)) {
            throw new UnfitPoint();
        }
        return product;
    }
}
