package org.annona.interop.http;

import java.net.URI;
import java.util.Locale;

/** Which server an address means (RFC 6454, section 4): what was given to one is not shown to another. */
public record Origin(String scheme, String host, int port) {

    /** @param address absolute, with a host */
    public static Origin of(String address) {
        URI uri = URI.create(address);
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort() < 0 ? usual : uri.getPort());
    }
}
