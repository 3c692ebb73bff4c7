package org.annona.registry;

import java.time.Duration;
import java.util.Currency;
import java.util.Set;

/**
 * @param phoneRegion ISO 3166 code of the country whose phone numbers may be written without country code
 * @param currency of incomes
 * @param keepFilesDays after how many days the content of imported files is forgotten
 * @param development whether every host may be asked for people, over http too; never in earnest
 * @param trustedHosts in the own network, which may be asked over http
 * @param firstRetry the pause after the first failure of another registry; it doubles each time
 * @param revealsADay how many people a user may see in clear on a day
 * @param searchesADay how often a user may search by a name or a number on a day
 */
public record RegistrySettings(
        String phoneRegion,
        Currency currency,
        int keepFilesDays,
        boolean development,
        Set<String> trustedHosts,
        Duration firstRetry,
        int revealsADay,
        int searchesADay) {

    public RegistrySettings {
        trustedHosts = Set.copyOf(trustedHosts);
    }
}
