package org.annona.server;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.annona.foundation.database.Database;
import org.annona.mapper.Mapper;
import org.annona.mapper.MapperBlock;
import org.annona.payments.AddressBook;
import org.annona.payments.PayeeStanding;
import org.annona.payments.Payments;
import org.annona.payments.PaymentsAtRest;
import org.annona.payments.PaymentsBlock;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.ProgrammeDirectory;
import org.annona.programs.PayeeAccounts;
import org.annona.programs.PaymentGateway;
import org.annona.programs.Programs;
import org.annona.programs.ProgramsBlock;
import org.annona.programs.ProgramsSettings;
import org.annona.server.wiring.MapperAddressBook;
import org.annona.server.wiring.MapperPayeeAccounts;
import org.annona.server.wiring.PaymentsBehindPrograms;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Programmes, mapper and payments run in this installation. */
@Configuration(proxyBeanMethods = false)
@Import({ProgramsBlock.class, MapperBlock.class, PaymentsBlock.class})
class LocalPrograms {

    private static final int PAYMENTS_PER_MESSAGE = 500;
    private static final int BOOKING_DAYS = 1;
    private static final Duration CHECK_LASTS = Duration.ofMinutes(10);
    private static final Duration DECISION_LIFE = Duration.ofDays(7);
    private static final String NO_BANK = "http://127.0.0.1:1";

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
    ProgramsSettings programsSettings(Settings settings) {
        return new ProgramsSettings(
                settings.currency(),
                settings.bounds().accountConcernPercent(),
                settings.standing().firstRetry());
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
                settings.bounds().returnWindowDays(),
                BOOKING_DAYS,
                DECISION_LIFE,
                CHECK_LASTS,
                PaymentsSettings.Pauses.USUAL);
    }

    @Bean
    AddressBook addressBook(Mapper mapper) {
        return new MapperAddressBook(mapper);
    }

    @Bean
    PayeeAccounts payeeAccounts(Mapper mapper) {
        return new MapperPayeeAccounts(mapper);
    }

    /** Asked late, because the programmes need the payments first. */
    @Bean
    ProgrammeDirectory programmeDirectory(ObjectProvider<Programs> programs) {
        return () -> programs.getObject().fundable();
    }

    @Bean
    PayeeStanding payeeStanding(ObjectProvider<Programs> programs) {
        return (order, lines) -> programs.getObject().stopped(order, lines);
    }

    @Bean
    HeldBack heldBack(@Qualifier("paymentsDatabase") Database database) {
        return new HeldBack(() -> PaymentsAtRest.waitAfterRestore(database));
    }

    @Bean
    PaymentGateway paymentGateway(Payments payments) {
        return new PaymentsBehindPrograms(payments);
    }
}
