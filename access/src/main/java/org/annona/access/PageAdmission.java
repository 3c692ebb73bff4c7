package org.annona.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.annona.foundation.load.Places;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes in what a form brings, and only then gives the request one of the places of pages: a sender of a byte now and
 * then waits outside and keeps nobody from a page. A form of a stranger is small. What cannot be read is refused here, once
 * for all pages.
 */
final class PageAdmission extends OncePerRequestFilter {

    /** In bytes. A login has a few hundred; thousands who announce such a form at the same time still fit into memory. */
    static final int LARGEST_FORM_OF_STRANGERS = 8_192;

    private final RequestMatcher passing;
    private final RequestMatcher login;
    private final Kinds kinds;

    /**
     * Those that have places of their own.
     *
     * @param logins apart from pages, because passwords are slow to look at and anybody may send some
     * @param uploads apart from pages, because a file may take minutes to come
     */
    record Kinds(Places pages, Places logins, Places uploads) {}

    /** @param passing what needs no place: files that are the same for all, and the answer to whether this server lives */
    PageAdmission(RequestMatcher passing, RequestMatcher login, Kinds kinds) {
        this.passing = passing;
        this.login = login;
        this.kinds = kinds;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (passing.matches(request)) {
            chain.doFilter(request, response);
            return;
        }
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        boolean file = type.startsWith("multipart/");
        Places.Place place;
        try {
            if (!file) {
                takeInForm(request, type);
            }
            Places places = file ? kinds.uploads() : login.matches(request) ? kinds.logins() : kinds.pages();
            place = places.enter();
        } catch (Problem problem) {
            BareRefusal.write(request, response, problem);
            return;
        }
        try (place) {
            chain.doFilter(request, response);
        }
    }

    private static void takeInForm(HttpServletRequest request, String type) {
        if (type.startsWith("application/x-www-form-urlencoded")) {
            boolean large = request.getContentLengthLong() > LARGEST_FORM_OF_STRANGERS
                    || request.getHeader("Transfer-Encoding") != null;
            if (large && ofStranger()) {
                throw Problem.of(FoundationProblem.REQUEST_TOO_LARGE);
            }
        }
        Map<String, String[]> parameters;
        try {
            parameters = request.getParameterMap();
        } catch (InvalidParameterException unreadable) {
            throw unreadable.getErrorCode() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE
                    ? Problem.of(FoundationProblem.REQUEST_TOO_LARGE)
                    : Problem.of(
                            FoundationProblem.REQUEST_UNREADABLE, "reason", "its address or its form is badly encoded");
        }
        boolean unstorable = parameters.entrySet().stream()
                .flatMap(one -> Stream.concat(Stream.of(one.getKey()), Arrays.stream(one.getValue())))
                .anyMatch(text -> text.indexOf('\0') >= 0);
        if (unstorable) {
            // The database keeps no such text, and would fail in the middle of whatever is done with it.
            throw Problem.of(FoundationProblem.REQUEST_UNREADABLE, "reason", "it holds the character U+0000");
        }
    }

    private static boolean ofStranger() {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        return user == null || !user.isAuthenticated();
    }
}
