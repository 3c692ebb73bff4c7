package org.annona.exchange.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Clock;
import java.util.List;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.SecretDigest;
import org.annona.foundation.load.Places;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/** Gives access tokens to partners, by Spring's authorization server, at its own path and at the one of DCI. */
public final class TokenServer {

    public static final String PATH = "/oauth2/token";
    public static final String DCI_PATH = "/oauth2/client/token";

    private final Partners partners;
    private final OurKeys keys;
    private final ExchangeSettings settings;
    private final Places places;
    private final Clock clock;

    public TokenServer(Partners partners, OurKeys keys, ExchangeSettings settings, Places places, Clock clock) {
        this.partners = partners;
        this.keys = keys;
        this.settings = settings;
        this.places = places;
        this.clock = clock;
    }

    public SecurityFilterChain at(String path, HttpSecurity http) {
        TokenRefusals refusals = new TokenRefusals(clock);
        return http.securityMatcher(path)
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .addFilterBefore(new TokenRequestForm(places, clock), SecurityContextHolderFilter.class)
                .with(
                        new OAuth2AuthorizationServerConfigurer(),
                        server -> server.registeredClientRepository(new PartnerClients(partners))
                                .authorizationService(new NothingKept())
                                .authorizationServerSettings(AuthorizationServerSettings.builder()
                                        .issuer(settings.address())
                                        .tokenEndpoint(path)
                                        .build())
                                .tokenGenerator(generator())
                                .clientAuthentication(client -> client.errorResponseHandler(refusals)
                                        .authenticationProviders(all -> all.stream()
                                                .filter(ClientSecretAuthenticationProvider.class::isInstance)
                                                .map(ClientSecretAuthenticationProvider.class::cast)
                                                .forEach(provider -> provider.setPasswordEncoder(new SecretDigest()))))
                                .tokenEndpoint(token -> token.errorResponseHandler(refusals)))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(refusals::onAuthenticationFailure))
                .build();
    }

    private JwtGenerator generator() {
        JwtGenerator generator = new JwtGenerator(new NimbusJwtEncoder((selector, context) ->
                new ImmutableJWKSet<SecurityContext>(new JWKSet(activeKey())).get(selector, context)));
        generator.setJwtCustomizer(this::describe);
        return generator;
    }

    private JWK activeKey() {
        return keys.tokenKeys().getFirst();
    }

    /** A token is for us, and where no scopes were asked for it has all that were agreed. */
    private void describe(JwtEncodingContext context) {
        context.getClaims().audience(List.of(settings.senderId()));
        if (context.getAuthorizedScopes().isEmpty()) {
            context.getClaims()
                    .claim("scope", List.copyOf(context.getRegisteredClient().getScopes()));
        }
    }
}
