package org.annona.tokens;

import java.util.Set;
import java.util.function.Supplier;

/**
 * @param address under which a token seeder reaches this house
 * @param development whether every host may be called, over http too; never in earnest
 * @param trustedHosts in the house's own network, which may be called over http
 */
public record TokensSettings(Supplier<String> address, boolean development, Set<String> trustedHosts) {

    public TokensSettings {
        trustedHosts = Set.copyOf(trustedHosts);
    }
}
