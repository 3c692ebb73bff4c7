package org.annona.access;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.annona.foundation.problem.Problem;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Sends the person back to the login page with the reason, which is not kept: a stranger has no session. */
final class LoginFailure implements AuthenticationFailureHandler {

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException, ServletException {
        Problem problem =
                failure.getCause() instanceof Problem refusal ? refusal : Problem.of(AccessProblem.LOGIN_REFUSED);
        KeptForm kept = KeptForm.sentWithLogin(request);
        if (kept != null) {
            request.setAttribute(KeptForm.PROBLEM, problem);
            kept.forwardTo(KeptForm.LOGIN, request, response);
            return;
        }
        response.sendRedirect(request.getContextPath() + "/login?refused="
                + problem.code().code() + "&until=" + problem.argument("until"));
    }
}
