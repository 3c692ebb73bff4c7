package org.annona.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.annona.foundation.problem.Problem;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Sends the person back to the login page with the reason, which is kept in her session for one page. */
final class LoginFailure implements AuthenticationFailureHandler {

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        Problem problem =
                failure.getCause() instanceof Problem refusal ? refusal : Problem.of(AccessProblem.LOGIN_REFUSED);
        request.getSession().setAttribute("loginProblem", problem.sentence() + " " + problem.remedy());
        response.sendRedirect(request.getContextPath() + "/login?refused");
    }
}
