package org.annona.exchange;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.annona.access.AccessBlock;
import org.annona.access.AccessSettings;
import org.annona.console.ConsoleBlock;
import org.annona.console.ConsoleSettings;
import org.annona.exchange.partner.PartnerDraft;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.played.PlayedBeneficiaryRegistry;
import org.annona.exchange.played.PlayedCountry;
import org.annona.exchange.played.PlayedSocialRegistry;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRunner;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.outbox.OutboxDelivery;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/**
 * An installation that has nothing but the exchange, and a played country of which it tells partners over HTTP. Tests share
 * one: each has a partner of its own.
 */
public final class ExchangeWorld implements AutoCloseable {

    /** Between two runs of a work that production does several times a second. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private static final Duration OFTEN = Duration.ofSeconds(1);
    /** Those of the server that decide what becomes of a message. */
    private static final String[] PROPERTIES = {
        "server.address=127.0.0.1",
        "server.port=0",
        "server.tomcat.max-swallow-size=-1",
        "server.error.whitelabel.enabled=false",
        "spring.main.banner-mode=off",
        "spring.mvc.log-resolved-exception=false",
        "spring.servlet.multipart.max-file-size=1GB",
        "spring.servlet.multipart.max-request-size=1GB",
        "spring.servlet.multipart.resolve-lazily=true",
        "spring.autoconfigure.exclude="
                + "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration"
    };

    private static final String ALL_LOOKED_THROUGH = """
            select (not exists (select from exchange.event_position
                                 where registry = 'sr' and position::int < %1$s
                                    or registry = 'ibr' and position::int < %2$s))::text
            """;
    /** What waits for the time of a schedule is told then. */
    private static final String ALL_TOLD = """
            select (not exists (select from exchange.transaction
                                 where partner_id = '%1$s' and finished_at is null)
                    and not exists (select from exchange.callback
                                     where partner_id = '%1$s' and state = 'pending')
                    and not exists (select from exchange.collected_event e
                                      join exchange.subscription s on s.code = e.subscription
                                     where s.partner_id = '%1$s' and s.cron is null))::text
            """;

    public final PlayedCountry country = new PlayedCountry();
    private final DatabaseAddress address = TestPostgres.with("foundation", "access", "exchange");
    private final ConfigurableApplicationContext context;

    /** @param more configurations of a test */
    public ExchangeWorld(Class<?>... more) {
        context = new SpringApplicationBuilder(Application.class)
                .sources(more)
                .web(WebApplicationType.SERVLET)
                .registerShutdownHook(false)
                .initializers(empty -> ((GenericApplicationContext) empty)
                        .registerBean(
                                ExchangeWorld.class, () -> this, definition -> definition.setDestroyMethodName(null)))
                .properties(PROPERTIES)
                .run();
    }

    /** Gives tests the world that they share, which ends after all of them. */
    public static final class Shared implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == ExchangeWorld.class;
        }

        @Override
        public ExchangeWorld resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(ExchangeWorld.class, none -> new ExchangeWorld(), ExchangeWorld.class);
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({AccessBlock.class, ConsoleBlock.class, ExchangeBlock.class})
    static class Application {

        @Bean
        AuditSeal auditSeal() {
            return AuditSeal.of(MasterKey.random());
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        Database foundationDatabase(ExchangeWorld world) {
            return world.open("foundation", 10, Database.Plans.ANEW);
        }

        @Bean
        Database accessDatabase(ExchangeWorld world) {
            return world.open("access", 4, Database.Plans.ANEW);
        }

        @Bean
        Database exchangeDatabase(ExchangeWorld world) {
            return world.open("exchange", 16, Database.Plans.KEPT);
        }

        @Bean
        Keyring keyring(@Qualifier("foundationDatabase") Database database) {
            return new Keyring(database, MasterKey.random());
        }

        @Bean
        AccessSettings accessSettings() {
            return new AccessSettings(false, Duration.ofMinutes(30));
        }

        @Bean
        ConsoleSettings consoleSettings() {
            return new ConsoleSettings("Played country", ZoneOffset.UTC);
        }

        @Bean
        ExchangeSettings exchangeSettings() {
            return new ExchangeSettings(
                    "annona",
                    Set.of(),
                    "http://annona.test",
                    true,
                    Set.of(),
                    Duration.ofDays(2),
                    ExchangeSettings.LARGEST_MESSAGE);
        }

        @Bean
        ServedRegistry socialRegistry(ExchangeWorld world) {
            return new PlayedSocialRegistry(world.country);
        }

        @Bean
        BeneficiaryRegistry beneficiaryRegistry(ExchangeWorld world) {
            return new PlayedBeneficiaryRegistry(world.country);
        }

        /** The console shows what it delivers. */
        @Bean
        OutboxDelivery outboxDelivery(@Qualifier("foundationDatabase") Database database, Clock clock) {
            return new OutboxDelivery(database, List.of(), clock);
        }

        @Bean(initMethod = "start")
        JobRunner jobRunner(@Qualifier("foundationDatabase") Database database, ObjectProvider<Recurring> recurring) {
            return new JobRunner(
                    database,
                    List.of(),
                    recurring.stream().map(ExchangeWorld::moreOften).toList(),
                    new JobRunner.Settings(8, PAUSE, Duration.ofSeconds(2)));
        }
    }

    private static Recurring moreOften(Recurring recurring) {
        return recurring.pause().compareTo(OFTEN) < 0
                ? new Recurring(recurring.name(), PAUSE, recurring.work())
                : recurring;
    }

    private Database open(String schema, int connections, Database.Plans plans) {
        return Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, schema, connections, plans);
    }

    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    /** Of the exchange. */
    public Database database() {
        return context.getBean("exchangeDatabase", Database.class);
    }

    public String url() {
        return "http://127.0.0.1:"
                + Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
    }

    public PartnerSystem partner(UnaryOperator<PartnerDraft> agreement) {
        return new PartnerSystem(url(), part(Partners.class), agreement);
    }

    public PartnerSystem partnerKnowingEverything() {
        return PartnerSystem.knowingEverything(url(), part(Partners.class));
    }

    public Connection connectAsAdmin() {
        return TestPostgres.asAdministrator(address.database());
    }

    /** The first column of the first row, as the administrator of the database reads it; null where there is none. */
    public String value(String query) {
        try (Connection admin = connectAsAdmin();
                Statement sql = admin.createStatement();
                var rows = sql.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void change(String statement) {
        try (Connection admin = connectAsAdmin();
                Statement sql = admin.createStatement()) {
            sql.execute(statement);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Waits until nothing more comes to the partner, unless something happens or the time of a schedule comes. */
    public void awaitAllTold(PartnerSystem partner) {
        String happened = ALL_LOOKED_THROUGH.formatted(country.position("sr"), country.position("ibr"));
        await(() -> Boolean.parseBoolean(value(happened)));
        context.getBean("tellEvents", Recurring.class).work().run();
        await(() -> Boolean.parseBoolean(value(ALL_TOLD.formatted(partner.partner.id()))));
    }

    public void await(Callable<Boolean> fulfilled) {
        Awaitility.await()
                .atMost(PartnerSystem.PATIENCE)
                .pollInterval(PartnerSystem.LOOK)
                .until(fulfilled);
    }

    /** Lets the time come for what the partner is to be told later: again, or by a schedule. */
    public void letTimeCome(PartnerSystem partner) {
        change("update exchange.callback set next_try_at = now() where lease_until is null and partner_id = '"
                + partner.partner.id() + "'");
        change("update exchange.subscription set next_told_at = now() where cron is not null and partner_id = '"
                + partner.partner.id() + "'");
    }

    @Override
    public void close() {
        context.close();
    }
}
