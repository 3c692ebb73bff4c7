package org.annona.server;

import org.annona.foundation.outbox.OutboxMessage;
import org.annona.foundation.outbox.OutboxReceiver;
import org.annona.registry.ProgrammeIntake;
import org.annona.registry.RegistryTopics;
import org.annona.server.wiring.NoProgrammes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** No block beside the registry wants to know that it changed; other installations ask. Nothing is kept for them here. */
@Configuration(proxyBeanMethods = false)
class RegistryAlone {

    /** Where no money is, nobody of finance could confirm. */
    @Bean
    HeldBack heldBack() {
        return new HeldBack(() -> false);
    }

    @Bean
    ProgrammeIntake programmeIntake() {
        return new NoProgrammes();
    }

    @Bean
    OutboxReceiver nobodyBeside() {
        return new OutboxReceiver() {

            @Override
            public String topic() {
                return RegistryTopics.CHANGED;
            }

            @Override
            public void receive(OutboxMessage message) {}
        };
    }
}
