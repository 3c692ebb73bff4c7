package org.annona.tokens.tokenisation;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.annona.interop.http.AddressRules;
import org.annona.interop.http.ForbiddenAddress;
import org.annona.interop.http.PartnerHttp;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.MessageSigner;
import org.annona.tokens.TokensSettings;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.seeder.SeederClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client for each version of each connector, with connections of its own, so that a slow seeder keeps no other waiting. */
public final class SeederClients implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SeederClients.class);
    private static final int CONNECTIONS = 8;
    private static final int LARGEST_ANSWER = 20_000_000;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Connectors connectors;
    private final TokensSettings settings;
    private final MessageSigner signer;
    private final Map<UUID, Known> clients = new ConcurrentHashMap<>();

    public SeederClients(Connectors connectors, TokensSettings settings, MessageSigner signer) {
        this.signer = signer;
        this.connectors = connectors;
        this.settings = settings;
    }

    /** @param before that may still be in use by a step of a run */
    private record Known(
            int version, SeederClient client, @Nullable Known before) {}

    SeederClient of(Connector connector) {
        Known known = clients.compute(connector.id(), (id, old) -> {
            if (old != null && old.version() == connector.version()) {
                return old;
            }
            Known before = old == null ? null : old.before();
            if (before != null && before.version() == connector.version()) {
                return old;
            }
            if (before != null) {
                close(before);
            }
            return new Known(
                    connector.version(),
                    open(connector.terms(), connectors.headers(id, connector.terms())),
                    old == null ? null : new Known(old.version(), old.client(), null));
        });
        Known before = known.before();
        return before != null && before.version() == connector.version() ? before.client() : known.client();
    }

    /** For terms that are not kept yet. */
    SeederClient open(ConnectorTerms terms, Map<String, String> headers) {
        PartnerHttp.Limits limits = new PartnerHttp.Limits(
                CONNECTIONS, CONNECT, terms.requestTimeout(), terms.requestTimeout(), LARGEST_ANSWER);
        boolean signed = terms.proof() == ConnectorTerms.Proof.SIGNATURE;
        return new SeederClient(
                new PartnerHttp(rules(settings), limits), terms.seederUrl(), headers, signed ? signer : null);
    }

    private static AddressRules rules(TokensSettings settings) {
        return settings.development()
                ? AddressRules.forDevelopment()
                : AddressRules.hosts(Set.of(), settings.trustedHosts());
    }

    /** Only what whoever operates the installation has named is called with the data of people. */
    public static boolean isReachable(TokensSettings settings, String address) {
        try {
            rules(settings).allowed(address);
            return true;
        } catch (ForbiddenAddress forbidden) {
            return false;
        }
    }

    private static void close(Known known) {
        try {
            known.client().close();
        } catch (IOException open) {
            LOG.debug("connections to a seeder could not be closed", open);
        }
    }

    @Override
    public void close() {
        clients.values().forEach(known -> {
            close(known);
            if (known.before() != null) {
                close(known.before());
            }
        });
    }
}
