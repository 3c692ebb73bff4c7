package org.annona.exchange.token;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;
import org.annona.interop.message.Acknowledgement;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Refusal;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import tools.jackson.databind.node.ObjectNode;

/** Refusals of the token server, in the shape of RFC 6749 and in both shapes of DCI (reference R12.1). */
final class TokenRefusals implements AuthenticationFailureHandler {

    private final Clock clock;

    TokenRefusals(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        String error = failure instanceof OAuth2AuthenticationException known
                ? known.getError().getErrorCode()
                : OAuth2ErrorCodes.INVALID_REQUEST;
        boolean stranger = error.equals(OAuth2ErrorCodes.INVALID_CLIENT);
        if (stranger) {
            response.setHeader("WWW-Authenticate", "Basic");
        }
        write(
                response,
                stranger ? HttpServletResponse.SC_UNAUTHORIZED : HttpServletResponse.SC_BAD_REQUEST,
                error,
                sentence(error));
    }

    private static String sentence(String error) {
        return switch (error) {
            case OAuth2ErrorCodes.INVALID_CLIENT -> "the client is unknown, suspended, or its secret is another one";
            case OAuth2ErrorCodes.INVALID_SCOPE -> "a scope was asked for that is not agreed";
            case OAuth2ErrorCodes.UNSUPPORTED_GRANT_TYPE -> "grant_type has to be client_credentials";
            default -> "the request for a token is not as RFC 6749, section 4.4, says";
        };
    }

    void write(HttpServletResponse response, int status, String error, String sentence) throws IOException {
        ErrorCode code = switch (status) {
            case HttpServletResponse.SC_UNAUTHORIZED -> ErrorCode.UNAUTHORIZED;
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> ErrorCode.SERVICE_UNAVAILABLE;
            default -> ErrorCode.BAD_REQUEST;
        };
        ObjectNode body = Acknowledgement.refused(
                Refusal.http(status, code, sentence), UUID.randomUUID().toString(), clock.instant());
        body.put("error", error).put("error_description", sentence);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        response.getOutputStream().write(body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
