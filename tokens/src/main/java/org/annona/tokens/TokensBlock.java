package org.annona.tokens;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.annona.access.Actor;
import org.annona.access.Permission;
import org.annona.console.ConsoleBlock;
import org.annona.console.Formats;
import org.annona.console.NavigationEntry;
import org.annona.console.WaitingItem;
import org.annona.console.WaitingSource;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.annona.foundation.sealing.Keyring;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.retention.RetentionPages;
import org.annona.tokens.retention.RetentionRules;
import org.annona.tokens.retention.RunRetention;
import org.annona.tokens.tokenisation.CasePages;
import org.annona.tokens.tokenisation.ConnectorPages;
import org.annona.tokens.tokenisation.FormPages;
import org.annona.tokens.tokenisation.FormWindows;
import org.annona.tokens.tokenisation.Preview;
import org.annona.tokens.tokenisation.Queue;
import org.annona.tokens.tokenisation.Requests;
import org.annona.tokens.tokenisation.Results;
import org.annona.tokens.tokenisation.RunConnector;
import org.annona.tokens.tokenisation.SeederCallbackController;
import org.annona.tokens.tokenisation.SeederClients;
import org.annona.tokens.tokenisation.Submissions;
import org.annona.tokens.tokenisation.Tokenisations;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** Puts this block together. Needs a database of schema {@code tokens}, the keyring, {@link TokensSettings}, {@link Subjects}. */
@Configuration(proxyBeanMethods = false)
public class TokensBlock {

    @Bean
    Connectors connectors(
            @Qualifier("tokensDatabase") Database database,
            Subjects subjects,
            Keyring keyring,
            TokensSettings settings,
            Clock clock) {
        return new Connectors(
                database,
                subjects,
                keyring,
                address -> SeederClients.isReachable(settings, address),
                settings.pauses().silence(),
                clock);
    }

    @Bean
    RetentionRules retentionRules(
            @Qualifier("tokensDatabase") Database database, Subjects subjects, Keyring keyring, Clock clock) {
        return new RetentionRules(database, subjects, keyring, clock);
    }

    @Bean
    SeederClients seederClients(Connectors connectors, TokensSettings settings, MessageSigner signer) {
        return new SeederClients(connectors, settings, signer);
    }

    @Bean
    Queue tokenisationQueue(
            @Qualifier("tokensDatabase") Database database, Subjects subjects, TokensSettings settings, Clock clock) {
        return new Queue(database, subjects, settings, clock);
    }

    @Bean
    Results seederResults(
            @Qualifier("tokensDatabase") Database database, Subjects subjects, RetentionRules rules, Clock clock) {
        return new Results(database, subjects, rules::atOnce, clock);
    }

    @Bean
    FormWindows formWindows(@Qualifier("tokensDatabase") Database database, Connectors connectors, Clock clock) {
        return new FormWindows(database, connectors, clock);
    }

    @Bean
    Submissions formSubmissions(
            @Qualifier("tokensDatabase") Database database, Subjects subjects, Results results, Clock clock) {
        return new Submissions(database, subjects, results, clock);
    }

    @Bean
    Requests seederRequests(
            @Qualifier("tokensDatabase") Database database,
            Connectors connectors,
            Results results,
            FormWindows windows,
            Submissions submissions,
            Clock clock) {
        return new Requests(database, connectors, results, windows, submissions, clock);
    }

    @Bean
    Tokenisations tokenisations(@Qualifier("tokensDatabase") Database database, Subjects subjects, Clock clock) {
        return new Tokenisations(database, subjects, clock);
    }

    @Bean
    RunConnector runConnector(
            @Qualifier("tokensDatabase") Database database,
            Connectors connectors,
            Subjects subjects,
            Queue queue,
            FormWindows windows,
            Requests requests,
            SeederClients clients,
            TokensSettings settings,
            Clock clock) {
        return new RunConnector(
                database,
                connectors,
                subjects,
                queue,
                windows,
                requests,
                clients,
                settings.pauses().look(),
                clock);
    }

    @Bean
    Work sweepRule(@Qualifier("tokensDatabase") Database database, Subjects subjects, RetentionRules rules) {
        return new RunRetention(database, subjects, rules);
    }

    @Bean
    Recurring startDueRuns(Connectors connectors) {
        return new Recurring("tokens.start-due-runs", Duration.ofSeconds(5), connectors::startDue);
    }

    @Bean
    Recurring startDueSweeps(RetentionRules rules) {
        return new Recurring("tokens.start-due-sweeps", Duration.ofSeconds(5), rules::sweepDue);
    }

    @Bean
    SeederCallbackController seederCallbackDoor(Requests requests, Results results, Connectors connectors) {
        return new SeederCallbackController(requests, results, connectors);
    }

    /** Seeders have no session; each address of theirs is a secret of its own. */
    @Bean
    @Order(4)
    SecurityFilterChain answersOfSeeders(HttpSecurity http) {
        return http.securityMatcher("/tokens/answers/**")
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    Tokens identityTokens(
            Connectors connectors,
            Tokenisations tokenisations,
            RetentionRules rules,
            @Qualifier("tokensDatabase") Database database) {
        return new Tokens(connectors, tokenisations, rules, new Jobs(database));
    }

    @Bean
    Preview tokenPreview(
            @Qualifier("tokensDatabase") Database database,
            Connectors connectors,
            Submissions submissions,
            Subjects subjects,
            SeederClients clients,
            Clock clock) {
        return new Preview(database, connectors, submissions, subjects, clients, clock);
    }

    @Bean
    ConnectorPages connectorPages(
            Connectors connectors,
            Tokenisations people,
            Requests requests,
            Preview preview,
            Subjects subjects,
            @Qualifier("tokensDatabase") Database database,
            Formats formats) {
        return new ConnectorPages(connectors, people, requests, preview, subjects, new Jobs(database), formats);
    }

    @Bean
    FormPages tokenFormPages(
            Connectors connectors, FormWindows windows, Submissions submissions, Preview preview, Formats formats) {
        return new FormPages(connectors, windows, submissions, preview, formats);
    }

    @Bean
    CasePages tokenCasePages(Tokenisations people, Formats formats) {
        return new CasePages(people, formats);
    }

    @Bean
    RetentionPages retentionPages(
            RetentionRules rules, Subjects subjects, @Qualifier("tokensDatabase") Database database) {
        return new RetentionPages(rules, subjects, new Jobs(database));
    }

    @Bean
    NavigationEntry tokensEntry() {
        return new NavigationEntry(150, "Identity tokens", "/token-connectors", List.of(TokensPermission.VIEW));
    }

    @Bean
    WaitingSource tokensWaiting(Connectors connectors, Tokenisations tokenisations) {
        return actor -> waiting(actor, connectors, tokenisations);
    }

    private static List<WaitingItem> waiting(Actor actor, Connectors connectors, Tokenisations tokenisations) {
        List<WaitingItem> items = new ArrayList<>();
        if (actor.may(TokensPermission.OPERATE)) {
            items.add(new WaitingItem(
                    "Two people with one token",
                    "An identity token belongs to somebody else. Decide who is who.",
                    tokenisations.countOpenCases(),
                    "/token-cases",
                    true));
        }
        if (actor.may(TokensPermission.CONFIGURE)) {
            items.add(new WaitingItem(
                    "Token connectors that stand still",
                    "The seeder refuses what is agreed. Correct the connector.",
                    connectors.countFailed(),
                    "/token-connectors",
                    true));
        }
        return items;
    }

    @Bean
    ConsoleBlock.ProblemCodes tokensProblems() {
        return TokensProblem::values;
    }

    @Bean
    Permission.OfBlock tokensPermissions() {
        return TokensPermission::values;
    }
}
