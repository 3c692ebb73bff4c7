package org.annona.tokens;

import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * @param address under which a token seeder reaches this installation
 * @param development whether every host may be called, over http too; never in earnest
 * @param trustedHosts in the installation's own network, which may be called over http
 */
public record TokensSettings(Supplier<String> address, boolean development, Set<String> trustedHosts, Pauses pauses) {

    /**
     * @param look before a run looks again at what is open
     * @param silence for which a seeder that cannot be reached is left alone; it doubles each time
     */
    public record Pauses(Duration look, Duration silence) {

        public static final Pauses USUAL = new Pauses(Duration.ofMillis(100), Duration.ofSeconds(1));
    }

    public TokensSettings {
        trustedHosts = Set.copyOf(trustedHosts);
    }
}
