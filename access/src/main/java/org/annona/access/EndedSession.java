package org.annona.access;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;

/** A form that comes without a session: its sender logs in, and sends it again. */
final class EndedSession implements AccessDeniedHandler {

    private final AccessDeniedHandler otherwise = new AccessDeniedHandlerImpl();

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException, ServletException {
        KeptForm kept = request.getUserPrincipal() == null ? KeptForm.of(request) : null;
        if (kept == null || request.getRequestURI().startsWith("/login")) {
            otherwise.handle(request, response, denied);
            return;
        }
        response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        kept.forwardTo(KeptForm.LOGIN, request, response);
    }
}
