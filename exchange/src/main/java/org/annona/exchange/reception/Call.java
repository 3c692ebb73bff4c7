package org.annona.exchange.reception;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP, as it came to the door.
 *
 * @param registry the prefix that its path names
 * @param path below that prefix
 */
record Call(
        String method,
        String registry,
        String path,
        @Nullable String contentType,
        @Nullable String authorization,
        @Nullable String signature,
        InputStream body) {

    @Override
    public String toString() {
        return "Call[" + method + " " + registry + path + "]";
    }
}
