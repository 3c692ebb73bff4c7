package org.annona.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns a stranger's file away unread, and the stranger to the login page. Whatever asks for a parameter of the request,
 * such as the check of the form's token, would otherwise put the whole file on the disk before it is known who sends it.
 */
final class FilesFromUsersOnly extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType();
        boolean brings = type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
        if (brings && SecurityContextHolder.getContext().getAuthentication() == null) {
            // Most likely somebody whose session ended while she chose the file.
            response.setHeader("Location", "/login");
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            return;
        }
        chain.doFilter(request, response);
    }
}
