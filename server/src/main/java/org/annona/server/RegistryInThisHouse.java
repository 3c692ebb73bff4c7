package org.annona.server;

import org.annona.mapper.AccountSource;
import org.annona.mapper.MapperBlock;
import org.annona.payments.Payments;
import org.annona.programs.PersonDirectory;
import org.annona.programs.Population;
import org.annona.programs.ProgramsBlock;
import org.annona.registry.Registry;
import org.annona.server.wiring.RegistryAccounts;
import org.annona.server.wiring.RegistryDirectory;
import org.annona.server.wiring.RegistryPopulation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The programmes are told of people by the registry beside them. */
@Configuration(proxyBeanMethods = false)
class RegistryInThisHouse {

    @Bean
    Population population(Registry registry) {
        return new RegistryPopulation(registry);
    }

    @Bean
    PersonDirectory personDirectory(Registry registry) {
        return new RegistryDirectory(registry);
    }

    @Bean
    AccountSource accountSource(Registry registry) {
        return new RegistryAccounts(registry);
    }

    @Bean
    ProgramsBlock.Topics programsTopics() {
        return new ProgramsBlock.Topics(Registry.CHANGED, Payments.CHANGED, null);
    }

    @Bean
    MapperBlock.Topics mapperTopics() {
        return new MapperBlock.Topics(Registry.CHANGED, null);
    }
}
