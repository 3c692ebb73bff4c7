package org.annona.interop.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Takes in the JSON of others, and says beforehand how much memory it will need once it is read. */
public final class JsonBody {

    private static final int CHUNK = 16_384;
    /** The bytes themselves, the same as a text, and the texts within. */
    private static final int COPIES = 5;
    /** Of a value in the two trees that are made of it, with its place among others; measured with {@code {"a":1}}. */
    private static final int PER_VALUE = 200;

    private JsonBody() {}

    /**
     * @param most how many bytes it may have; where it has more, one more is returned
     * @param room hears of each part of the need before more is taken in, and throws where there is no room
     */
    public static byte[] read(InputStream in, int most, LongConsumer room) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        int limit = most + 1;
        int count = in.read(chunk, 0, Math.min(CHUNK, limit));
        while (count > 0) {
            room.accept(need(chunk, count));
            whole.write(chunk, 0, count);
            count = in.read(chunk, 0, Math.min(CHUNK, limit - whole.size()));
        }
        return whole.toByteArray();
    }

    /** How much memory it needs once it is read, at most. */
    public static long need(byte[] json) {
        return need(json, json.length);
    }

    /** Each value but the first stands behind one of these signs; inside of a text they count without need. */
    private static long need(byte[] json, int length) {
        long values = 0;
        for (int i = 0; i < length; i++) {
            byte sign = json[i];
            if (sign == ',' || sign == '[' || sign == '{') {
                values++;
            }
        }
        return (long) COPIES * length + PER_VALUE * values;
    }
}
