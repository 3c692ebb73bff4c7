package org.annona.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.WebUtils;

/** In which a browser keeps the reset that began in it. */
public final class ResetCookie {

    private static final String NAME = "annona-reset";
    private static final String PATH = "/forgotten";

    private final boolean secure;

    ResetCookie(boolean secure) {
        this.secure = secure;
    }

    public @Nullable String read(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, NAME);
        return cookie == null ? null : cookie.getValue();
    }

    public void keep(HttpServletResponse response, String begun) {
        write(response, begun, PasswordResets.LIFE);
    }

    public void forget(HttpServletResponse response) {
        write(response, "", Duration.ZERO);
    }

    private void write(HttpServletResponse response, String value, Duration life) {
        Cookie cookie = new Cookie(NAME, value);
        cookie.setPath(PATH);
        cookie.setHttpOnly(true);
        cookie.setSecure(secure);
        cookie.setMaxAge((int) life.toSeconds());
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
    }
}
