package org.annona.server.web;

import java.io.IOException;
import java.time.Duration;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/** A body that is given up when it comes too slowly; Tomcat's own limits count between two bytes only. */
final class PacedBody implements InputBuffer {

    private final InputBuffer body;
    private Pace pace;
    private long begun = System.nanoTime();
    private long bytes;

    PacedBody(InputBuffer body, Pace pace) {
        this.body = body;
        this.pace = pace;
    }

    /** From now on, as if it began anew. */
    void expect(Pace other) {
        pace = other;
        begun = System.nanoTime();
        bytes = 0;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
        int count = body.doRead(handler);
        if (count > 0) {
            bytes += count;
            if (!pace.isKept(Duration.ofNanos(System.nanoTime() - begun), bytes)) {
                throw new IOException("the body comes too slowly");
            }
        }
        return count;
    }

    @Override
    public int available() {
        return body.available();
    }
}
