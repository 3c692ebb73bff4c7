package org.annona.registry;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.criteria.odoo.DomainReading;
import org.annona.foundation.criteria.odoo.DomainRefused;
import org.annona.foundation.sealing.Sensitive;
import org.annona.registry.identity.RetiredIdentifiers;
import org.annona.registry.identity.Tokens;
import org.annona.registry.selection.Selection;
import org.jspecify.annotations.Nullable;

/** What this block does for connectors: people chosen by a domain, what may leave of them, and what comes back. */
public final class RegistrySubjects {

    private final Selection selection;
    private final Tokens tokens;
    private final RetiredIdentifiers retired;

    RegistrySubjects(Selection selection, Tokens tokens, RetiredIdentifiers retired) {
        this.selection = selection;
        this.tokens = tokens;
        this.retired = retired;
    }

    public List<IdentifierKind> identifierKinds() {
        return selection.identifierKinds();
    }

    /** Refuses a domain of which any part is not understood, and says where. */
    public DomainReading read(String domain, Dialect dialect) {
        try {
            return selection.read(domain, dialect);
        } catch (DomainRefused refused) {
            throw Selection.refusal(refused);
        }
    }

    public long count(PeopleFilter filter) {
        return selection.count(filter);
    }

    /** Which of these people have an identifier of that type in force. */
    public Set<UUID> holders(String identifierType, Collection<UUID> people) {
        return selection.holders(identifierType, people);
    }

    /** Their references, for lists. */
    public Map<UUID, String> references(Collection<UUID> people) {
        return selection.references(people);
    }

    /** Whom a reference means. */
    public Optional<UUID> byReference(String reference) {
        return selection.byReference(reference);
    }

    /** In the order of their keys. @param after the last person of the part before; null for the first ones */
    public List<SelectedPerson> select(PeopleFilter filter, @Nullable UUID after, int limit) {
        return selection.page(filter, after, limit);
    }

    /** PersonExtracts of those who are still selected, in any order. */
    public List<PersonExtract> sheets(
            PeopleFilter filter, Collection<UUID> people, List<String> fields, String purpose) {
        return selection.sheets(filter, people, fields, purpose);
    }

    /**
     * Whom each of these identifiers means, where the filter selects her.
     *
     * @param values of the type of the filter
     * @return one answer for each, in their order
     */
    public List<Optional<SelectedPerson>> whoShows(PeopleFilter filter, List<Sensitive<String>> values) {
        return selection.whoShows(filter, values);
    }

    /**
     * @param takingAway what those who have their token now lose in the same transaction
     * @return one answer for each token, in their order
     */
    public List<TokenOutcome> storeTokens(
            String type, List<IssuedToken> issued, List<RetirementRule> takingAway, String cause) {
        return tokens.store(type, issued, takingAway, Actor.SYSTEM, cause);
    }

    /**
     * One part of a sweep over the people of a rule; each is looked at again before something is taken.
     *
     * @param type one of those of the rule
     * @param dryRun only counts
     */
    public RetirementPart takeAway(
            RetirementRule rule, String type, @Nullable UUID after, int limit, String actor, boolean dryRun) {
        PeopleFilter filter = new PeopleFilter(rule.domain(), rule.dialect(), type);
        List<UUID> people = selection.page(filter, after, limit).stream()
                .map(SelectedPerson::id)
                .toList();
        if (people.isEmpty()) {
            return new RetirementPart(null, 0, 0);
        }
        long taken = retired.takeAway(people, rule, type, actor, dryRun);
        return new RetirementPart(people.size() < limit ? null : people.getLast(), people.size(), taken);
    }
}
