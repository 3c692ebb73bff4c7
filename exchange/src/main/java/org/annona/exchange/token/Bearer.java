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
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.partner.TokenScope;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads the access tokens that {@link TokenServer} gave. */
public final class Bearer {

    private static final int UNAUTHORIZED = 401;
    private static final String SCHEME = "bearer ";
    private static final int MOST_KNOWN = 10_000;

    private final OurKeys keys;
    private final ExchangeSettings settings;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    public Bearer(OurKeys keys, ExchangeSettings settings, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    private record Known(Token token, Instant until) {}

    /** Who shows a token, and for what it was given. */
    public record Token(String clientId, Set<TokenScope> scopes) {}

    /** @throws Refusal with HTTP 401 for anything but a token of ours that holds now */
    public Token read(@Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw refused("a bearer token is missing");
        }
        String token = authorization.substring(SCHEME.length()).strip();
        Known before = known.get(token);
        if (before != null && clock.instant().isBefore(before.until())) {
            return before.token();
        }
        try {
            JWTClaimsSet claims = processor().process(token, null);
            Token read = new Token(Objects.requireNonNullElse(claims.getSubject(), ""), scopes(claims));
            remember(token, new Known(read, claims.getExpirationTime().toInstant()));
            return read;
        } catch (ParseException | BadJOSEException | JOSEException invalid) {
            throw refused("the bearer token is invalid or has expired");
        }
    }

    /** A token is shown with every message, and to verify it is dear. */
    private void remember(String token, Known read) {
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        known.put(token, read);
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

    private static Set<TokenScope> scopes(JWTClaimsSet claims) throws ParseException {
        List<String> codes = claims.getStringListClaim("scope");
        return codes == null
                ? Set.of()
                : codes.stream().flatMap(code -> TokenScope.of(code).stream()).collect(Collectors.toSet());
    }
}
