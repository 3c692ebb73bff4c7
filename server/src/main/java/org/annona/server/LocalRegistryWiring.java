package org.annona.server;

import org.annona.exchange.asking.Inquiries;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.foundation.sealing.Keyring;
import org.annona.mapper.AccountSource;
import org.annona.mapper.MapperBlock;
import org.annona.payments.PaymentsTopics;
import org.annona.programs.AreaDirectory;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.PersonDirectory;
import org.annona.programs.Population;
import org.annona.programs.Programs;
import org.annona.programs.ProgramsBlock;
import org.annona.registry.ProgrammeIntake;
import org.annona.registry.Registry;
import org.annona.registry.RegistryTopics;
import org.annona.server.wiring.ApplicantsOfPrograms;
import org.annona.server.wiring.PartnersBeneficiaries;
import org.annona.server.wiring.RegistryAccounts;
import org.annona.server.wiring.RegistryAreas;
import org.annona.server.wiring.RegistryDirectory;
import org.annona.server.wiring.RegistryPopulation;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The programmes are told of people by the registry beside them. */
@Configuration(proxyBeanMethods = false)
class LocalRegistryWiring {

    @Bean
    Population population(Registry registry) {
        return new RegistryPopulation(registry);
    }

    @Bean
    AreaDirectory areaDirectory(Registry registry) {
        return new RegistryAreas(registry);
    }

    @Bean
    PersonDirectory personDirectory(Registry registry) {
        return new RegistryDirectory(registry);
    }

    @Bean
    PartnersBeneficiaries beneficiaryRegistries(
            RemoteRegistries remotes,
            Inquiries inquiries,
            Registry registry,
            Keyring keyring,
            ObjectProvider<BeneficiaryRegistries.Audience> audience) {
        return new PartnersBeneficiaries(remotes, inquiries, registry, keyring, audience::getObject);
    }

    @Bean
    AccountSource accountSource(Registry registry) {
        return new RegistryAccounts(registry);
    }

    @Bean
    ProgrammeIntake programmeIntake(Programs programs) {
        return new ApplicantsOfPrograms(programs);
    }

    @Bean
    ProgramsBlock.Topics programsTopics() {
        return new ProgramsBlock.Topics(RegistryTopics.CHANGED, PaymentsTopics.CHANGED, null);
    }

    @Bean
    MapperBlock.Topics mapperTopics() {
        return new MapperBlock.Topics(RegistryTopics.CHANGED, null);
    }
}
