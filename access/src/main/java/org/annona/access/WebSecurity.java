package org.annona.access;

import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.stream.Stream;
import org.annona.foundation.load.Places;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** What holds for every web request, before any page decides anything: login, CSRF, headers. */
final class WebSecurity {

    /** Scripts and styles come from this server's own files; nothing is framed, nothing is loaded from elsewhere. */
    static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'");

    /** The same for everybody, and of no use to slow down: files of pages, and whether this server lives. */
    private static final String[] NEEDS_NO_PLACE = {"/assets/**", "/webjars/**", "/favicon.ico", "/health"};

    /** As many as pages were served at once before they had places; the connections to the database suffice for them. */
    private static final int MOST_PAGES = 40;

    private static final int MOST_LOGINS = 16;
    private static final int MOST_UPLOADS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private WebSecurity() {}

    static SecurityFilterChain filterChain(
            HttpSecurity http, Login login, Users users, Devices devices, ActorResolver actors, boolean secure) {
        RequestMatcher passing = new OrRequestMatcher(Stream.of(NEEDS_NO_PLACE)
                .map(path -> (RequestMatcher)
                        PathPatternRequestMatcher.withDefaults().matcher(path))
                .toList());
        PageAdmission door = new PageAdmission(
                passing,
                PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/login"),
                new PageAdmission.Kinds(
                        new Places(MOST_PAGES, PATIENCE),
                        new Places(MOST_LOGINS, PATIENCE),
                        new Places(MOST_UPLOADS, PATIENCE)));
        WantedPage wanted = new WantedPage(secure);
        return http.authenticationProvider(new LoginAuthentication(login))
                .addFilterBefore(new FilesFromUsersOnly(wanted), CsrfFilter.class)
                .addFilterBefore(door, CsrfFilter.class)
                .addFilterAfter(new ActingScope(actors), AuthorizationFilter.class)
                .csrf(csrf -> csrf.csrfTokenRepository(new FormTokens(secure)))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(NEEDS_NO_PLACE)
                        .permitAll()
                        .requestMatchers("/login", KeptForm.LOGIN, "/forgotten", "/forgotten/*")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/login")
                        .usernameParameter("name")
                        .passwordParameter("password")
                        .authenticationDetailsSource(devices::placeOf)
                        .successHandler(new LoginSuccess(devices, wanted))
                        .failureHandler(new LoginFailure()))
                .logout(logout -> logout.logoutUrl("/logout")
                        .logoutSuccessUrl("/login?bye")
                        .addLogoutHandler((request, response, user) -> {
                            if (user != null) {
                                users.noteLogout(user.getName());
                            }
                        }))
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                        .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(policy -> policy.policy("camera=(), microphone=(), geolocation=()")))
                .exceptionHandling(refused -> refused.accessDeniedHandler(new EndedSession()))
                .requestCache(cache -> cache.requestCache(wanted))
                .build();
    }
}
