package org.annona.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The page from which a form was sent. Only a path of this server is believed, never a host. */
public final class PageBefore {

    private PageBefore() {}

    /** @return path and query, or null where the browser does not tell */
    public static @Nullable String of(HttpServletRequest request) {
        String referer = request.getHeader("Referer");
        if (referer == null) {
            return null;
        }
        try {
            URI uri = URI.create(referer);
            String path = uri.getRawPath();
            boolean own = request.getServerName().equals(uri.getHost());
            if (!own || path == null || !path.startsWith("/") || path.startsWith("//")) {
                return null;
            }
            return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
