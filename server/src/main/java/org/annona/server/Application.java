package org.annona.server;

import java.time.Clock;
import java.time.Duration;
import org.annona.access.AccessBlock;
import org.annona.access.AccessSettings;
import org.annona.console.ConsoleBlock;
import org.annona.console.ConsoleSettings;
import org.annona.exchange.ExchangeBlock;
import org.annona.exchange.ExchangeSettings;
import org.annona.foundation.audit.AuditHeads;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRunner;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.annona.foundation.outbox.OutboxDelivery;
import org.annona.foundation.outbox.OutboxReceiver;
import org.annona.foundation.sealing.Keyring;
import org.annona.server.web.HealthPage;
import org.annona.server.web.PublicAddress;
import org.annona.server.web.SlowClients;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What every installation of Annona has, whatever blocks run in it. {@link Settings} and {@link Installation} are given. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({AccessBlock.class, ConsoleBlock.class, ExchangeBlock.class})
class Application {

    private static final Duration KEEP_ANSWERS = Duration.ofDays(2);

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

    @Bean
    Keyring keyring(@Qualifier("foundationDatabase") Database database, Installation installation) {
        return new Keyring(database, installation.masterKey());
    }

    @Bean
    AuditSeal auditSeal(Installation installation) {
        return AuditSeal.of(installation.masterKey());
    }

    @Bean
    Recurring writeAuditHeads(
            @Qualifier("foundationDatabase") Database database, AuditSeal seal, Settings settings, Clock clock) {
        AuditHeads heads = new AuditHeads(database, seal);
        return new Recurring(
                "foundation.write-audit-heads",
                Duration.ofMinutes(10),
                () -> heads.writeToday(settings.auditHeads(), clock));
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
                settings.standing().trustedHosts(),
                KEEP_ANSWERS,
                ExchangeSettings.LARGEST_MESSAGE);
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
    HealthPage healthPage(Installation installation) {
        return new HealthPage(installation.database(Installation.HEALTH));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> doors(Settings settings) {
        PublicAddress address = new PublicAddress(
                ExposureRules.publicAddress(settings),
                ExposureRules.proxies(settings),
                settings.secureCookies(),
                settings.standing().development());
        // What is refused by the second is taken in by the first, as slowly as it comes.
        return tomcat -> tomcat.addEngineValves(new SlowClients(), address);
    }

    /** Jobs begin when everything else is ready, and end before anything else is closed. */
    @Bean
    SmartLifecycle jobRunner(
            @Qualifier("foundationDatabase") Database database,
            ObjectProvider<Work> works,
            ObjectProvider<Recurring> recurring,
            HeldBack heldBack) {
        return new RunningJobs(new JobRunner(
                database,
                heldBack.works(works.stream().toList()),
                heldBack.recurring(recurring.stream().toList()),
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
