package org.annona.exchange.token;

import java.time.Duration;
import java.util.UUID;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** Partners as the token server knows them. Suspended ones are unknown to it. */
final class PartnerClients implements RegisteredClientRepository {

    private static final Duration LIFE = Duration.ofMinutes(15);

    private final Partners partners;

    PartnerClients(Partners partners) {
        this.partners = partners;
    }

    @Override
    public void save(RegisteredClient client) {
        throw new UnsupportedOperationException("partners are changed on their page only");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return Scope.across(AcrossOrganisations.PARTNERS)
                .call(() -> partners.find(UUID.fromString(id)).map(this::client).orElse(null));
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return Scope.across(AcrossOrganisations.PARTNERS)
                .call(() -> partners.withClientId(clientId).map(this::client).orElse(null));
    }

    private @Nullable RegisteredClient client(Partner partner) {
        if (!partner.active()) {
            return null;
        }
        return RegisteredClient.withId(partner.id().toString())
                .clientId(partner.clientId())
                .clientSecret(partners.secretHash(partner.id()).orElseThrow())
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scopes(all -> partner.scopes().stream().map(TokenScope::code).forEach(all::add))
                .tokenSettings(TokenSettings.builder()
                        .accessTokenFormat(OAuth2TokenFormat.SELF_CONTAINED)
                        .accessTokenTimeToLive(LIFE)
                        .build())
                .build();
    }
}
