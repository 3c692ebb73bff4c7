package org.annona.access;

import java.util.List;
import org.annona.foundation.problem.Problem;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** Lets Spring Security ask {@link Login}. The session keeps the name only; roles are read anew for each request. */
final class LoginAuthentication implements AuthenticationProvider {

    private final Login login;

    LoginAuthentication(Login login) {
        this.login = login;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        SignInPlace place = attempt.getDetails() instanceof SignInPlace details ? details : SignInPlace.of("");
        try {
            UserAccount user = login.check(attempt.getName(), String.valueOf(attempt.getCredentials()), place);
            UsernamePasswordAuthenticationToken in =
                    UsernamePasswordAuthenticationToken.authenticated(user.name(), null, List.of());
            // Otherwise the session would keep those of the attempt, with the cookie of the device.
            in.setDetails(place.address());
            return in;
        } catch (Problem refusal) {
            throw new BadCredentialsException(refusal.code().code(), refusal);
        }
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
