package org.annona.registry;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.access.Permission;
import org.annona.console.ConsoleBlock;
import org.annona.console.Formats;
import org.annona.console.NavigationEntry;
import org.annona.console.PersonLinks;
import org.annona.console.WaitingItem;
import org.annona.console.WaitingSource;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.SignedEnvelopes;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.annona.foundation.sealing.Keyring;
import org.annona.interop.signature.Signer;
import org.annona.registry.area.AreaPages;
import org.annona.registry.area.Areas;
import org.annona.registry.consent.Consents;
import org.annona.registry.feed.ChangeFeed;
import org.annona.registry.household.HouseholdPages;
import org.annona.registry.household.Households;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.identity.RetiredIdentifierPages;
import org.annona.registry.identity.RetiredIdentifiers;
import org.annona.registry.identity.Tokens;
import org.annona.registry.importing.ApplyImport;
import org.annona.registry.importing.CheckImport;
import org.annona.registry.importing.ImportPages;
import org.annona.registry.importing.Imports;
import org.annona.registry.person.Origins;
import org.annona.registry.person.People;
import org.annona.registry.person.PersonPages;
import org.annona.registry.person.RevealPages;
import org.annona.registry.person.Reveals;
import org.annona.registry.pull.AssignImported;
import org.annona.registry.pull.FetchRecords;
import org.annona.registry.pull.PullPages;
import org.annona.registry.pull.Pulls;
import org.annona.registry.selection.Selection;
import org.annona.registry.sharing.SharedChanges;
import org.annona.registry.social.PeopleByIdentifier;
import org.annona.registry.social.SocialRegistry;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.MessageSigning;
import org.annona.registry.source.SourcePages;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.node.ObjectNode;

/** Puts this block together. Needs a database of schema {@code registry}, the keyring and {@link RegistrySettings}. */
@Configuration(proxyBeanMethods = false)
public class RegistryBlock {

    @Bean
    RegistryKeys registryKeys(Keyring keyring) {
        return new RegistryKeys(keyring);
    }

    @Bean
    IdentifierTypes identifierTypes(@Qualifier("registryDatabase") Database database) {
        return new IdentifierTypes(database);
    }

    @Bean
    Areas areas(@Qualifier("registryDatabase") Database database) {
        return new Areas(database);
    }

    @Bean
    Consents consents(@Qualifier("registryDatabase") Database database, Clock clock) {
        return new Consents(database, clock);
    }

    @Bean
    People people(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            RegistrySettings settings,
            IdentifierTypes types,
            Consents consents,
            Clock clock) {
        return new People(database, keys, settings, types, consents, clock);
    }

    @Bean
    Households households(@Qualifier("registryDatabase") Database database, People people, Clock clock) {
        return new Households(database, people, clock);
    }

    @Bean
    Imports imports(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            RegistrySettings settings,
            Clock clock) {
        return new Imports(database, keys, settings, clock);
    }

    @Bean
    Registry registry(
            @Qualifier("registryDatabase") Database database,
            Areas areas,
            Imports imports,
            People people,
            PeopleByIdentifier byIdentifier,
            RegistryKeys keys) {
        return new Registry(areas, imports, people, byIdentifier, new ChangeFeed(database, keys));
    }

    @Bean
    PeopleByIdentifier peopleByIdentifier(@Qualifier("registryDatabase") Database database, RegistryKeys keys) {
        return new PeopleByIdentifier(database, keys);
    }

    @Bean
    SharedChanges sharedChanges(@Qualifier("registryDatabase") Database database, RegistryKeys keys) {
        return new SharedChanges(new ChangeFeed(database, keys));
    }

    @Bean
    SocialRegistry socialRegistry(
            @Qualifier("registryDatabaseForPartners") Database database,
            RegistryKeys keys,
            PeopleByIdentifier byIdentifier,
            RegistrySettings settings,
            Clock clock) {
        return new SocialRegistry(database, keys, byIdentifier, settings.currency(), clock);
    }

    @Bean
    Work checkImport(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            RegistrySettings settings,
            IdentifierTypes types,
            Areas areas,
            Clock clock) {
        return new CheckImport(database, keys, settings, types, areas, clock);
    }

    @Bean
    Work applyImport(@Qualifier("registryDatabase") Database database, RegistryKeys keys, Clock clock) {
        return new ApplyImport(database, keys, clock);
    }

    @Bean
    DataSources dataSources(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            RegistrySettings settings,
            SignedEnvelopes envelopes,
            ExchangeSettings exchange,
            Clock clock) {
        return new DataSources(database, keys, settings, signing(envelopes, exchange), clock);
    }

    private static MessageSigning signing(SignedEnvelopes envelopes, ExchangeSettings exchange) {
        return new MessageSigning() {

            @Override
            public String senderId() {
                return exchange.senderId();
            }

            @Override
            public String sign(Signer signer, ObjectNode header, ObjectNode message) {
                return envelopes.signature(signer, exchange.senderId(), header, message);
            }
        };
    }

    @Bean
    Pulls pulls(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            DataSources sources,
            Imports imports,
            ProgrammeIntake programmes,
            Clock clock) {
        return new Pulls(database, keys, sources, imports, programmes, clock);
    }

    @Bean
    OtherRegistries otherRegistries(DataSources sources, Pulls pulls) {
        return new OtherRegistries(sources, pulls);
    }

    @Bean
    Work fetchRecords(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            DataSources sources,
            Imports imports,
            RegistrySettings settings,
            Clock clock) {
        return new FetchRecords(database, keys, sources, imports, settings.firstRetry(), clock);
    }

    @Bean
    Work assignImported(@Qualifier("registryDatabase") Database database, ProgrammeIntake programmes, Clock clock) {
        return new AssignImported(database, programmes, clock);
    }

    @Bean
    Recurring forgetReplacedLists(Pulls pulls) {
        return new Recurring("registry.forget-replaced-lists", Duration.ofHours(1), pulls::forgetReplacedLists);
    }

    @Bean
    Recurring startPulls(Pulls pulls) {
        return new Recurring("registry.start-pulls", Duration.ofSeconds(30), pulls::startDue);
    }

    @Bean
    Recurring forgetFiles(Imports imports) {
        return new Recurring("registry.forget-files", Duration.ofHours(6), imports::forgetOld);
    }

    @Bean
    Recurring forgetEvents(SocialRegistry social) {
        return new Recurring("registry.forget-events", Duration.ofHours(6), social::forgetEvents);
    }

    @Bean
    AreaPages areaPages(Areas areas, Formats formats) {
        return new AreaPages(areas, formats);
    }

    @Bean
    PersonPages personPages(
            @Qualifier("registryDatabase") Database database,
            People people,
            Consents consents,
            ObjectProvider<PersonLinks> links,
            Formats formats) {
        return new PersonPages(
                people, consents, new Origins(database), links.orderedStream().toList(), formats);
    }

    @Bean
    PersonLinks person() {
        return (actor, person) -> actor.may(RegistryPermission.VIEW)
                ? List.of(new PersonLinks.Link("The person", "/people/" + person))
                : List.of();
    }

    @Bean
    RetiredIdentifiers retiredIdentifiers(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            Selection selection,
            Keyring keyring,
            Clock clock) {
        return new RetiredIdentifiers(database, keys, selection, keyring, clock);
    }

    @Bean
    Selection selection(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            IdentifierTypes types,
            RegistrySettings settings,
            Clock clock) {
        return new Selection(database, keys, types, settings, clock);
    }

    @Bean
    RetiredIdentifierPages retiredIdentifierPages(RetiredIdentifiers retired, Formats formats) {
        return new RetiredIdentifierPages(retired, formats);
    }

    @Bean
    Recurring destroyRetiredIdentifiers(RetiredIdentifiers retired) {
        return new Recurring("registry.destroy-retired-identifiers", Duration.ofMinutes(10), retired::destroyDue);
    }

    @Bean
    RegistrySubjects registrySubjects(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            IdentifierTypes types,
            Selection selection,
            RetiredIdentifiers retired) {
        return new RegistrySubjects(selection, new Tokens(database, keys, types, retired), retired);
    }

    @Bean
    HouseholdPages householdPages(Households households, RegistrySettings settings, Formats formats) {
        return new HouseholdPages(households, settings, formats);
    }

    @Bean
    ImportPages importPages(
            Imports imports, @Qualifier("registryDatabase") Database database, RegistryKeys keys, Formats formats) {
        return new ImportPages(imports, database, keys, formats);
    }

    @Bean
    SourcePages sourcePages(DataSources sources, Pulls pulls) {
        return new SourcePages(
                sources,
                (actor, source) -> pulls.of(actor, source).stream()
                        .map(pull -> Map.entry("/pulls/" + pull.id(), pull.name()))
                        .toList());
    }

    @Bean
    PullPages pullPages(Pulls pulls, DataSources sources) {
        return new PullPages(pulls, sources);
    }

    @Bean
    RevealPages revealPages(@Qualifier("registryDatabase") Database database, Formats formats) {
        return new RevealPages(new Reveals(database), formats);
    }

    @Bean
    NavigationEntry revealsEntry() {
        return new NavigationEntry(825, "Seen in clear", "/reveals", List.of(RegistryPermission.VIEW_REVEALS));
    }

    @Bean
    NavigationEntry sourcesEntry() {
        return new NavigationEntry(
                125, "Sources", "/data-sources", List.of(RegistryPermission.VIEW, RegistryPermission.EDIT_SOURCES));
    }

    @Bean
    NavigationEntry peopleEntry() {
        return new NavigationEntry(100, "People", "/people", List.of(RegistryPermission.VIEW));
    }

    @Bean
    NavigationEntry householdsEntry() {
        return new NavigationEntry(110, "Households", "/households", List.of(RegistryPermission.VIEW));
    }

    @Bean
    NavigationEntry importsEntry() {
        return new NavigationEntry(120, "Imports", "/imports", List.of(RegistryPermission.VIEW));
    }

    @Bean
    NavigationEntry areasEntry() {
        return new NavigationEntry(130, "Areas", "/areas", List.of(RegistryPermission.VIEW));
    }

    @Bean
    NavigationEntry retiredIdentifiersEntry() {
        return new NavigationEntry(
                140,
                "Taken away",
                "/retired-identifiers",
                List.of(RegistryPermission.VIEW, RegistryPermission.RESTORE));
    }

    @Bean
    WaitingSource registryWaiting(Imports imports, Households households) {
        return actor -> waiting(actor, imports, households);
    }

    @Bean
    Recurring countHouseholdsWithoutHead(Households households) {
        return new Recurring(
                "registry.count-households-without-head", Duration.ofMinutes(10), households::countWithoutHead);
    }

    private static List<WaitingItem> waiting(Actor actor, Imports imports, Households households) {
        if (!actor.may(RegistryPermission.IMPORT)) {
            return List.of();
        }
        WaitingItem headless = new WaitingItem(
                "Households without a head",
                "Nobody is paid for them. A list with the row of the head mends them.",
                households.withoutHead(),
                "/households?f.head=missing",
                false);
        return List.of(
                headless,
                new WaitingItem(
                        "Imports that wait",
                        "They need the meaning of their columns, or your confirmation.",
                        imports.waiting(),
                        "/imports",
                        false));
    }

    @Bean
    ConsoleBlock.ProblemCodes registryProblems() {
        return RegistryProblem::values;
    }

    @Bean
    Permission.OfBlock registryPermissions() {
        return RegistryPermission::values;
    }
}
