package org.annona.server;

import org.annona.exchange.keys.OurKeys;
import org.annona.foundation.database.Database;
import org.annona.interop.key.Algorithm;
import org.annona.interop.signature.BodySignature;
import org.annona.registry.RegistrySubjects;
import org.annona.server.wiring.RegistryTokenSubjects;
import org.annona.tokens.MessageSigner;
import org.annona.tokens.Subjects;
import org.annona.tokens.TokensBlock;
import org.annona.tokens.TokensSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Identity tokens for the people of the registry in this installation. */
@Configuration(proxyBeanMethods = false)
@Import(TokensBlock.class)
class LocalTokens {

    @Bean(destroyMethod = "")
    Database tokensDatabase(Installation installation) {
        return installation.database("tokens");
    }

    @Bean
    Subjects tokenSubjects(RegistrySubjects registry) {
        return new RegistryTokenSubjects(registry);
    }

    /** With the algorithm of MOSIP's own calls. */
    @Bean
    MessageSigner seederMessageSigner(OurKeys keys) {
        return body -> BodySignature.sign(body, keys.signing(Algorithm.RS256));
    }

    @Bean
    TokensSettings tokensSettings(Settings settings, Environment environment) {
        return new TokensSettings(
                // Known once the server listens, which is before anything is sent.
                () -> settings.publicAddress(environment.getProperty("local.server.port", Integer.class, 0)),
                settings.standing().development(),
                settings.standing().trustedHosts(),
                TokensSettings.Pauses.USUAL);
    }
}
