package org.annona.exchange.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.partner.Scope;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads the access tokens that {@link TokenServer} gave. */
public final class Bearer {

    private static final int UNAUTHORIZED = 401;
    private static final String SCHEME = "bearer ";

    private final OurKeys keys;
    private final ExchangeSettings settings;
    private final Clock clock;

    public Bearer(OurKeys keys, ExchangeSettings settings, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    /** Who shows a token, and for what it was given. */
    public record Token(String clientId, Set<Scope> scopes) {}

    /** @throws Refusal with HTTP 401 for anything but a token of ours that holds now */
    public Token read(@Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw refused("a bearer token is missing");
        }
        try {
            JWTClaimsSet claims =
                    processor().process(authorization.substring(SCHEME.length()).strip(), null);
            return new Token(Objects.requireNonNullElse(claims.getSubject(), ""), scopes(claims));
        } catch (ParseException | BadJOSEException | JOSEException invalid) {
            throw refused("the bearer token is invalid or has expired");
        }
    }

    private static Refusal refused(String text) {
        return Refusal.http(UNAUTHORIZED, ErrorCode.UNAUTHORIZED, text);
    }

    private DefaultJWTProcessor<SecurityContext> processor() {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(keys.tokenKeys()))));
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(
                        settings.senderId(),
                        new JWTClaimsSet.Builder().issuer(settings.address()).build(),
                        Set.of("sub", "exp", "nbf")) {

                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        processor.setJWTClaimsSetVerifier(verifier);
        return processor;
    }

    private static Set<Scope> scopes(JWTClaimsSet claims) throws ParseException {
        List<String> codes = claims.getStringListClaim("scope");
        return codes == null
                ? Set.of()
                : codes.stream().flatMap(code -> Scope.of(code).stream()).collect(Collectors.toSet());
    }
}
