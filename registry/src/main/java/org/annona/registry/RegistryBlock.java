package org.annona.registry;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.annona.access.Actor;
import org.annona.console.ConsoleBlock;
import org.annona.console.Formats;
import org.annona.console.NavigationEntry;
import org.annona.console.WaitingItem;
import org.annona.console.WaitingSource;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.job.Work;
import org.annona.foundation.sealing.Keyring;
import org.annona.registry.area.AreaPages;
import org.annona.registry.area.Areas;
import org.annona.registry.feed.ChangeFeed;
import org.annona.registry.household.HouseholdPages;
import org.annona.registry.household.Households;
import org.annona.registry.identifier.IdentifierTypes;
import org.annona.registry.identifier.PhoneNumbers;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.ApplyImport;
import org.annona.registry.importing.CheckImport;
import org.annona.registry.importing.ImportPages;
import org.annona.registry.importing.Imports;
import org.annona.registry.person.People;
import org.annona.registry.person.PersonPages;
import org.annona.registry.sharing.SharedChanges;
import org.annona.registry.social.PeopleByIdentifier;
import org.annona.registry.social.SocialRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
    People people(
            @Qualifier("registryDatabase") Database database,
            RegistryKeys keys,
            RegistrySettings settings,
            IdentifierTypes types,
            Clock clock) {
        return new People(database, keys, new PhoneNumbers(settings.phoneRegion()), types, clock);
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
    PersonPages personPages(People people, Formats formats) {
        return new PersonPages(people, formats);
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
    WaitingSource registryWaiting(Imports imports) {
        return actor -> waiting(actor, imports);
    }

    private static List<WaitingItem> waiting(Actor actor, Imports imports) {
        if (!actor.may(RegistryPermission.IMPORT)) {
            return List.of();
        }
        return List.of(new WaitingItem(
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
}
