package org.annona.mapper;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** Letters, digits and hyphens stand for themselves; every other byte of the NFC UTF-8 text is {@code %HH}. */
final class Segments {

    private static final String HEX = "0123456789ABCDEF";

    private Segments() {}

    static String escape(String value) {
        StringBuilder out = new StringBuilder();
        for (byte b : Normalizer.normalize(value, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8)) {
            int code = b & 0xFF;
            if (isPlain(code)) {
                out.append((char) code);
            } else {
                out.append('%').append(HEX.charAt(code >> 4)).append(HEX.charAt(code & 15));
            }
        }
        return out.toString();
    }

    /** Refuses what {@link #escape} would not have written. */
    static String unescape(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%') {
                if (!isPlain(c)) {
                    throw malformed();
                }
                bytes.write(c);
                continue;
            }
            if (i + 2 >= segment.length()) {
                throw malformed();
            }
            int high = HEX.indexOf(segment.charAt(i + 1));
            int low = HEX.indexOf(segment.charAt(i + 2));
            if (high < 0 || low < 0 || isPlain(high * 16 + low)) {
                throw malformed();
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
                throw malformed();
            }
            return text;
        } catch (CharacterCodingException notUtf8) {
            throw malformed();
        }
    }

    private static boolean isPlain(int code) {
        return (code >= '0' && code <= '9')
                || (code >= 'A' && code <= 'Z')
                || (code >= 'a' && code <= 'z')
                || code == '-';
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("not a financial address: a part is not escaped as it has to be");
    }
}
