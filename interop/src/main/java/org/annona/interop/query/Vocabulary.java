package org.annona.interop.query;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.annona.foundation.criteria.Catalogue;
import org.annona.interop.message.LocalName;
import org.jspecify.annotations.Nullable;

/**
 * What one partner may ask of one kind of record. What is not in it cannot be asked, and is not told apart from what does not
 * exist (DCI reference R7.1, R7.2).
 */
public final class Vocabulary {

    private final Catalogue catalogue;
    private final Map<String, Place> places;
    private final Map<String, String> identifierTypes;
    private final Set<String> collections;
    private final Map<String, Function<String, Optional<String>>> codes;

    /** @param relation through which the attribute is reached, such as {@code members}; null where it is the record's own */
    public record Place(@Nullable String relation, String attribute) {}

    /**
     * @param places of attributes in the catalogue, by the path that messages use, such as {@code demographic_info.sex}
     * @param identifierTypes ours, by the names and aliases that messages use
     * @param collections by which messages may name this kind of record
     * @param codes by attribute: our code for what was written, empty for what is on no list; others are taken as written
     */
    public Vocabulary(
            Catalogue catalogue,
            Map<String, Place> places,
            Map<String, String> identifierTypes,
            Set<String> collections,
            Map<String, Function<String, Optional<String>>> codes) {
        this.catalogue = catalogue;
        this.places = Map.copyOf(places);
        this.codes = Map.copyOf(codes);
        Map<String, String> types = new HashMap<>();
        identifierTypes.forEach((name, type) -> types.put(local(name), type));
        this.identifierTypes = Map.copyOf(types);
        this.collections = collections.stream().map(Vocabulary::local).collect(Collectors.toUnmodifiableSet());
        for (Place place : this.places.values()) {
            if (catalogueOf(place).attribute(place.attribute()).isEmpty()) {
                throw new IllegalArgumentException("the catalogue has no " + place.attribute());
            }
        }
    }

    /** What a code means here; empty for one that is on no list, which is never taken for one that nobody has. */
    Optional<String> code(String attribute, String written) {
        Function<String, Optional<String>> list = codes.get(attribute);
        return list == null ? Optional.of(written) : list.apply(written);
    }

    Optional<Place> place(String path) {
        return Optional.ofNullable(places.get(path));
    }

    Catalogue catalogueOf(Place place) {
        return place.relation() == null
                ? catalogue
                : catalogue.relation(place.relation()).orElseThrow();
    }

    Optional<String> identifierType(String name) {
        return Optional.ofNullable(identifierTypes.get(local(name)));
    }

    boolean isCollection(String name) {
        return collections.contains(local(name));
    }

    /** Without prefix, in lower case: {@code ns:org:Identifier:UIN} is {@code uin}. */
    private static String local(String name) {
        return LocalName.of(name).toLowerCase(Locale.ROOT);
    }
}
