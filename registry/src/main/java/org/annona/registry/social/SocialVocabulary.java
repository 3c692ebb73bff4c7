package org.annona.registry.social;

import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.annona.exchange.Disclosure;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.query.Vocabulary.Place;
import org.annona.registry.identifier.IdentifierTypes;

/**
 * What a partner may ask of members and groups: only what it is told in clear. Names, phones and identifiers are sealed, so
 * that they are found by their exact value (idtype-value) or not at all.
 */
final class SocialVocabulary {

    /** Identifiers of ours, beside those that people have. */
    static final String PERSON_REFERENCE = "PERSON_REF";

    static final String HOUSEHOLD_REFERENCE = "HOUSEHOLD_REF";

    /** How the standard and its partners call the national number. */
    private static final List<String> NATIONAL = List.of("UIN", "NID", "NationalID", "national_id");

    static final String NATIONAL_TOLD = "UIN";
    private static final String SOURCE = "the social registry";
    private static final Attribute REGISTERED =
            new Attribute(SharedAttributes.REGISTRATION_DATE, Type.INSTANT, "time of registration", "", SOURCE);
    private static final Attribute UPDATED =
            new Attribute(SharedAttributes.LAST_UPDATED, Type.INSTANT, "time of the last change", "", SOURCE);

    private static final Map<String, Function<String, Optional<String>>> CODES =
            Map.of(SharedAttributes.SEX, SocialVocabulary::sex);

    private final Currency currency;

    SocialVocabulary(Currency currency) {
        this.currency = currency;
    }

    /** Our type as the standard calls it. */
    static String told(String type) {
        return type.equals(IdentifierTypes.NATIONAL_ID) ? NATIONAL_TOLD : type;
    }

    Vocabulary ofMembers(Disclosure disclosure) {
        Catalogue catalogue = person(disclosure::tells);
        Map<String, Place> places = new HashMap<>();
        for (String attribute : catalogue.attributes().keySet()) {
            Place place = new Place(null, attribute);
            places.put(attribute, place);
            places.put("demographic_info." + attribute, place);
        }
        return new Vocabulary(
                catalogue,
                places,
                identifiers(disclosure),
                Set.of("Member", "SRPerson", "Individual", "Person"),
                CODES);
    }

    Vocabulary ofGroups(Disclosure disclosure) {
        List<Attribute> attributes = new ArrayList<>();
        if (disclosure.tells(SharedAttributes.GROUP_SIZE)) {
            attributes.add(new Attribute(SharedAttributes.GROUP_SIZE, Type.WHOLE, "number of members", "", SOURCE));
        }
        if (disclosure.tells(SharedAttributes.PLACE)) {
            attributes.add(new Attribute(SharedAttributes.PLACE, Type.CODE, "area", "", SOURCE));
        }
        for (Attribute moment : List.of(REGISTERED, UPDATED)) {
            if (disclosure.tells(moment.name())) {
                attributes.add(moment);
            }
        }
        // Whether some member fulfils a condition tells of members, so that both have to be open.
        Catalogue members = person(disclosure.tells(SharedAttributes.MEMBERS) ? disclosure::tells : none -> false);
        Catalogue catalogue =
                Catalogue.of("household", "households", currency, attributes, Map.of(GroupBinding.MEMBERS, members));
        Map<String, Place> places = new HashMap<>();
        attributes.forEach(attribute -> places.put(attribute.name(), new Place(null, attribute.name())));
        if (disclosure.tells(SharedAttributes.PLACE)) {
            places.put("geographical_location", new Place(null, SharedAttributes.PLACE));
        }
        for (String attribute : members.attributes().keySet()) {
            Place place = new Place(GroupBinding.MEMBERS, attribute);
            places.put("member_list." + attribute, place);
            places.put("member_list.demographic_info." + attribute, place);
        }
        // Who asks for the group of a person learns with whom she lives.
        Map<String, String> identifiers =
                disclosure.tells(SharedAttributes.MEMBERS) ? new HashMap<>(identifiers(disclosure)) : new HashMap<>();
        if (disclosure.tells(SharedAttributes.IDENTIFIER)) {
            identifiers.put(HOUSEHOLD_REFERENCE, HOUSEHOLD_REFERENCE);
        }
        return new Vocabulary(catalogue, places, identifiers, Set.of("Group", "Household", "Family"), CODES);
    }

    /** The standard's codes, and those of earlier lists (DCI reference R13.7). */
    private static Optional<String> sex(String written) {
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "female", "f" -> Optional.of("female");
            case "male", "m" -> Optional.of("male");
            case "other", "x" -> Optional.of("other");
            default -> Optional.empty();
        };
    }

    private Catalogue person(Predicate<String> tells) {
        List<Attribute> attributes = List.of(
                        new Attribute(SharedAttributes.SEX, Type.CODE, "sex", "", SOURCE),
                        new Attribute(SharedAttributes.BIRTH_DATE, Type.DATE, "birth date", "", SOURCE),
                        new Attribute(SharedAttributes.DEATH_DATE, Type.DATE, "date of death", "", SOURCE),
                        REGISTERED,
                        UPDATED)
                .stream()
                .filter(attribute -> tells.test(attribute.name()))
                .toList();
        return Catalogue.of("member", "members", currency, attributes, Map.of());
    }

    private static Map<String, String> identifiers(Disclosure disclosure) {
        Map<String, String> types = new HashMap<>();
        if (disclosure.tells(SharedAttributes.IDENTIFIER)) {
            NATIONAL.forEach(name -> types.put(name, IdentifierTypes.NATIONAL_ID));
            types.put(PERSON_REFERENCE, PERSON_REFERENCE);
        }
        return types;
    }
}
