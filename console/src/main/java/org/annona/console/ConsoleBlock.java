package org.annona.console;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.annona.access.AccessPermission;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.access.ActorResolver;
import org.annona.access.Devices;
import org.annona.access.ExportLog;
import org.annona.access.Grants;
import org.annona.access.Lockouts;
import org.annona.access.Organisations;
import org.annona.access.PasswordResets;
import org.annona.access.ResetCookie;
import org.annona.access.Roles;
import org.annona.access.Users;
import org.annona.console.audit.AuditPages;
import org.annona.console.home.HomePage;
import org.annona.console.jobs.JobPages;
import org.annona.console.jobs.MessagePages;
import org.annona.console.login.ForgottenPage;
import org.annona.console.login.KeptFormPages;
import org.annona.console.login.LoginPage;
import org.annona.console.organisations.OrganisationPages;
import org.annona.console.problems.ProblemAdvice;
import org.annona.console.problems.ProblemPages;
import org.annona.console.roles.RolePages;
import org.annona.console.users.GrantPages;
import org.annona.console.users.OwnPasswordPage;
import org.annona.console.users.PasswordChangeGate;
import org.annona.console.users.UserPages;
import org.annona.foundation.audit.AuditLog;
import org.annona.foundation.audit.AuditSeal;
import org.annona.foundation.audit.AuditVerification;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobList;
import org.annona.foundation.outbox.OutboxDelivery;
import org.annona.foundation.outbox.OutboxList;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.ProblemCode;
import org.annona.foundation.text.Texts;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the console together. Blocks add their pages, navigation entries, waiting items and problem codes as beans. */
@Configuration(proxyBeanMethods = false)
public class ConsoleBlock {

    /** A block's list of problem codes. */
    @FunctionalInterface
    public interface ProblemCodes {
        ProblemCode[] all();
    }

    @Bean
    Formats formats(ConsoleSettings settings) {
        return new Formats(settings);
    }

    @Bean
    PageModel pageModel(
            ActorResolver actors,
            ConsoleSettings settings,
            Formats formats,
            ObjectProvider<NavigationEntry> entries,
            ObjectProvider<PageStrip> strips) {
        return new PageModel(
                actors,
                settings,
                formats,
                entries.orderedStream().toList(),
                strips.orderedStream().toList());
    }

    @Bean
    ProblemAdvice problemAdvice(PageModel pages, ActorResolver actors, Roles roles) {
        return new ProblemAdvice(pages, actors, roles);
    }

    @Bean
    ProblemPages problemPages(ObjectProvider<ProblemCodes> blocks) {
        List<ProblemCode> codes = new ArrayList<>();
        codes.addAll(Arrays.asList(FoundationProblem.values()));
        codes.addAll(Arrays.asList(AccessProblem.values()));
        blocks.forEach(block -> codes.addAll(Arrays.asList(block.all())));
        return new ProblemPages(codes);
    }

    @Bean
    LoginPage loginPage(Formats formats) {
        return new LoginPage(formats);
    }

    @Bean
    KeptFormPages keptFormPages() {
        return new KeptFormPages();
    }

    @Bean
    ForgottenPage forgottenPage(PasswordResets resets, ResetCookie cookie, Devices devices) {
        return new ForgottenPage(resets, cookie, devices);
    }

    @Bean
    HomePage homePage(ObjectProvider<WaitingSource> sources) {
        return new HomePage(sources.orderedStream().toList());
    }

    @Bean
    UserPages userPages(
            Users users,
            Lockouts lockouts,
            PasswordResets resets,
            Grants grants,
            Roles roles,
            Organisations organisations) {
        return new UserPages(users, lockouts, resets, grants, roles, organisations);
    }

    @Bean
    GrantPages grantPages(Grants grants) {
        return new GrantPages(grants);
    }

    @Bean
    RolePages rolePages(Roles roles, Grants grants) {
        return new RolePages(roles, grants);
    }

    @Bean
    OrganisationPages organisationPages(Organisations organisations, ActorResolver actors) {
        return new OrganisationPages(organisations, actors);
    }

    /** For templates; Spring looks for it under this name. */
    @Bean
    MessageSource messageSource() {
        return new TextMessages();
    }

    @Bean
    NavigationEntry rolesEntry() {
        return new NavigationEntry(
                835, Texts.of("console").say("console.roles.title"), "/roles", List.of(AccessPermission.VIEW_USERS));
    }

    @Bean
    NavigationEntry organisationsEntry() {
        return new NavigationEntry(
                840,
                Texts.of("console").say("console.organisations.title"),
                "/organisations",
                List.of(AccessPermission.MANAGE_ORGANISATIONS));
    }

    @Bean
    WaitingSource waitingGrants(Grants grants, Clock clock) {
        return actor -> waitingGrants(grants.waitingFor(actor), clock);
    }

    private static List<WaitingItem> waitingGrants(Grants.Waiting waiting, Clock clock) {
        if (waiting.oldest() == null) {
            return List.of();
        }
        Texts texts = Texts.of("console");
        return List.of(new WaitingItem(
                texts.say("console.grants.title"),
                texts.say(
                        "console.grants.waiting",
                        Map.of(
                                "days",
                                Duration.between(waiting.oldest(), clock.instant())
                                        .toDays())),
                waiting.count(),
                "/grants",
                false));
    }

    @Bean
    OwnPasswordPage ownPasswordPage(Users users) {
        return new OwnPasswordPage(users);
    }

    @Bean
    JobPages jobPages(@Qualifier("foundationDatabase") Database database, Formats formats) {
        return new JobPages(database, formats);
    }

    @Bean
    MessagePages messagePages(
            @Qualifier("foundationDatabase") Database database, OutboxDelivery delivery, Formats formats) {
        return new MessagePages(new OutboxList(database), delivery, formats);
    }

    @Bean
    AuditPages auditPages(@Qualifier("foundationDatabase") Database database, AuditSeal seal, Formats formats) {
        return new AuditPages(new AuditLog(database), new AuditVerification(database, seal), formats);
    }

    @Bean
    NavigationEntry jobsEntry() {
        return new NavigationEntry(800, "Jobs", "/jobs", List.of(AccessPermission.VIEW_JOBS));
    }

    @Bean
    NavigationEntry messagesEntry() {
        return new NavigationEntry(810, "Messages", "/messages", List.of(AccessPermission.OPERATE));
    }

    @Bean
    NavigationEntry auditEntry() {
        return new NavigationEntry(820, "Audit", "/audit", List.of(AccessPermission.VIEW_AUDIT));
    }

    @Bean
    NavigationEntry usersEntry() {
        return new NavigationEntry(830, "Users", "/users", List.of(AccessPermission.VIEW_USERS));
    }

    @Bean
    WaitingSource operations(@Qualifier("foundationDatabase") Database database) {
        JobList jobs = new JobList(database);
        OutboxList messages = new OutboxList(database);
        return actor -> waitingOperations(actor, jobs, messages);
    }

    private static List<WaitingItem> waitingOperations(Actor actor, JobList jobs, OutboxList messages) {
        if (!actor.may(AccessPermission.OPERATE)) {
            return List.of();
        }
        return List.of(
                new WaitingItem(
                        "Failed jobs",
                        "They stopped at an error and can go on from there once it is mended.",
                        jobs.failed(),
                        "/jobs?f.state=failed",
                        true),
                new WaitingItem(
                        "Messages that were given up",
                        "Nobody took them after many attempts.",
                        messages.dead(),
                        "/messages?f.state=dead",
                        true));
    }

    @Bean
    WebMvcConfigurer consoleWeb(ActorResolver actors, Users users, ExportLog exports) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(actors);
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new Export.Noting(exports));
                registry.addInterceptor(new PasswordChangeGate(users))
                        .excludePathPatterns(
                                "/assets/**",
                                "/webjars/**",
                                "/login",
                                "/forgotten",
                                "/forgotten/*",
                                "/error",
                                "/health");
            }
        };
    }
}
