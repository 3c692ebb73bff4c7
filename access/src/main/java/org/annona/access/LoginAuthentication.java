package org.annona.access;

import java.util.List;
import org.annona.foundation.problem.Problem;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Lets Spring Security ask {@link Login}. The session keeps the name only; roles are read anew for each request. */
final class LoginAuthentication implements AuthenticationProvider {

    private final Login login;

    LoginAuthentication(Login login) {
        this.login = login;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String address =
                attempt.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
        try {
            UserAccount user = login.check(attempt.getName(), String.valueOf(attempt.getCredentials()), address);
            return UsernamePasswordAuthenticationToken.authenticated(user.name(), null, List.of());
        } catch (Problem refusal) {
            throw new BadCredentialsException(refusal.code().code(), refusal);
        }
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
