package org.annona.interop.http;

import java.io.IOException;

/** An address that is never called, whatever a partner says. The message is fit for the partner. */
public final class ForbiddenAddress extends IOException {

    private static final long serialVersionUID = 1L;

    ForbiddenAddress(String message) {
        super(message);
    }
}
