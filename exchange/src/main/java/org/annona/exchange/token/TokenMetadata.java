package org.annona.exchange.token;

import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.partner.TokenScope;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a partner's library wants to know before it asks for a token (RFC 8414). */
public final class TokenMetadata {

    private TokenMetadata() {}

    public static ObjectNode of(ExchangeSettings settings) {
        ObjectNode metadata = JsonMapper.shared().createObjectNode();
        metadata.put("issuer", settings.address())
                .put("token_endpoint", settings.address() + TokenServer.PATH)
                .put("jwks_uri", settings.address() + "/.well-known/jwks.json");
        metadata.putArray("grant_types_supported").add("client_credentials");
        metadata.putArray("response_types_supported");
        metadata.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_basic")
                .add("client_secret_post");
        ArrayNode scopes = metadata.putArray("scopes_supported");
        TokenScope.offered().stream().map(TokenScope::code).forEach(scopes::add);
        return metadata;
    }
}
