package org.annona.server.wiring;

import org.annona.mapper.AccountSource;
import org.annona.registry.AccountChange;
import org.annona.registry.Changes;
import org.annona.registry.Registry;

/** The accounts that people gave at their registration, as a source of the mapper. */
public final class RegistryAccounts implements AccountSource {

    private final Registry registry;

    public RegistryAccounts(Registry registry) {
        this.registry = registry;
    }

    @Override
    public Part changes(String after, int limit) {
        Changes<AccountChange> changes = registry.changedAccounts(after, limit);
        return new Part(
                changes.rows().stream()
                        .map(row -> new Account(
                                PersonIdentity.of(row.personId()),
                                row.scheme(),
                                row.provider(),
                                row.number(),
                                row.active(),
                                row.since()))
                        .toList(),
                changes.position(),
                changes.more());
    }
}
