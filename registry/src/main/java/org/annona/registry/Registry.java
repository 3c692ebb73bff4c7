package org.annona.registry;

import java.io.InputStream;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.feed.FeedPart;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.area.Areas;
import org.annona.registry.feed.ChangeFeed;
import org.annona.registry.importing.Imports;
import org.annona.registry.person.People;
import org.annona.registry.social.PeopleByIdentifier;

/** What this block does for others: the operations that people start, and the feed of changes. */
public final class Registry {

    private final Areas areas;
    private final Imports imports;
    private final People people;
    private final PeopleByIdentifier byIdentifier;
    private final ChangeFeed feed;

    Registry(Areas areas, Imports imports, People people, PeopleByIdentifier byIdentifier, ChangeFeed feed) {
        this.areas = areas;
        this.imports = imports;
        this.people = people;
        this.byIdentifier = byIdentifier;
        this.feed = feed;
    }

    /** Areas in the order of their tree, parents first; at most so many. */
    public List<AreaName> areas(int limit) {
        return areas.names(limit);
    }

    public boolean hasArea(String code) {
        return areas.isThere(code);
    }

    /** Adds the areas of a CSV list with the columns code, name and parent. */
    public AreaLoad loadAreas(Actor actor, InputStream csv) {
        return areas.load(actor, csv);
    }

    /** Takes a CSV list of people in and proposes what its columns mean; the same file leads to the import it already is. */
    public ImportStatus uploadPeople(Actor actor, String fileName, InputStream csv) {
        return imports.upload(actor, fileName, csv);
    }

    /** Accepts the meaning of the columns and checks every row, without any change to the registry. */
    public ImportStatus checkImport(
            Actor actor, UUID importId, Map<Integer, String> columns, String dateOrder, String source) {
        return imports.check(actor, importId, columns, dateOrder, source);
    }

    /** Lets the rows that passed the check go into the registry. */
    /** Gives a checked import up and takes its file in again, so that its columns can be corrected. */
    public ImportStatus importAgain(Actor actor, UUID id) {
        return imports.backToColumns(actor, id);
    }

    public ImportStatus applyImport(Actor actor, UUID importId) {
        return imports.apply(actor, importId);
    }

    public ImportStatus importStatus(Actor actor, UUID importId) {
        return imports.status(actor, importId);
    }

    public Page<ImportStatus> imports(Actor actor, PageRequest request) {
        return imports.page(actor, request);
    }

    public void recordDeath(Actor actor, UUID personId, LocalDate day) {
        people.recordDeath(actor, personId, day);
    }

    /** The types of identifiers that {@link #peopleByIdentifier} understands, by the names of the standard. */
    public List<String> identifierTypes() {
        return byIdentifier.types();
    }

    /** @return who each identifier belongs to, in their order; empty where surely nobody */
    public List<Optional<UUID>> peopleByIdentifier(List<PersonIdentifier> identifiers) {
        return byIdentifier.find(identifiers);
    }

    /** Identifiers in force of active people that other systems may be shown; people without any are missing. */
    public Map<UUID, List<PersonIdentifier>> identifiersOf(Collection<UUID> people) {
        return identifiersOf(people, false);
    }

    /** @param alsoDeceased as who is found by an identifier may be */
    public Map<UUID, List<PersonIdentifier>> identifiersOf(Collection<UUID> people, boolean alsoDeceased) {
        return byIdentifier.of(people, alsoDeceased);
    }

    /** Their types by the names of the standard; a person has at most one of each. */
    public List<String> toldIdentifierTypes() {
        return byIdentifier.toldTypes();
    }

    /** Of one person, masked; empty for nobody. The caller has asked who may see it. */
    public Optional<MaskedPerson> masked(UUID person) {
        return byIdentifier.masked(person);
    }

    /** As {@link #masked}, of several people at once, only the names. */
    public Map<UUID, String> maskedNames(Collection<UUID> people) {
        return byIdentifier.maskedNames(people);
    }

    /** @param after an empty text for the beginning, then the position of the part before */
    public FeedPart<HouseholdChange> changedHouseholds(String after, int limit) {
        return feed.households(after, limit);
    }

    public FeedPart<PersonChange> changedPeople(String after, int limit) {
        return feed.people(after, limit);
    }

    public FeedPart<MembershipChange> changedMemberships(String after, int limit) {
        return feed.memberships(after, limit);
    }

    public FeedPart<AccountChange> changedAccounts(String after, int limit) {
        return feed.accounts(after, limit);
    }
}
