package org.annona.console.users;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.annona.access.UserAccount;
import org.annona.access.Users;
import org.springframework.web.servlet.HandlerInterceptor;

/** Shows a user no other page before the user has chosen an own password, and has read who accepted its reset. */
public final class PasswordChangeGate implements HandlerInterceptor {

    private static final Set<String> PASSES = Set.of("/password", "/password/told");

    private final Users users;

    public PasswordChangeGate(Users users) {
        this.users = users;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (request.getUserPrincipal() == null || PASSES.contains(request.getRequestURI())) {
            return true;
        }
        boolean heldUp = users.find(request.getUserPrincipal().getName())
                .map(UserAccount::isHeldUp)
                .orElse(false);
        if (heldUp) {
            response.sendRedirect("/password");
        }
        return !heldUp;
    }
}
