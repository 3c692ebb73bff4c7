package org.annona.exchange.inbound;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.annona.exchange.operation.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP, as it came.
 *
 * @param registry the prefix that its path names
 * @param path below that prefix
 * @param dialect of the address to which it came
 * @param length that it announces of its body, in bytes; below zero where it announces none
 */
record Call(
        String method,
        String registry,
        String path,
        Dialect dialect,
        @Nullable String contentType,
        @Nullable String authorization,
        @Nullable String signature,
        long length,
        InputStream body,
        Parts parts) {

    /** The parts of a form with a file, by their names; read when they are asked for. */
    interface Parts {

        /** @throws IOException where it is no such form, or a part comes twice */
        Map<String, byte[]> read() throws IOException;
    }

    @Override
    public String toString() {
        return "Call[" + method + " " + registry + path + "]";
    }
}
