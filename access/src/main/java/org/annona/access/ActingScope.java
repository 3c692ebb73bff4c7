package org.annona.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Handles the request of a user in the scope of the organisation for which the user acts. A request without a user has no scope. */
final class ActingScope extends OncePerRequestFilter {

    private final ActorResolver actors;

    ActingScope(ActorResolver actors) {
        this.actors = actors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Actor actor = request.getUserPrincipal() == null ? null : actors.actorIfAny(request);
        if (actor == null) {
            chain.doFilter(request, response);
            return;
        }
        try {
            actor.scope().<Void, Exception>call(() -> {
                chain.doFilter(request, response);
                return null;
            });
        } catch (ServletException | IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new ServletException(impossible);
        }
    }
}
