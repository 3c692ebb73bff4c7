package org.annona.server.wiring;

import java.time.Instant;
import java.util.UUID;
import org.annona.foundation.feed.FeedPart;
import org.annona.foundation.sealing.Sensitive;
import org.annona.mapper.AccountSource;

/** The registry of another installation as the source of accounts of the mapper. */
public final class RemoteAccounts implements AccountSource {

    private final RegistryOverDci registry;

    public RemoteAccounts(RegistryOverDci registry) {
        this.registry = registry;
    }

    @Override
    public FeedPart<Account> changes(String after, int limit) {
        return registry.changes(
                "AccountChange",
                after,
                limit,
                row -> new Account(
                        PersonIdentity.of(UUID.fromString(row.path("person").asString())),
                        row.path("scheme").asString(),
                        row.path("provider").asString(),
                        Sensitive.of(row.path("number").asString()),
                        row.path("active").asBoolean(),
                        Instant.parse(row.path("since").asString())));
    }
}
