package org.annona.server;

import org.annona.foundation.database.Database;
import org.annona.registry.RegistryBlock;
import org.annona.registry.RegistrySettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The registry runs in this installation. */
@Configuration(proxyBeanMethods = false)
@Import(RegistryBlock.class)
class LocalRegistry {

    @Bean(destroyMethod = "")
    Database registryDatabase(Installation installation) {
        return installation.database("registry");
    }

    @Bean(destroyMethod = "")
    Database registryDatabaseForPartners(Installation installation) {
        return installation.database(Installation.REGISTRY_FOR_PARTNERS);
    }

    @Bean
    RegistrySettings registrySettings(Settings settings) {
        return new RegistrySettings(
                settings.phoneRegion(),
                settings.currency(),
                30,
                settings.standing().development(),
                settings.standing().trustedHosts(),
                settings.standing().firstRetry(),
                settings.guards().revealsADay(),
                settings.guards().searchesADay());
    }
}
