package org.annona.exchange.inbound;

import java.util.Map;

/** What goes back over HTTP, always JSON. */
record Response(int status, Map<String, String> headers, byte[] body) {

    static final int OK = 200;
}
