package org.annona.access;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts this block together. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableSpringHttpSession
public class AccessBlock {

    /** Argon2id with 19 MiB and two passes (OWASP Password Storage Cheat Sheet). */
    @Bean
    PasswordEncoder passwordEncoder() {
        return new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    }

    @Bean
    JdbcIndexedSessionRepository sessionRepository(
            @Qualifier("accessDatabase") Database database, AccessSettings settings) {
        JdbcIndexedSessionRepository sessions = new JdbcIndexedSessionRepository(
                new JdbcTemplate(database.dataSource()),
                new TransactionTemplate(new DataSourceTransactionManager(database.dataSource())));
        sessions.setTableName("access.web_session");
        sessions.setDefaultMaxInactiveInterval(settings.idle());
        // The recurring work below does it, once for all processes.
        sessions.setCleanupCron("-");
        return sessions;
    }

    @Bean
    CookieSerializer cookieSerializer(AccessSettings settings) {
        DefaultCookieSerializer cookie = new DefaultCookieSerializer();
        cookie.setCookieName(settings.secureCookies() ? "__Host-annona" : "annona");
        cookie.setUseHttpOnlyCookie(true);
        cookie.setUseSecureCookie(settings.secureCookies());
        cookie.setSameSite("Lax");
        cookie.setCookiePath("/");
        return cookie;
    }

    @Bean
    Users users(
            @Qualifier("accessDatabase") Database database,
            PasswordEncoder encoder,
            Clock clock,
            JdbcIndexedSessionRepository sessions) {
        return new Users(database, encoder, clock, name -> endSessions(sessions, name));
    }

    private static void endSessions(JdbcIndexedSessionRepository sessions, String name) {
        Map<String, ?> open = sessions.findByPrincipalName(name);
        open.keySet().forEach(sessions::deleteById);
    }

    @Bean
    LoginThrottle loginThrottle(@Qualifier("accessDatabase") Database database, Clock clock) {
        return new LoginThrottle(database, clock);
    }

    @Bean
    Login login(Users users, PasswordEncoder encoder, LoginThrottle throttle) {
        return new Login(users, encoder, throttle);
    }

    @Bean
    ActorResolver actorResolver(Users users) {
        return new ActorResolver(users);
    }

    @Bean
    SecurityFilterChain securityFilterChain(HttpSecurity http, Login login) {
        return WebSecurity.filterChain(http, login);
    }

    @Bean
    Recurring forgetSessions(JdbcIndexedSessionRepository sessions, LoginThrottle throttle) {
        return new Recurring("access.forget", Duration.ofMinutes(5), () -> {
            sessions.cleanUpExpiredSessions();
            throttle.forget();
        });
    }
}
