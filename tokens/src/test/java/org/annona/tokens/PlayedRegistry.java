package org.annona.tokens;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.foundation.criteria.Facts;
import org.annona.foundation.criteria.Interpreter;
import org.annona.foundation.criteria.Truth;
import org.annona.foundation.criteria.odoo.DomainReader;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.criteria.odoo.DomainReading;
import org.annona.foundation.criteria.odoo.DomainRefused;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.ids.PublicReference;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.Sensitive;
import org.annona.tokens.PlayedPerson.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory that keeps to what the port says: a token belongs to one person, a person has one token, an identifier
 * that was retired stays retired. Each call is one transaction.
 */
public final class PlayedRegistry implements Subjects {

    static final Type VIRTUAL_ID = new Type("virtual_id", "MOSIP VID", Pattern.compile("\\d{10}|\\d{16}"));
    private static final Type TOKEN =
            new Type("identity_token", "MOSIP UIN TOKEN", Pattern.compile("\\d{36}|[A-Za-z0-9_-]{43}"));
    private static final List<Type> TYPES = List.of(TOKEN, VIRTUAL_ID);

    private final Map<UUID, PlayedPerson> people = new TreeMap<>(Comparator.comparing(UUID::toString));
    private final List<Retired> retired = new ArrayList<>();

    /** Of identifiers. */
    record Type(String code, String label, Pattern pattern) implements Facts {

        String normalised(String value) {
            return code.equals("identity_token")
                    ? value.strip()
                    : value.toUpperCase(Locale.ROOT).replaceAll("[\\s.-]", "");
        }

        /** As it is searched for. */
        String index(String value) {
            return code + " " + normalised(value);
        }

        @Override
        public String value(String attribute) {
            return attribute.equals("code") ? code : label;
        }

        @Override
        public List<? extends Facts> related(String relation) {
            return List.of();
        }
    }

    /** @param window for which it can be given back */
    private record Retired(UUID person, Identifier identifier, Duration window) {}

    /** Of whatever type the value may be. */
    static List<String> indexes(String value) {
        return TYPES.stream().map(type -> type.index(value)).toList();
    }

    private static Type type(String code) {
        return TYPES.stream()
                .filter(type -> type.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    /** Enters people, or changes those who are known by their virtual ID. @return how many are new */
    public synchronized int register(List<PersonInTests> given) {
        int before = people.size();
        for (PersonInTests one : given) {
            known(one.vid())
                    .ifPresentOrElse(
                            person -> person.change(one),
                            () -> enter(new PlayedPerson(PublicReference.of('P', people.size() + 1), one)));
        }
        return people.size() - before;
    }

    private void enter(PlayedPerson person) {
        people.put(person.id, person);
    }

    private Optional<PlayedPerson> known(String vid) {
        return people.values().stream()
                .filter(person -> person.vid().equals(vid))
                .findFirst();
    }

    /** A token that came in another way than from this block. */
    public synchronized void give(String vid, String token) {
        known(vid).orElseThrow().identifiers.add(new Identifier(Ids.next(), TOKEN, token));
    }

    /** The tokens of people who were registered with these virtual IDs, by these. */
    public synchronized Map<String, String> tokens(Collection<String> vids) {
        Map<String, String> tokens = new HashMap<>();
        people.values().stream()
                .filter(person -> vids.contains(person.vid()))
                .forEach(person ->
                        person.held(TOKEN.code()).ifPresent(token -> tokens.put(person.vid(), token.value())));
        return tokens;
    }

    /** People with more than one token. */
    public synchronized long countWithSeveralTokens() {
        return people.values().stream()
                .filter(person -> person.identifiers.stream()
                                .filter(one -> one.type().equals(TOKEN))
                                .count()
                        > 1)
                .count();
    }

    /** Which of these virtual IDs were retired, and for how long each can be given back. */
    public synchronized Map<String, Duration> retired(Collection<String> vids) {
        return retired.stream()
                .filter(one -> vids.contains(one.identifier().value()))
                .collect(Collectors.toMap(one -> one.identifier().value(), Retired::window));
    }

    @Override
    public List<Kind> identifierKinds() {
        return TYPES.stream().map(type -> new Kind(type.code(), type.label())).toList();
    }

    @Override
    public List<Kind> fields() {
        return Stream.of(
                        "id",
                        "name",
                        "given_name",
                        "family_name",
                        "birthdate",
                        "gender",
                        "address",
                        "area",
                        "phone",
                        "email",
                        "registration_date")
                .map(name -> new Kind(name, name))
                .toList();
    }

    @Override
    public Reading read(String filter, Dialect dialect) {
        DomainReading reading = understood(filter, dialect);
        return new Reading(reading.plain(), reading.hints());
    }

    private static DomainReading understood(String filter, Dialect dialect) {
        try {
            return new DomainReader(PlayedPerson.MODEL, dialect, ZoneOffset.UTC).read(filter);
        } catch (DomainRefused refused) {
            throw Problem.of(
                    FoundationProblem.INVALID_INPUT,
                    "field",
                    "Condition " + refused.leaf() + " of the filter",
                    "reason",
                    String.valueOf(refused.getMessage()));
        }
    }

    private List<PlayedPerson> selected(Scope scope) {
        DomainReading reading = understood(scope.filter(), scope.dialect());
        return people.values().stream()
                .filter(person -> person.held(scope.identifierType()).isPresent())
                .filter(person -> Interpreter.decide(reading.criterion(), person) == Truth.TRUE)
                .toList();
    }

    private static Candidate candidate(PlayedPerson person, String type) {
        return new Candidate(person.id, person.held(type).orElseThrow().id(), person.version());
    }

    @Override
    public synchronized long count(Scope scope) {
        return selected(scope).size();
    }

    @Override
    public synchronized List<Candidate> candidates(Scope scope, @Nullable UUID after, int limit) {
        return selected(scope).stream()
                .map(person -> candidate(person, scope.identifierType()))
                .filter(one -> after == null || one.person().toString().compareTo(after.toString()) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<Sheet> sheets(Scope scope, Collection<UUID> wanted, List<String> fields, String purpose) {
        return selected(scope).stream()
                .filter(person -> wanted.contains(person.id))
                .map(person -> sheet(person, scope.identifierType(), fields))
                .toList();
    }

    /** Nobody has given a consent. */
    private static Sheet sheet(PlayedPerson person, String type, List<String> fields) {
        Map<String, String> values = new HashMap<>(person.fields());
        values.put("id", person.reference);
        values.keySet().retainAll(fields);
        return new Sheet(
                candidate(person, type), person.held(type).orElseThrow().value(), Map.copyOf(values), null);
    }

    @Override
    public synchronized List<Optional<Candidate>> whoShows(Scope scope, List<Sensitive<String>> values) {
        Type type = type(scope.identifierType());
        Map<String, Candidate> byValue = new HashMap<>();
        selected(scope)
                .forEach(person ->
                        byValue.put(person.held(type.code()).orElseThrow().value(), candidate(person, type.code())));
        return values.stream()
                .map(value -> Optional.ofNullable(byValue.get(value.use(type::normalised))))
                .toList();
    }

    @Override
    public synchronized List<Stored> store(
            String tokenType, List<Issued> issued, List<Retention> retentions, String cause) {
        Type type = type(tokenType);
        List<Stored> answers = new ArrayList<>();
        Set<UUID> holders = new LinkedHashSet<>();
        for (Issued one : issued) {
            String token = one.token().use(type::normalised);
            Stored answer = answer(type, one, token);
            if (answer.outcome() == Outcome.STORED) {
                people.get(one.person()).identifiers.add(new Identifier(Ids.next(), type, token));
            }
            if (answer.outcome() == Outcome.STORED || answer.outcome() == Outcome.HELD_ALREADY) {
                holders.add(one.person());
            }
            answers.add(answer);
        }
        retentions.forEach(rule -> rule.types().forEach(gone -> retire(going(rule, gone, holders))));
        return answers;
    }

    private Stored answer(Type type, Issued one, String token) {
        Optional<PlayedPerson> holder = people.values().stream()
                .filter(person -> person.held(type.code())
                        .filter(held -> held.value().equals(token))
                        .isPresent())
                .findFirst();
        PlayedPerson person = people.get(one.person());
        if (!type.pattern().matcher(token).matches()) {
            return new Stored(Outcome.MALFORMED, null);
        }
        if (person == null) {
            return new Stored(Outcome.PERSON_GONE, null);
        }
        if (holder.isPresent()) {
            return holder.get().equals(person)
                    ? new Stored(Outcome.HELD_ALREADY, null)
                    : new Stored(Outcome.OF_ANOTHER, holder.get().id);
        }
        if (person.held(type.code()).isPresent()) {
            return new Stored(Outcome.DIFFERS, null);
        }
        return new Stored(isOf(person, one.identifier()) ? Outcome.STORED : Outcome.IDENTIFIER_GONE, null);
    }

    /** Also one that was retired meanwhile. */
    private boolean isOf(PlayedPerson person, UUID identifier) {
        return Stream.concat(
                        person.identifiers.stream(),
                        retired.stream()
                                .filter(one -> one.person().equals(person.id))
                                .map(Retired::identifier))
                .anyMatch(one -> one.id().equals(identifier));
    }

    /** Identifiers of people who fulfil the rule now and hold another one of a type that has to be there. */
    private List<Retired> going(Retention rule, String type, Collection<UUID> among) {
        return selected(new Scope(rule.filter(), rule.dialect(), type)).stream()
                .filter(person -> among.contains(person.id))
                .map(person -> new Retired(person.id, person.held(type).orElseThrow(), rule.window()))
                .filter(one -> people.get(one.person()).identifiers.stream()
                        .filter(held -> !held.equals(one.identifier()))
                        .anyMatch(held -> rule.whereHeld().contains(held.type().code())))
                .toList();
    }

    private void retire(List<Retired> going) {
        going.forEach(one -> people.get(one.person()).identifiers.remove(one.identifier()));
        retired.addAll(going);
    }

    @Override
    public synchronized Swept takeAway(
            Retention retention, String type, @Nullable UUID after, int limit, String actor, boolean dryRun) {
        List<UUID> part = candidates(new Scope(retention.filter(), retention.dialect(), type), after, limit).stream()
                .map(Candidate::person)
                .toList();
        List<Retired> going = going(retention, type, part);
        if (!dryRun) {
            retire(going);
        }
        return new Swept(part.size() < limit ? null : part.getLast(), part.size(), going.size());
    }

    @Override
    public synchronized Set<UUID> holders(String identifierType, Collection<UUID> among) {
        return people.values().stream()
                .filter(person -> among.contains(person.id))
                .filter(person -> person.held(identifierType).isPresent())
                .map(person -> person.id)
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized Map<UUID, String> references(Collection<UUID> among) {
        return people.values().stream()
                .filter(person -> among.contains(person.id))
                .collect(Collectors.toMap(person -> person.id, person -> person.reference));
    }

    @Override
    public synchronized Optional<UUID> byReference(String reference) {
        return people.values().stream()
                .filter(person -> person.reference.equals(reference))
                .map(person -> person.id)
                .findFirst();
    }
}
