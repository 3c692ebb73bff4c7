package org.annona.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.annona.access.AccessBlock;
import org.annona.access.AccessSettings;
import org.annona.console.ConsoleBlock;
import org.annona.console.ConsoleSettings;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.database.Database;
import org.annona.foundation.outbox.OutboxDelivery;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.interop.key.SigningKey;
import org.annona.interop.signature.BodySignature;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** This block over HTTP, with what every process of Annona has and without any other block. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
@Import({AccessBlock.class, ConsoleBlock.class, TokensBlock.class})
class TokensApplication {

    private static final int RSA_BITS = 2048;
    private static final TokensSettings.Pauses SHORT =
            new TokensSettings.Pauses(Duration.ofMillis(20), Duration.ofMillis(20));

    @Bean
    AuditSeal auditSeal() {
        return AuditSeal.of(MasterKey.random());
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    DatabaseAddress databaseAddress() {
        return TestPostgres.with("foundation", "access", "tokens");
    }

    @Bean
    Database foundationDatabase(DatabaseAddress address) {
        return open(address, "foundation", 8);
    }

    @Bean
    Database accessDatabase(DatabaseAddress address) {
        return open(address, "access", 2);
    }

    @Bean
    Database tokensDatabase(DatabaseAddress address) {
        return open(address, "tokens", 24);
    }

    private static Database open(DatabaseAddress address, String schema, int connections) {
        return Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, schema, connections);
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
        return new ConsoleSettings("Sample country", ZoneOffset.UTC);
    }

    @Bean
    OutboxDelivery outboxDelivery(@Qualifier("foundationDatabase") Database database, Clock clock) {
        return new OutboxDelivery(database, List.of(), clock);
    }

    @Bean
    PlayedRegistry playedRegistry() {
        return new PlayedRegistry();
    }

    @Bean
    SigningKey signingKey() throws JOSEException {
        return SigningKey.of(new RSAKeyGenerator(RSA_BITS).keyID("ours").generate());
    }

    @Bean
    MessageSigner messageSigner(SigningKey key) {
        return body -> BodySignature.sign(body, key);
    }

    @Bean
    TokensSettings tokensSettings(Environment environment) {
        return new TokensSettings(
                () -> "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port"),
                false,
                Set.of("127.0.0.1"),
                SHORT);
    }
}
