package org.annona.registry.source;

import java.time.Duration;
import org.annona.interop.signature.Signer;
import org.jspecify.annotations.Nullable;

/**
 * How a source is reached (reference "Import from external social registries", section 1).
 *
 * @param baseUrl before the path of the search; without a slash at its end
 * @param searchPath appended to it
 * @param tokenAddress of the token server; one that begins with a slash is appended to the base URL
 * @param login the client id, the user, or the name of the header; empty where none is needed
 * @param senderId by which the source knows us
 * @param signing null where messages are not signed, as the deployed registries have it
 * @param pageSize records asked for at once
 * @param timeout of one message
 */
public record SourceTerms(
        String baseUrl,
        String searchPath,
        String tokenAddress,
        Authentication authentication,
        String login,
        String scope,
        String senderId,
        String receiverId,
        Dialect dialect,
        @Nullable Signer signing,
        int pageSize,
        Duration timeout) {

    /** What we show to be let in. */
    public enum Authentication {
        CLIENT_CREDENTIALS("OAuth2, client id and secret"),
        BASIC("User and password"),
        BEARER("A token that does not change"),
        API_KEY("A key in a header"),
        NONE("Nothing");

        private final String label;

        Authentication(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** The two shapes of the message that are in the field. */
    public enum Dialect {
        SIGNATURE("signature"),
        /** As the importer of 2024 writes it, and some servers of its time expect it. */
        SINATURE("sinature");

        private final String member;

        Dialect(String member) {
            this.member = member;
        }

        String member() {
            return member;
        }
    }

    public static SourceTerms preset() {
        return new SourceTerms(
                "http://social-registry-odoo.social-registry/api/v1/g2p-connect",
                "/registry/sync/search",
                "http://keycloak.keycloak/realms/openg2p/protocol/openid-connect/token",
                Authentication.CLIENT_CREDENTIALS,
                "openg2p-admin-client",
                "",
                "annona",
                "Social Registry",
                Dialect.SIGNATURE,
                null,
                100,
                Duration.ofSeconds(10));
    }

    public String searchAddress() {
        return baseUrl + searchPath;
    }

    public String absoluteTokenAddress() {
        return tokenAddress.startsWith("/") ? baseUrl + tokenAddress : tokenAddress;
    }
}
