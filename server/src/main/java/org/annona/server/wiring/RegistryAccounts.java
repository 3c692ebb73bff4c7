package org.annona.server.wiring;

import org.annona.foundation.feed.FeedPart;
import org.annona.mapper.AccountSource;
import org.annona.registry.Registry;

/** The accounts that people gave at their registration, as a source of the mapper. */
public final class RegistryAccounts implements AccountSource {

    private final Registry registry;

    public RegistryAccounts(Registry registry) {
        this.registry = registry;
    }

    @Override
    public FeedPart<Account> changes(String after, int limit) {
        return registry.changedAccounts(after, limit)
                .map(row -> new Account(
                        PersonIdentity.of(row.personId()),
                        row.scheme(),
                        row.provider(),
                        row.number(),
                        row.active(),
                        row.since()));
    }
}
