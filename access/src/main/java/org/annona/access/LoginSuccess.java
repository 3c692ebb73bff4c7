package org.annona.access;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;

/** Leads to the wanted page, and remembers the browser as one of the user's. */
final class LoginSuccess extends SavedRequestAwareAuthenticationSuccessHandler {

    private final Devices devices;

    LoginSuccess(Devices devices, WantedPage wanted) {
        this.devices = devices;
        setRequestCache(wanted);
    }

    @Override
    public void onAuthenticationSuccess(HttpServletRequest request, HttpServletResponse response, Authentication user)
            throws IOException, ServletException {
        devices.remember(request, response, user.getName());
        KeptForm kept = KeptForm.sentWithLogin(request);
        if (kept != null) {
            kept.forwardTo(KeptForm.AGAIN, request, response);
            return;
        }
        super.onAuthenticationSuccess(request, response, user);
    }
}
