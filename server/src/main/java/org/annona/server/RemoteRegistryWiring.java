package org.annona.server;

import java.time.Duration;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.mapper.AccountSource;
import org.annona.mapper.MapperBlock;
import org.annona.payments.PaymentsTopics;
import org.annona.programs.AreaDirectory;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.PersonDirectory;
import org.annona.programs.Population;
import org.annona.programs.ProgramsBlock;
import org.annona.server.wiring.NoBeneficiaryRegistries;
import org.annona.server.wiring.RegistryOverDci;
import org.annona.server.wiring.RemoteAccounts;
import org.annona.server.wiring.RemoteDirectory;
import org.annona.server.wiring.RemotePopulation;
import org.annona.server.wiring.UntoldAreas;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The programmes are told of people by a registry in another installation, over DCI. */
@Configuration(proxyBeanMethods = false)
class RemoteRegistryWiring {

    /** Nobody posts it here: another installation is asked again and again instead. */
    private static final String NO_TOPIC = "registry.changed";

    private static final Duration POLL = Duration.ofSeconds(2);

    @Bean
    RegistryOverDci distantRegistry(RemoteRegistries remotes, Settings settings) {
        return new RegistryOverDci(remotes, settings.standing().registry());
    }

    @Bean
    Population population(RegistryOverDci registry) {
        return new RemotePopulation(registry);
    }

    @Bean
    AreaDirectory areaDirectory() {
        return new UntoldAreas();
    }

    @Bean
    PersonDirectory personDirectory(RegistryOverDci registry) {
        return new RemoteDirectory(registry);
    }

    @Bean
    BeneficiaryRegistries beneficiaryRegistries() {
        return new NoBeneficiaryRegistries();
    }

    @Bean
    AccountSource accountSource(RegistryOverDci registry) {
        return new RemoteAccounts(registry);
    }

    @Bean
    ProgramsBlock.Topics programsTopics() {
        return new ProgramsBlock.Topics(NO_TOPIC, PaymentsTopics.CHANGED, POLL);
    }

    @Bean
    MapperBlock.Topics mapperTopics() {
        return new MapperBlock.Topics(NO_TOPIC, POLL);
    }
}
