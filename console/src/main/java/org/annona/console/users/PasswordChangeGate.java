package org.annona.console.users;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.annona.access.UserAccount;
import org.annona.access.Users;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets a user with a first password go nowhere before she has chosen her own. */
public final class PasswordChangeGate implements HandlerInterceptor {

    private final Users users;

    public PasswordChangeGate(Users users) {
        this.users = users;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (request.getUserPrincipal() == null || request.getRequestURI().equals("/password")) {
            return true;
        }
        boolean mustChange = users.find(request.getUserPrincipal().getName())
                .map(UserAccount::mustChangePassword)
                .orElse(false);
        if (mustChange) {
            response.sendRedirect("/password");
        }
        return !mustChange;
    }
}
