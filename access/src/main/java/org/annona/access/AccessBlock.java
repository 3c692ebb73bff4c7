package org.annona.access;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.load.Places;
import org.annona.foundation.sealing.Keyring;
import org.springframework.beans.factory.ObjectProvider;
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

    /** Argon2id with 19 MiB and two passes (OWASP Password Storage Cheat Sheet). */
    @Bean
    static PasswordEncoder passwordEncoder() {
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
    CookieSerializer cookieSerializer(AccessSettings settings, Keyring keyring) {
        DefaultCookieSerializer cookie = new SessionCookie(keyring.blindIndex("access.session"));
        cookie.setCookieName(settings.secureCookies() ? "__Host-annona" : "annona");
        cookie.setUseHttpOnlyCookie(true);
        cookie.setUseSecureCookie(settings.secureCookies());
        cookie.setSameSite("Lax");
        cookie.setCookiePath("/");
        return cookie;
    }

    @Bean
    Permissions permissions(ObjectProvider<Permission.OfBlock> blocks) {
        List<Permission> all = new ArrayList<>(List.of(AccessPermission.values()));
        blocks.forEach(block -> all.addAll(List.of(block.all())));
        return new Permissions(all);
    }

    @Bean
    Roles roles(@Qualifier("accessDatabase") Database database, Permissions permissions, Clock clock) {
        return new Roles(database, permissions, clock);
    }

    @Bean
    Organisations organisations(@Qualifier("accessDatabase") Database database) {
        return new Organisations(database);
    }

    @Bean
    Grants grants(@Qualifier("accessDatabase") Database database, Roles roles, Clock clock) {
        return new Grants(database, roles, clock, user -> Sessions.endOf(database, user));
    }

    @Bean
    Users users(@Qualifier("accessDatabase") Database database, Grants grants, PasswordEncoder encoder, Clock clock) {
        return new Users(database, grants, encoder, clock, user -> Sessions.endOf(database, user));
    }

    /** For a command on the machine, without the pages. */
    public static Users usersOfOperator(Database database, Clock clock) {
        Roles roles = new Roles(database, new Permissions(List.of(AccessPermission.values())), clock);
        Grants grants = new Grants(database, roles, clock, user -> Sessions.endOf(database, user));
        return new Users(database, grants, passwordEncoder(), clock, user -> Sessions.endOf(database, user));
    }

    @Bean
    Devices devices(Keyring keyring, Clock clock, AccessSettings settings) {
        return new Devices(keyring.blindIndex("access.device"), clock, settings.secureCookies());
    }

    @Bean
    LoginThrottle loginThrottle(
            @Qualifier("accessDatabase") Database database, Keyring keyring, Devices devices, Clock clock) {
        return new LoginThrottle(database, keyring.blindIndex("access.login"), devices, clock, LoginThrottle.MOST_ROWS);
    }

    @Bean
    Lockouts lockouts(@Qualifier("accessDatabase") Database database, Clock clock) {
        return new Lockouts(database, clock);
    }

    @Bean
    PasswordResets passwordResets(
            @Qualifier("accessDatabase") Database database,
            Users users,
            Devices devices,
            Keyring keyring,
            Clock clock) {
        return new PasswordResets(
                database, users, devices, keyring.blindIndex("access.reset"), keyring.sealer("access.reset"), clock);
    }

    @Bean
    ResetCookie resetCookie(AccessSettings settings) {
        return new ResetCookie(settings.secureCookies());
    }

    @Bean
    ExportLog exportLog(@Qualifier("accessDatabase") Database database) {
        return new ExportLog(database);
    }

    @Bean
    Login login(Users users, PasswordEncoder encoder, LoginThrottle throttle, Clock clock) {
        return new Login(users, encoder, throttle, clock);
    }

    @Bean
    ActorResolver actorResolver(Users users) {
        return new ActorResolver(users);
    }

    @Bean
    SecurityFilterChain securityFilterChain(
            HttpSecurity http,
            Login login,
            Users users,
            Devices devices,
            ActorResolver actors,
            AccessSettings settings) {
        return WebSecurity.filterChain(http, login, users, devices, actors, settings.secureCookies());
    }

    @Bean
    Recurring forgetSessions(
            @Qualifier("accessDatabase") Database database,
            Users users,
            LoginThrottle throttle,
            PasswordResets resets,
            Clock clock) {
        Sessions sessions = new Sessions(database, users::scopeOf, clock);
        return new Recurring("access.forget", Duration.ofMinutes(5), () -> {
            sessions.endOld();
            throttle.forget();
            resets.forgetOld();
        });
    }
}
