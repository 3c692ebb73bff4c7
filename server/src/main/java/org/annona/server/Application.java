package org.annona.server;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.annona.access.AccessBlock;
import org.annona.access.AccessSettings;
import org.annona.console.ConsoleBlock;
import org.annona.console.ConsoleSettings;
import org.annona.exchange.ExchangeBlock;
import org.annona.exchange.ExchangeSettings;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRunner;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.annona.foundation.outbox.OutboxDelivery;
import org.annona.foundation.outbox.OutboxReceiver;
import org.annona.foundation.sealing.Keyring;
import org.annona.mapper.AccountSource;
import org.annona.mapper.Mapper;
import org.annona.mapper.MapperBlock;
import org.annona.payments.AddressBook;
import org.annona.payments.Payments;
import org.annona.payments.PaymentsBlock;
import org.annona.payments.PaymentsSettings;
import org.annona.programs.PaymentGateway;
import org.annona.programs.PersonDirectory;
import org.annona.programs.Population;
import org.annona.programs.ProgramsBlock;
import org.annona.programs.ProgramsSettings;
import org.annona.registry.Registry;
import org.annona.registry.RegistryBlock;
import org.annona.registry.RegistrySettings;
import org.annona.server.wiring.MapperAddressBook;
import org.annona.server.wiring.PaymentsBehindPrograms;
import org.annona.server.wiring.RegistryAccounts;
import org.annona.server.wiring.RegistryDirectory;
import org.annona.server.wiring.RegistryPopulation;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Which blocks run here, and how their ports are filled. {@link Settings} and {@link Installation} are given. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    AccessBlock.class,
    ConsoleBlock.class,
    ExchangeBlock.class,
    RegistryBlock.class,
    ProgramsBlock.class,
    MapperBlock.class,
    PaymentsBlock.class
})
class Application {

    private static final int PAYMENTS_PER_MESSAGE = 500;
    private static final int RETURN_WINDOW_DAYS = 5;
    private static final Duration KEEP_ANSWERS = Duration.ofDays(2);
    private static final String NO_BANK = "http://127.0.0.1:1";

    @Bean
    Clock clock(Settings settings) {
        return Clock.system(settings.zone());
    }

    @Bean(destroyMethod = "")
    Database foundationDatabase(Installation installation) {
        return installation.database("foundation");
    }

    @Bean(destroyMethod = "")
    Database accessDatabase(Installation installation) {
        return installation.database("access");
    }

    @Bean(destroyMethod = "")
    Database exchangeDatabase(Installation installation) {
        return installation.database("exchange");
    }

    @Bean(destroyMethod = "")
    Database registryDatabase(Installation installation) {
        return installation.database("registry");
    }

    @Bean(destroyMethod = "")
    Database programsDatabase(Installation installation) {
        return installation.database("programs");
    }

    @Bean(destroyMethod = "")
    Database mapperDatabase(Installation installation) {
        return installation.database("mapper");
    }

    @Bean(destroyMethod = "")
    Database paymentsDatabase(Installation installation) {
        return installation.database("payments");
    }

    @Bean
    Keyring keyring(@Qualifier("foundationDatabase") Database database, Installation installation) {
        return new Keyring(database, installation.masterKey());
    }

    @Bean
    AccessSettings accessSettings(Settings settings) {
        return new AccessSettings(settings.secureCookies(), Duration.ofMinutes(30));
    }

    @Bean
    ConsoleSettings consoleSettings(Settings settings) {
        return new ConsoleSettings(settings.country(), settings.zone());
    }

    @Bean
    ExchangeSettings exchangeSettings(Settings settings) {
        return new ExchangeSettings(
                settings.standing().senderId(),
                settings.standing().aliases(),
                settings.standing().address(),
                settings.standing().development(),
                KEEP_ANSWERS,
                ExchangeSettings.LARGEST_MESSAGE);
    }

    @Bean
    RegistrySettings registrySettings(Settings settings) {
        return new RegistrySettings(settings.phoneRegion(), settings.currency(), 30);
    }

    @Bean
    ProgramsSettings programsSettings(Settings settings) {
        return new ProgramsSettings(settings.currency());
    }

    @Bean
    PaymentsSettings paymentsSettings(Settings settings) {
        return new PaymentsSettings(
                URI.create(settings.bankUrl() == null ? NO_BANK : settings.bankUrl()),
                Objects.requireNonNullElse(settings.bankToken(), ""),
                settings.bankAccount(),
                settings.currency(),
                settings.bankTimeout(),
                PAYMENTS_PER_MESSAGE,
                settings.settlingTime(),
                settings.settlingTime(),
                settings.bankUrl() == null,
                RETURN_WINDOW_DAYS);
    }

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
    AddressBook addressBook(Mapper mapper) {
        return new MapperAddressBook(mapper);
    }

    @Bean
    PaymentGateway paymentGateway(Payments payments) {
        return new PaymentsBehindPrograms(payments);
    }

    @Bean
    ProgramsBlock.Topics programsTopics() {
        return new ProgramsBlock.Topics(Registry.CHANGED, Payments.CHANGED);
    }

    @Bean
    MapperBlock.Topics mapperTopics() {
        return new MapperBlock.Topics(Registry.CHANGED);
    }

    @Bean
    OutboxDelivery outboxDelivery(
            @Qualifier("foundationDatabase") Database database, ObjectProvider<OutboxReceiver> receivers, Clock clock) {
        return new OutboxDelivery(database, receivers.stream().toList(), clock);
    }

    @Bean
    Recurring deliverMessages(OutboxDelivery delivery) {
        return new Recurring("foundation.deliver-messages", Duration.ofMillis(300), delivery::deliverDue);
    }

    @Bean
    Jobs jobs(@Qualifier("foundationDatabase") Database database) {
        return new Jobs(database);
    }

    @Bean
    HealthPage healthPage(@Qualifier("foundationDatabase") Database database) {
        return new HealthPage(database);
    }

    /** Jobs begin when everything else is ready, and end before anything else is closed. */
    @Bean
    SmartLifecycle jobRunner(
            @Qualifier("foundationDatabase") Database database,
            ObjectProvider<Work> works,
            ObjectProvider<Recurring> recurring) {
        return new RunningJobs(new JobRunner(
                database,
                works.stream().toList(),
                recurring.stream().toList(),
                new JobRunner.Settings(8, Duration.ofMillis(200), Duration.ofSeconds(2))));
    }

    private static final class RunningJobs implements SmartLifecycle {

        private final JobRunner runner;
        private volatile boolean running;

        RunningJobs(JobRunner runner) {
            this.runner = runner;
        }

        @Override
        public void start() {
            runner.start();
            running = true;
        }

        @Override
        public void stop() {
            runner.close();
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
