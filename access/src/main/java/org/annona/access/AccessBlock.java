package org.annona.access;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.load.Places;
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

    private static final int KILOBYTES_PER_PASSWORD = 19 * 1024;
    /** Of the heap, which passwords that are looked at may take. */
    private static final int PART_OF_HEAP = 8;

    /** What a session is called; anything else in its cookie is no question for the database. */
    private static final Pattern SESSION =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    /** Argon2id with 19 MiB and two passes (OWASP Password Storage Cheat Sheet). */
    @Bean
    PasswordEncoder passwordEncoder() {
        long room = Runtime.getRuntime().maxMemory() / PART_OF_HEAP / 1024;
        int atOnce = (int) Math.clamp(
                room / KILOBYTES_PER_PASSWORD, 1, Runtime.getRuntime().availableProcessors() * 2L);
        return new LimitedEncoder(
                new Argon2PasswordEncoder(16, 32, 1, KILOBYTES_PER_PASSWORD, 2),
                new Places(atOnce, Duration.ofSeconds(5)));
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
        DefaultCookieSerializer cookie = new DefaultCookieSerializer() {

            @Override
            public List<String> readCookieValues(HttpServletRequest request) {
                return super.readCookieValues(request).stream()
                        .filter(value -> SESSION.matcher(value).matches())
                        .toList();
            }
        };
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
    SecurityFilterChain securityFilterChain(HttpSecurity http, Login login, AccessSettings settings) {
        return WebSecurity.filterChain(http, login, settings.secureCookies());
    }

    @Bean
    Recurring forgetSessions(JdbcIndexedSessionRepository sessions, LoginThrottle throttle) {
        return new Recurring("access.forget", Duration.ofMinutes(5), () -> {
            sessions.cleanUpExpiredSessions();
            throttle.forget();
        });
    }
}
