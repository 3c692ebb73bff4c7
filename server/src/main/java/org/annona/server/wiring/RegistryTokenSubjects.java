package org.annona.server.wiring;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.criteria.odoo.DomainReading;
import org.annona.foundation.sealing.Sensitive;
import org.annona.registry.IssuedToken;
import org.annona.registry.PeopleFilter;
import org.annona.registry.PersonExtract;
import org.annona.registry.PersonField;
import org.annona.registry.RegistrySubjects;
import org.annona.registry.RetirementPart;
import org.annona.registry.RetirementRule;
import org.annona.registry.SelectedPerson;
import org.annona.registry.TokenOutcome;
import org.annona.tokens.Subjects;
import org.jspecify.annotations.Nullable;

/** The people of the registry beside it, for the tokens block. */
public final class RegistryTokenSubjects implements Subjects {

    private final RegistrySubjects registry;

    public RegistryTokenSubjects(RegistrySubjects registry) {
        this.registry = registry;
    }

    @Override
    public List<Kind> identifierKinds() {
        return registry.identifierKinds().stream()
                .map(kind -> new Kind(kind.code(), kind.label()))
                .toList();
    }

    @Override
    public List<Kind> fields() {
        return PersonField.ALL.stream()
                .map(field -> new Kind(field.name(), field.label()))
                .toList();
    }

    @Override
    public Reading read(String filter, Dialect dialect) {
        DomainReading reading = registry.read(filter, dialect);
        return new Reading(reading.plain(), reading.hints());
    }

    @Override
    public long count(Scope scope) {
        return registry.count(filter(scope));
    }

    @Override
    public List<Candidate> candidates(Scope scope, @Nullable UUID after, int limit) {
        return registry.select(filter(scope), after, limit).stream()
                .map(RegistryTokenSubjects::candidate)
                .toList();
    }

    private static Candidate candidate(SelectedPerson person) {
        return new Candidate(person.id(), person.identifierId(), person.version());
    }

    @Override
    public List<Sheet> sheets(Scope scope, Collection<UUID> people, List<String> fields, String purpose) {
        return registry.sheets(filter(scope), people, fields, purpose).stream()
                .map(RegistryTokenSubjects::sheet)
                .toList();
    }

    private static Sheet sheet(PersonExtract sheet) {
        return new Sheet(candidate(sheet.person()), sheet.identifier(), sheet.values(), sheet.receipt());
    }

    @Override
    public List<Optional<Candidate>> whoShows(Scope scope, List<Sensitive<String>> values) {
        return registry.whoShows(filter(scope), values).stream()
                .map(person -> person.map(RegistryTokenSubjects::candidate))
                .toList();
    }

    @Override
    public List<Stored> store(String tokenType, List<Issued> issued, List<Retention> retentions, String cause) {
        return registry
                .storeTokens(
                        tokenType,
                        issued.stream()
                                .map(one -> new IssuedToken(one.person(), one.identifier(), one.token()))
                                .toList(),
                        retentions.stream()
                                .map(RegistryTokenSubjects::takingAway)
                                .toList(),
                        cause)
                .stream()
                .map(outcome -> new Stored(outcome(outcome), outcome.other()))
                .toList();
    }

    private static Outcome outcome(TokenOutcome outcome) {
        return switch (outcome.kind()) {
            case STORED -> Outcome.STORED;
            case HELD_ALREADY -> Outcome.HELD_ALREADY;
            case OF_ANOTHER -> Outcome.OF_ANOTHER;
            case DIFFERS -> Outcome.DIFFERS;
            case PERSON_GONE -> Outcome.PERSON_GONE;
            case IDENTIFIER_GONE -> Outcome.IDENTIFIER_GONE;
            case MALFORMED -> Outcome.MALFORMED;
        };
    }

    private static RetirementRule takingAway(Retention retention) {
        return new RetirementRule(
                retention.filter(),
                retention.dialect(),
                retention.types(),
                retention.whereHeld(),
                retention.window(),
                retention.keepHash(),
                retention.cause());
    }

    @Override
    public Swept takeAway(
            Retention retention, String type, @Nullable UUID after, int limit, String actor, boolean dryRun) {
        RetirementPart sweep = registry.takeAway(takingAway(retention), type, after, limit, actor, dryRun);
        return new Swept(sweep.last(), sweep.people(), sweep.taken());
    }

    @Override
    public Set<UUID> holders(String identifierType, Collection<UUID> people) {
        return registry.holders(identifierType, people);
    }

    @Override
    public Map<UUID, String> references(Collection<UUID> people) {
        return registry.references(people);
    }

    @Override
    public Optional<UUID> byReference(String reference) {
        return registry.byReference(reference);
    }

    private static PeopleFilter filter(Scope scope) {
        return new PeopleFilter(scope.filter(), scope.dialect(), scope.identifierType());
    }
}
