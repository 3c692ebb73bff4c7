package org.annona.server.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose bodies come too slowly, for all readers. What a refused request still brings is taken in after the
 * answer has gone out, and only where it comes fast.
 */
public final class SlowClients extends ValveBase {

    private final Pace ofBodies;
    private final Pace ofRemainders;

    public SlowClients() {
        this(Pace.OF_BODIES, Pace.OF_REMAINDERS);
    }

    /** @param ofRemainders of what a refused request still brings */
    public SlowClients(Pace ofBodies, Pace ofRemainders) {
        super(true);
        this.ofBodies = ofBodies;
        this.ofRemainders = ofRemainders;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Request coming = request.getCoyoteRequest();
        InputBuffer whole = coming.getInputBuffer();
        PacedBody paced = new PacedBody(whole, ofBodies);
        coming.setInputBuffer(paced);
        try {
            getNext().invoke(request, response);
            if (!request.isAsync() && hasBody(coming) && !coming.hasExpectation()) {
                response.finishResponse();
                paced.expect(ofRemainders);
                takeInRemainder(coming, response);
            }
        } finally {
            coming.setInputBuffer(whole);
        }
    }

    private static boolean hasBody(org.apache.coyote.Request coming) {
        return coming.getContentLengthLong() > 0 || coming.getHeader("transfer-encoding") != null;
    }

    private static void takeInRemainder(org.apache.coyote.Request coming, Response response) {
        Thrown away = new Thrown();
        try {
            while (coming.doRead(away) >= 0) {
                away.forget();
            }
        } catch (IOException tooSlowOrGone) {
            // Tomcat would otherwise wait for the rest as long as a byte comes now and then.
            response.getCoyoteResponse().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private static final class Thrown implements ApplicationBufferHandler {

        private @Nullable ByteBuffer buffer;

        @Override
        public void setByteBuffer(ByteBuffer read) {
            buffer = read;
        }

        @Override
        public @Nullable ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {}

        void forget() {
            if (buffer != null) {
                buffer.position(buffer.limit());
            }
        }
    }
}
