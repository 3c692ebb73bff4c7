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
import org.annona.server.wiring.DistantAccounts;
import org.annona.server.wiring.DistantDirectory;
import org.annona.server.wiring.DistantPopulation;
import org.annona.server.wiring.DistantRegistry;
import org.annona.server.wiring.NoBeneficiaryRegistries;
import org.annona.server.wiring.UntoldAreas;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The programmes are told of people by a registry in another house, over DCI. */
@Configuration(proxyBeanMethods = false)
class RegistryInAnotherHouse {

    /** Nobody posts it here: another house is asked again and again instead. */
    private static final String NO_TOPIC = "registry.changed";

    private static final Duration POLL = Duration.ofSeconds(2);

    @Bean
    DistantRegistry distantRegistry(RemoteRegistries remotes, Settings settings) {
        return new DistantRegistry(remotes, settings.standing().registry());
    }

    @Bean
    Population population(DistantRegistry registry) {
        return new DistantPopulation(registry);
    }

    @Bean
    AreaDirectory areaDirectory() {
        return new UntoldAreas();
    }

    @Bean
    PersonDirectory personDirectory(DistantRegistry registry) {
        return new DistantDirectory(registry);
    }

    @Bean
    BeneficiaryRegistries beneficiaryRegistries() {
        return new NoBeneficiaryRegistries();
    }

    @Bean
    AccountSource accountSource(DistantRegistry registry) {
        return new DistantAccounts(registry);
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
