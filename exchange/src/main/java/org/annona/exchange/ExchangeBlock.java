package org.annona.exchange;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.annona.access.Permission;
import org.annona.console.ConsoleBlock;
import org.annona.console.Formats;
import org.annona.console.NavigationEntry;
import org.annona.console.WaitingItem;
import org.annona.console.WaitingSource;
import org.annona.exchange.answering.AnswerTransactions;
import org.annona.exchange.asking.Inquiries;
import org.annona.exchange.asking.InquiryAudience;
import org.annona.exchange.asking.OnSearchHandler;
import org.annona.exchange.asking.RemotePages;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.asking.SendInquiries;
import org.annona.exchange.asking.UnaskedReplyHandler;
import org.annona.exchange.callback.CallbackPages;
import org.annona.exchange.callback.Callbacks;
import org.annona.exchange.callback.DeliverCallbacks;
import org.annona.exchange.callback.Undelivered;
import org.annona.exchange.enrolment.EnrolledHandler;
import org.annona.exchange.enrolment.EnrollmentUpdatesHandler;
import org.annona.exchange.enrolment.MatchingHandler;
import org.annona.exchange.inbound.DciController;
import org.annona.exchange.inbound.InboundMessages;
import org.annona.exchange.inbound.SmallFilesOnly;
import org.annona.exchange.internal.tables.states.CallbackState;
import org.annona.exchange.internal.tables.states.SubscriptionState;
import org.annona.exchange.keys.KeyPages;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.keys.SignedEnvelopes;
import org.annona.exchange.log.MessageLog;
import org.annona.exchange.log.MessageLogPages;
import org.annona.exchange.log.MessageLogWriter;
import org.annona.exchange.operation.Acknowledgements;
import org.annona.exchange.operation.OperationHandler;
import org.annona.exchange.operation.OperationHandlers;
import org.annona.exchange.operation.RefusedOperation;
import org.annona.exchange.operation.SyncAnswers;
import org.annona.exchange.partner.PartnerKeys;
import org.annona.exchange.partner.PartnerPages;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.exchange.search.G2pConnectSearch;
import org.annona.exchange.search.SearchAnswers;
import org.annona.exchange.search.SearchHandler;
import org.annona.exchange.search.SyncSearchHandler;
import org.annona.exchange.status.StatusAnswers;
import org.annona.exchange.status.StatusHandler;
import org.annona.exchange.status.SyncStatusHandler;
import org.annona.exchange.subscription.SubscribeAnswers;
import org.annona.exchange.subscription.SubscribeHandler;
import org.annona.exchange.subscription.SubscriptionPages;
import org.annona.exchange.subscription.Subscriptions;
import org.annona.exchange.subscription.TellEvents;
import org.annona.exchange.subscription.UnsubscribeHandler;
import org.annona.exchange.token.Bearer;
import org.annona.exchange.token.TokenServer;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.load.MemoryBudget;
import org.annona.foundation.load.Places;
import org.annona.foundation.sealing.Keyring;
import org.annona.interop.http.PartnerHttp;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.message.Refusal;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/**
 * Puts this block together. Needs a database of schema {@code exchange}, the keyring, {@link ExchangeSettings}, and the
 * {@link ServedRegistry} of each block that is to be asked.
 */
@Configuration(proxyBeanMethods = false)
public class ExchangeBlock {

    private static final PartnerHttp.Limits CALLS = new PartnerHttp.Limits(
            16, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30), 10_000_000);

    /** Two for each connection of the exchange; a message needs one only for parts of its way. */
    private static final int MOST_MESSAGES = 32;
    /** Apart from messages, so that partners who send much do not keep others from a token. */
    private static final int MOST_TOKEN_WISHES = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** A third of the heap: one message of the largest size, or hundreds of those that are usual. */
    private static final int PART_OF_HEAP = 3;

    @Bean
    ServedRegistries servedRegistries(ObjectProvider<ServedRegistry> registries) {
        return new ServedRegistries(registries.stream().toList());
    }

    @Bean
    Partners partners(@Qualifier("exchangeDatabase") Database database, ExchangeSettings settings, Clock clock) {
        return new Partners(database, settings.development(), settings.trustedHosts(), clock);
    }

    @Bean
    PartnerKeys partnerKeys(Partners partners, Clock clock) {
        return new PartnerKeys(partners, CALLS, clock);
    }

    @Bean
    OurKeys ourKeys(
            @Qualifier("exchangeDatabase") Database database, ExchangeSettings settings, Keyring keyring, Clock clock) {
        OurKeys keys = new OurKeys(database, settings.senderId(), keyring, clock);
        keys.makeMissing();
        return keys;
    }

    @Bean
    SignedEnvelopes signedEnvelopes(OurKeys ours, PartnerKeys theirs, Clock clock) {
        return new SignedEnvelopes(ours, theirs, clock);
    }

    @Bean
    Bearer bearer(OurKeys keys, ExchangeSettings settings, Clock clock) {
        return new Bearer(keys, settings, clock);
    }

    @Bean
    TokenServer tokenServer(Partners partners, OurKeys keys, ExchangeSettings settings, Clock clock) {
        return new TokenServer(partners, keys, settings, new Places(MOST_TOKEN_WISHES, PATIENCE), clock);
    }

    @Bean
    @Order(1)
    SecurityFilterChain tokens(HttpSecurity http, TokenServer server) {
        return server.at(TokenServer.PATH, http);
    }

    @Bean
    @Order(2)
    SecurityFilterChain tokensOfDci(HttpSecurity http, TokenServer server) {
        return server.at(TokenServer.DCI_PATH, http);
    }

    /** What a partner may do there is decided by {@link InboundMessages}, in the words of the standard. */
    @Bean
    @Order(3)
    SecurityFilterChain messages(HttpSecurity http, ExchangeSettings settings, Clock clock) {
        return http.securityMatcher("/dci/**", "/.well-known/**", "/g2p-connect/**", "/api/v1/g2p-connect/**")
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .addFilterBefore(
                        new SmallFilesOnly(settings.largestMessage(), clock), SecurityContextHolderFilter.class)
                .build();
    }

    @Bean
    Transactions transactions(
            @Qualifier("exchangeDatabase") Database database, Keyring keyring, ExchangeSettings settings, Clock clock) {
        return new Transactions(database, keyring, settings.keepAnswers(), clock);
    }

    @Bean
    SearchAnswers searchAnswers(Partners partners, Clock clock) {
        return new SearchAnswers(partners, clock);
    }

    @Bean
    StatusAnswers statusAnswers(Transactions transactions, Partners partners, Clock clock) {
        return new StatusAnswers(transactions, partners, clock);
    }

    @Bean
    MessageLog messageLog(@Qualifier("exchangeDatabase") Database database, Clock clock) {
        return new MessageLog(database, clock);
    }

    @Bean
    Callbacks callbacks(@Qualifier("exchangeDatabase") Database database, Keyring keyring, Clock clock) {
        return new Callbacks(database, keyring, clock);
    }

    @Bean
    Undelivered undelivered(@Qualifier("exchangeDatabase") Database database, Clock clock) {
        return new Undelivered(database, clock);
    }

    @Bean
    DeliverCallbacks deliverCallbacks(
            Callbacks callbacks,
            Partners partners,
            PartnerKeys connections,
            SignedEnvelopes envelopes,
            MessageLog log,
            ExchangeSettings settings,
            Clock clock,
            Subscriptions subscriptions) {
        return new DeliverCallbacks(
                callbacks, partners, connections, envelopes, log, settings, clock, outcomes(subscriptions));
    }

    private static DeliverCallbacks.Outcomes outcomes(Subscriptions subscriptions) {
        return new DeliverCallbacks.Outcomes() {

            @Override
            public void delivered(Callbacks.Outgoing outgoing) {
                if (outgoing.subscription() != null) {
                    subscriptions.succeeded(outgoing.subscription());
                }
            }

            @Override
            public void failed(Callbacks.Outgoing outgoing) {
                if (outgoing.subscription() != null) {
                    subscriptions.failed(outgoing.subscription());
                }
            }
        };
    }

    @Bean
    Subscriptions subscriptions(@Qualifier("exchangeDatabase") Database database, Keyring keyring, Clock clock) {
        return new Subscriptions(database, keyring, clock);
    }

    @Bean
    SubscribeAnswers subscribeAnswers(Subscriptions subscriptions, Clock clock) {
        return new SubscribeAnswers(subscriptions, clock);
    }

    @Bean
    Recurring tellEvents(
            @Qualifier("exchangeDatabase") Database database,
            Subscriptions subscriptions,
            Callbacks callbacks,
            Partners partners,
            ServedRegistries registries,
            Clock clock) {
        TellEvents telling = new TellEvents(database, subscriptions, callbacks, partners, registries, clock);
        return new Recurring("exchange.tell-events", Duration.ofMillis(500), telling::tellDue);
    }

    @Bean
    SubscriptionPages subscriptionPages(Subscriptions subscriptions, Formats formats) {
        return new SubscriptionPages(subscriptions, formats);
    }

    @Bean
    AnswerTransactions answerTransactions(
            @Qualifier("exchangeDatabase") Database database,
            Transactions transactions,
            Callbacks callbacks,
            Partners partners,
            ServedRegistries registries,
            OperationHandlers handlers,
            Clock clock) {
        return new AnswerTransactions(database, transactions, callbacks, partners, registries, handlers, clock);
    }

    @Bean
    SyncAnswers syncAnswers(
            @Qualifier("exchangeDatabase") Database database,
            Transactions transactions,
            SignedEnvelopes envelopes,
            ExchangeSettings settings,
            Clock clock) {
        return new SyncAnswers(database, transactions, envelopes, settings, clock);
    }

    @Bean
    OperationHandlers operationHandlers(ObjectProvider<OperationHandler> handlers) {
        return new OperationHandlers(handlers.stream().toList());
    }

    @Bean
    OperationHandler syncSearch(SearchAnswers searches, Partners partners, SyncAnswers answers) {
        return new SyncSearchHandler(searches, partners, answers);
    }

    @Bean
    OperationHandler search(SearchAnswers searches, Partners partners) {
        return new SearchHandler(searches, partners);
    }

    @Bean
    OperationHandler g2pConnectSearch(Partners partners, SyncAnswers answers, Clock clock) {
        return new G2pConnectSearch(partners, answers, clock);
    }

    @Bean
    OperationHandler syncStatus(StatusAnswers statuses, SyncAnswers answers) {
        return new SyncStatusHandler(statuses, answers);
    }

    @Bean
    OperationHandler status(StatusAnswers statuses) {
        return new StatusHandler(statuses);
    }

    @Bean
    OperationHandler subscribe(SubscribeAnswers subscribing, Partners partners) {
        return new SubscribeHandler(subscribing, partners);
    }

    @Bean
    OperationHandler unsubscribe(SubscribeAnswers subscribing) {
        return new UnsubscribeHandler(subscribing);
    }

    @Bean
    OperationHandler enrolled(Partners partners, SyncAnswers answers, Clock clock) {
        return new EnrolledHandler(partners, answers, clock);
    }

    @Bean
    OperationHandler matching(Partners partners, SyncAnswers answers) {
        return new MatchingHandler(partners, answers);
    }

    @Bean
    OperationHandler enrollmentUpdates(Partners partners, Transactions transactions, SyncAnswers answers, Clock clock) {
        return new EnrollmentUpdatesHandler(partners, transactions, answers, clock);
    }

    @Bean
    OperationHandler onSearch(Inquiries inquiries) {
        return new OnSearchHandler(inquiries);
    }

    @Bean
    OperationHandler onStatus() {
        return new UnaskedReplyHandler(Operation.TXN_ON_STATUS, TokenScope.ON_SEARCH);
    }

    @Bean
    OperationHandler onSubscribe() {
        return new UnaskedReplyHandler(Operation.ON_SUBSCRIBE, TokenScope.ON_SUBSCRIBE);
    }

    @Bean
    OperationHandler onUnsubscribe() {
        return new UnaskedReplyHandler(Operation.ON_UNSUBSCRIBE, TokenScope.ON_SUBSCRIBE);
    }

    /** What is acknowledged is not sent again: an event that is not kept has to be refused. */
    @Bean
    OperationHandler onEvent() {
        return new RefusedOperation(
                Operation.NOTIFY,
                TokenScope.NOTIFY,
                Refusal.of(
                        ReasonCode.ACTION_NOT_SUPPORTED,
                        "notifications are not taken here; nothing was kept of it, and this installation has not subscribed"));
    }

    @Bean
    InboundMessages inboundMessages(
            @Qualifier("exchangeDatabase") Database database,
            ServedRegistries registries,
            Partners partners,
            PartnerKeys theirs,
            OurKeys ours,
            Bearer bearer,
            Transactions transactions,
            OperationHandlers handlers,
            MessageLog log,
            ExchangeSettings settings,
            Clock clock) {
        return new InboundMessages(
                registries,
                partners,
                theirs,
                ours,
                bearer,
                handlers,
                new Acknowledgements(database, transactions, clock),
                log,
                settings,
                MemoryBudget.partOfHeap(PART_OF_HEAP),
                new Places(MOST_MESSAGES, PATIENCE),
                clock);
    }

    @Bean
    DciController dciController(InboundMessages messages, OurKeys ours, ExchangeSettings settings) {
        return new DciController(messages, ours, settings);
    }

    @Bean
    Recurring answerMessages(AnswerTransactions answering) {
        return new Recurring("exchange.answer", Duration.ofMillis(200), answering::answerDue);
    }

    /** Each process writes its own entries; so it is no recurring work of one of them. */
    @Bean
    MessageLogWriter messageLogWriter(MessageLog log) {
        return new MessageLogWriter(log);
    }

    @Bean
    Recurring callBack(DeliverCallbacks delivery) {
        return new Recurring("exchange.call-back", Duration.ofMillis(200), delivery::deliverDue);
    }

    @Bean
    Recurring forgetMessages(Transactions transactions, Callbacks callbacks, Inquiries inquiries, MessageLog log) {
        return new Recurring("exchange.forget", Duration.ofMinutes(30), () -> {
            transactions.forgetOld();
            callbacks.forgetOld();
            inquiries.forgetOld();
            log.forgetOld();
        });
    }

    @Bean
    RemoteRegistries remoteRegistries(
            @Qualifier("exchangeDatabase") Database database,
            Partners partners,
            PartnerKeys connections,
            OurKeys ourKeys,
            SignedEnvelopes envelopes,
            MessageLog log,
            ExchangeSettings settings,
            Keyring keyring,
            Clock clock) {
        return new RemoteRegistries(database, partners, connections, ourKeys, envelopes, log, settings, keyring, clock);
    }

    @Bean
    Inquiries inquiries(
            @Qualifier("exchangeDatabase") Database database,
            RemoteRegistries registries,
            Transactions transactions,
            Keyring keyring,
            Clock clock) {
        return new Inquiries(database, registries, transactions, keyring, clock);
    }

    @Bean
    SendInquiries sendInquiries(
            Inquiries inquiries,
            RemoteRegistries registries,
            Partners partners,
            ObjectProvider<InquiryAudience> audiences,
            ExchangeSettings settings,
            Clock clock) {
        return new SendInquiries(
                inquiries, registries, partners, audiences.stream().toList(), settings, clock);
    }

    @Bean
    Recurring carryOnInquiries(SendInquiries sending) {
        return new Recurring("exchange.inquire", Duration.ofMillis(200), sending::carryOn);
    }

    @Bean
    RemotePages remotePages(RemoteRegistries remotes, Partners partners) {
        return new RemotePages(remotes, partners);
    }

    @Bean
    PartnerPages partnerPages(
            Partners partners,
            PartnerKeys keys,
            ServedRegistries registries,
            ExchangeSettings settings,
            Undelivered undelivered,
            Formats formats) {
        return new PartnerPages(partners, keys, registries, settings, undelivered::silent, formats);
    }

    @Bean
    KeyPages keyPages(OurKeys keys, ExchangeSettings settings) {
        return new KeyPages(keys, settings);
    }

    @Bean
    MessageLogPages messageLogPages(MessageLog log, Formats formats) {
        return new MessageLogPages(log, formats);
    }

    @Bean
    CallbackPages callbackPages(Callbacks callbacks, Undelivered undelivered, Formats formats, Clock clock) {
        return new CallbackPages(callbacks, undelivered, formats, clock);
    }

    @Bean
    NavigationEntry partnersEntry() {
        return new NavigationEntry(600, "Partners", "/partners", List.of(ExchangePermission.VIEW));
    }

    @Bean
    WaitingSource exchangeWaiting(Undelivered undelivered, Subscriptions subscriptions) {
        return actor -> actor.may(ExchangePermission.MANAGE)
                ? List.of(
                        new WaitingItem(
                                "Messages to partners that were given up",
                                "The partner refused them or was away for too long; what they were told is missing there.",
                                undelivered.dead(),
                                "/callbacks?f.state=" + CallbackState.DEAD.code(),
                                true),
                        new WaitingItem(
                                "Addresses of partners that do not take messages",
                                "They are tried again by themselves. Speak with those who run them where it lasts.",
                                undelivered.troubled(),
                                "/callbacks",
                                false),
                        new WaitingItem(
                                "Subscriptions that were suspended",
                                "The partner did not take our notifications for a long time.",
                                subscriptions.suspended(),
                                "/subscriptions?f.state=" + SubscriptionState.SUSPENDED.code(),
                                true))
                : List.of();
    }

    @Bean
    ConsoleBlock.ProblemCodes exchangeProblems() {
        return ExchangeProblem::values;
    }

    @Bean
    Permission.OfBlock exchangePermissions() {
        return ExchangePermission::values;
    }
}
