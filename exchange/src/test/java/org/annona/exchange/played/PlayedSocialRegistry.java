package org.annona.exchange.played;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.exchange.EventPage;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.exchange.ServedRegistry;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.query.Query;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.query.Vocabulary.Place;
import org.annona.interop.record.AssistanceUnit;
import org.annona.interop.record.Group;
import org.annona.interop.record.Identifier;
import org.annona.interop.record.Member;
import org.annona.interop.record.Name;
import org.annona.interop.record.Person;
import org.annona.interop.record.RegistryKind;
import org.annona.interop.search.Page;
import org.annona.interop.search.Rejection;
import org.annona.interop.search.SearchItem.SortBy;
import tools.jackson.databind.node.ObjectNode;

/** The people and households of the played country, as the real social registry tells of its own. */
public final class PlayedSocialRegistry implements ServedRegistry {

    static final String MEMBER = "Member";
    static final String GROUP = "Group";
    private static final Currency CURRENCY = Currency.getInstance("KES");
    private static final List<String> SORTABLE = List.of("sex", "birth_date", "registration_date");

    private final PlayedCountry country;

    public PlayedSocialRegistry(PlayedCountry country) {
        this.country = country;
    }

    @Override
    public String prefix() {
        return "sr";
    }

    @Override
    public String title() {
        return "Social registry";
    }

    @Override
    public RegistryKind kind() {
        return RegistryKind.SOCIAL;
    }

    @Override
    public List<String> attributes() {
        return List.of(
                "identifier",
                "name",
                "sex",
                "birth_date",
                "phone_number",
                "registration_date",
                "group_size",
                "group_head",
                "members");
    }

    @Override
    public Optional<String> recordType(String recordType, String responseEntity) {
        if (recordType == null || recordType.isBlank()) {
            return Optional.of(Objects.requireNonNullElse(responseEntity, MEMBER));
        }
        return switch (recordType.toLowerCase(Locale.ROOT)) {
            case "member" -> Optional.of(GROUP.equals(responseEntity) ? GROUP : MEMBER);
            case "group" -> Optional.of(GROUP);
            default -> Optional.empty();
        };
    }

    @Override
    public Vocabulary vocabulary(String recordType, Disclosure disclosure) {
        return recordType.equals(GROUP) ? ofGroups(disclosure) : ofMembers(disclosure);
    }

    private static Vocabulary ofMembers(Disclosure disclosure) {
        Catalogue catalogue = catalogueOfMembers(disclosure);
        Map<String, Place> places = new HashMap<>();
        for (String attribute : catalogue.attributes().keySet()) {
            places.put(attribute, new Place(null, attribute));
            places.put("demographic_info." + attribute, new Place(null, attribute));
        }
        return new Vocabulary(
                catalogue,
                places,
                identifiers(disclosure),
                Set.of("Member", "Person"),
                Map.of("sex", PlayedSocialRegistry::sex));
    }

    private static Vocabulary ofGroups(Disclosure disclosure) {
        boolean ofMembers = disclosure.tells("members");
        List<Attribute> attributes =
                told(disclosure, attribute("group_size", Type.WHOLE), attribute("registration_date", Type.INSTANT));
        Catalogue members =
                ofMembers ? catalogueOfMembers(disclosure) : catalogueOfMembers(new Disclosure(Set.of(), Set.of()));
        Map<String, Place> places = new HashMap<>();
        attributes.forEach(attribute -> places.put(attribute.name(), new Place(null, attribute.name())));
        for (String attribute : members.attributes().keySet()) {
            places.put("member_list.demographic_info." + attribute, new Place(PlayedHousehold.MEMBERS, attribute));
        }
        Map<String, String> identifiers = ofMembers ? identifiers(disclosure) : new HashMap<>();
        if (disclosure.tells("identifier")) {
            identifiers.put(Subject.HOUSEHOLD_REF, Subject.HOUSEHOLD_REF);
        }
        return new Vocabulary(
                Catalogue.of("household", "households", CURRENCY, attributes, Map.of(PlayedHousehold.MEMBERS, members)),
                places,
                identifiers,
                Set.of("Group", "Household"),
                Map.of("sex", PlayedSocialRegistry::sex));
    }

    private static Catalogue catalogueOfMembers(Disclosure disclosure) {
        return Catalogue.of(
                "member",
                "members",
                CURRENCY,
                told(
                        disclosure,
                        attribute("sex", Type.CODE),
                        attribute("birth_date", Type.DATE),
                        attribute("registration_date", Type.INSTANT)),
                Map.of());
    }

    private static Attribute attribute(String name, Type type) {
        return new Attribute(name, type, name.replace('_', ' '), "", "the played country");
    }

    private static List<Attribute> told(Disclosure disclosure, Attribute... attributes) {
        return List.of(attributes).stream()
                .filter(attribute -> disclosure.tells(attribute.name()))
                .toList();
    }

    private static Map<String, String> identifiers(Disclosure disclosure) {
        Map<String, String> types = new HashMap<>();
        if (disclosure.tells("identifier")) {
            types.put("UIN", Subject.UIN);
            types.put("PERSON_REF", Subject.PERSON_REF);
        }
        return types;
    }

    private static Optional<String> sex(String written) {
        String sex = written.toLowerCase(Locale.ROOT);
        return Set.of("female", "male", "other").contains(sex) ? Optional.of(sex) : Optional.empty();
    }

    @Override
    public List<Reply> answer(List<Question> questions, Disclosure disclosure) {
        return questions.stream().map(question -> answer(question, disclosure)).toList();
    }

    private Reply answer(Question question, Disclosure disclosure) {
        if (question.sort().stream().anyMatch(by -> !isSortable(question.recordType(), by, disclosure))) {
            return new Reply.Refused(new Rejection(ReasonCode.SORT_INVALID, "an attribute cannot be sorted by"));
        }
        List<Subject> matches = new ArrayList<>(subjects(question.recordType()).stream()
                .filter(subject -> subject.fits(question.query()))
                .toList());
        for (SortBy by : question.sort().reversed()) {
            matches.sort(order(by));
        }
        Page page = question.page();
        return new Reply.Records(
                matches.stream()
                        .skip((page.number() - 1L) * page.size())
                        .limit(page.size())
                        .map(subject -> record(subject, disclosure))
                        .toList(),
                matches.size());
    }

    private List<? extends Subject> subjects(String recordType) {
        return recordType.equals(GROUP) ? country.households() : country.people();
    }

    private static String local(SortBy by) {
        return by.attribute().substring(by.attribute().lastIndexOf('.') + 1);
    }

    private static boolean isSortable(String recordType, SortBy by, Disclosure disclosure) {
        String attribute = local(by);
        return disclosure.tells(attribute)
                && (recordType.equals(GROUP) ? attribute.equals("registration_date") : SORTABLE.contains(attribute));
    }

    @SuppressWarnings("unchecked") // an attribute has values of one type
    private static Comparator<Subject> order(SortBy by) {
        Comparator<Subject> order = Comparator.comparing(subject -> (Comparable<Object>) subject.value(local(by)));
        return by.descending() ? order.reversed() : order;
    }

    private ObjectNode record(Subject subject, Disclosure disclosure) {
        return subject instanceof PlayedHousehold household
                ? group(household, disclosure).asRecord(kind())
                : member((PlayedPerson) subject, disclosure).asRecord(kind());
    }

    private static Member member(PlayedPerson person, Disclosure disclosure) {
        List<Identifier> identifiers = new ArrayList<>();
        if (disclosure.tells("identifier")) {
            identifiers.add(new Identifier(Subject.UIN, person.number()));
            identifiers.add(new Identifier(Subject.PERSON_REF, person.reference()));
        } else if (disclosure.masks("identifier")) {
            identifiers.add(new Identifier(Subject.UIN, masked(person.number())));
        }
        return new Member(
                Subject.urn(person.id()),
                identifiers,
                new Person(
                        identifiers,
                        name(person, disclosure),
                        disclosure.tells("sex") ? person.sex() : null,
                        disclosure.tells("birth_date") ? person.born() : null,
                        null,
                        phones(person, disclosure),
                        List.of(),
                        null,
                        null),
                null,
                disclosure.tells("registration_date") ? person.registered() : null,
                null);
    }

    private static Name name(PlayedPerson person, Disclosure disclosure) {
        if (disclosure.tells("name")) {
            return new Name(person.family(), person.given(), null);
        }
        return disclosure.masks("name")
                ? new Name(person.family().charAt(0) + "•••", person.given().charAt(0) + "•••", null)
                : null;
    }

    private static List<String> phones(PlayedPerson person, Disclosure disclosure) {
        if (disclosure.tells("phone_number")) {
            return List.of(person.phone());
        }
        return disclosure.masks("phone_number") ? List.of(masked(person.phone())) : List.of();
    }

    private static String masked(String number) {
        return "••••" + number.substring(number.length() - 4);
    }

    private static Group group(PlayedHousehold household, Disclosure disclosure) {
        List<Member> members = household.members().stream()
                .map(member -> member(member, disclosure))
                .toList();
        return new Group(
                Subject.urn(household.id()),
                disclosure.tells("identifier")
                        ? List.of(new Identifier(Subject.HOUSEHOLD_REF, household.reference()))
                        : List.of(),
                AssistanceUnit.HOUSEHOLD,
                null,
                disclosure.tells("group_size") ? members.size() : null,
                disclosure.tells("group_head") ? members.getFirst() : null,
                disclosure.tells("members") ? members : List.of(),
                disclosure.tells("registration_date") ? household.registered() : null,
                null);
    }

    @Override
    public Optional<String> event(String name) {
        return List.of(PlayedCountry.REGISTER, PlayedCountry.NEW_MEMBER).stream()
                .filter(event -> event.equalsIgnoreCase(name))
                .findFirst();
    }

    @Override
    public void listen(String event) {
        country.registrations.listen(event);
    }

    @Override
    public EventPage happened(String after, int limit) {
        return country.registrations.happened(after, limit);
    }

    @Override
    public Map<UUID, ObjectNode> records(String recordType, Query filter, Set<UUID> keys, Disclosure disclosure) {
        Map<UUID, ObjectNode> records = new HashMap<>();
        subjects(recordType).stream()
                .filter(subject -> keys.contains(subject.id()) && (filter == null || subject.fits(filter)))
                .forEach(subject -> records.put(subject.id(), record(subject, disclosure)));
        return records;
    }
}
