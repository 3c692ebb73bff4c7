package org.annona.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import org.springframework.web.util.WebUtils;

/**
 * After login a person returns to the wanted page; a form that was sent is not sent again by itself. The address is in a cookie
 * and not in a session, because strangers would fill the table of sessions.
 *
 * <p>An attacker who can write that cookie must not choose the next page. Only an address of this server is followed: one
 * slash first, then signs that no browser takes for another host.
 */
final class WantedPage implements RequestCache {

    static final String COOKIE = "annona-wanted";

    private static final int LONGEST = 1_000;
    private static final int SECONDS = 900;
    private static final Pattern OF_THIS_SERVER = Pattern.compile("/(?![/\\\\])[\\x21-\\x7E&&[^\\\\]]*");

    private final boolean secure;

    WantedPage(boolean secure) {
        this.secure = secure;
    }

    @Override
    public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
        boolean page = HttpMethod.GET.matches(request.getMethod())
                && request.getHeader("HX-Request") == null
                && String.valueOf(request.getHeader("Accept")).contains("text/html");
        String query = request.getQueryString();
        String address = request.getRequestURI() + (query == null ? "" : "?" + query);
        if (page && isOfThisServer(address)) {
            keep(response, address);
        }
    }

    /** Leads there after the next login. @param address of this server */
    void keep(HttpServletResponse response, String address) {
        response.addCookie(cookie(
                Base64.getUrlEncoder().withoutPadding().encodeToString(address.getBytes(StandardCharsets.US_ASCII)),
                SECONDS));
    }

    static boolean isOfThisServer(String address) {
        return address.length() <= LONGEST && OF_THIS_SERVER.matcher(address).matches();
    }

    /** Asked once, after a login. */
    @Override
    public @Nullable SavedRequest getRequest(HttpServletRequest request, HttpServletResponse response) {
        Cookie kept = WebUtils.getCookie(request, COOKIE);
        if (kept == null) {
            return null;
        }
        removeRequest(request, response);
        try {
            String address = new String(Base64.getUrlDecoder().decode(kept.getValue()), StandardCharsets.ISO_8859_1);
            return isOfThisServer(address) ? new SimpleSavedRequest(address) : null;
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    @Override
    public @Nullable HttpServletRequest getMatchingRequest(HttpServletRequest request, HttpServletResponse response) {
        return null;
    }

    @Override
    public void removeRequest(HttpServletRequest request, HttpServletResponse response) {
        response.addCookie(cookie("", 0));
    }

    private Cookie cookie(String value, int seconds) {
        Cookie cookie = new Cookie(COOKIE, value);
        cookie.setPath("/login");
        cookie.setHttpOnly(true);
        cookie.setSecure(secure);
        cookie.setMaxAge(seconds);
        cookie.setAttribute("SameSite", "Lax");
        return cookie;
    }
}
