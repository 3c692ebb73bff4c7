package org.annona.access;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.annona.foundation.sealing.BlindIndex;
import org.springframework.session.web.http.DefaultCookieSerializer;

/**
 * The cookie of a session: its identifier and a keyed hash of it. The database keeps the identifier alone, so that a stolen
 * copy of the database opens no session without the master key. A cookie with another hash is no question for the database.
 */
final class SessionCookie extends DefaultCookieSerializer {

    private static final String SEPARATOR = ".";

    private final BlindIndex index;

    SessionCookie(BlindIndex index) {
        this.index = index;
    }

    @Override
    public void writeCookieValue(CookieValue cookie) {
        String session = cookie.getCookieValue();
        // Empty where the cookie is taken away.
        super.writeCookieValue(
                session.isEmpty()
                        ? cookie
                        : new CookieValue(cookie.getRequest(), cookie.getResponse(), valueOf(session)));
    }

    @Override
    public List<String> readCookieValues(HttpServletRequest request) {
        return super.readCookieValues(request).stream()
                .flatMap(value -> sessionOf(value).stream())
                .toList();
    }

    String valueOf(String session) {
        return session
                + SEPARATOR
                + Base64.getUrlEncoder().withoutPadding().encodeToString(index.of("session", session));
    }

    Optional<String> sessionOf(String value) {
        return Stream.of(value.split("[.]", 2)[0])
                .filter(session -> MessageDigest.isEqual(
                        valueOf(session).getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)))
                .findFirst();
    }
}
