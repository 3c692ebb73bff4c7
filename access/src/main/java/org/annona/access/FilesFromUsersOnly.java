package org.annona.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns a stranger's file away unread, and the stranger to the login page. Whatever asks for a parameter of the request,
 * such as the check of the form's token, would otherwise put the whole file on the disk before it is known who sends it.
 */
final class FilesFromUsersOnly extends OncePerRequestFilter {

    /** Parameter of the pages that tell the user that the file has to be chosen again. */
    private static final String NOT_KEPT = "file-not-kept";

    private final WantedPage wanted;

    FilesFromUsersOnly(WantedPage wanted) {
        this.wanted = wanted;
    }

    /** Where the file was chosen, if that is a page of ours. */
    private static String pageBefore(HttpServletRequest request) {
        String referer = request.getHeader(HttpHeaders.REFERER);
        try {
            URI uri = URI.create(referer == null ? "/" : referer);
            String query = uri.getRawQuery();
            String page = uri.getRawPath() + (query == null ? "" : "?" + query);
            boolean ours = String.valueOf(uri.getAuthority()).equals(request.getHeader(HttpHeaders.HOST));
            return ours && WantedPage.isOfThisServer(page + NOT_KEPT) ? page : "/";
        } catch (IllegalArgumentException malformed) {
            return "/";
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType();
        boolean brings = type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
        if (brings && SecurityContextHolder.getContext().getAuthentication() == null) {
            // Most likely a user whose session ended while the file was chosen.
            String page = pageBefore(request);
            wanted.keep(response, page + (page.contains("?") ? "&" : "?") + NOT_KEPT);
            response.setHeader("Location", "/login?" + NOT_KEPT);
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            return;
        }
        chain.doFilter(request, response);
    }
}
