package org.annona.foundation.criteria;

import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that rules may name about one kind of subject. What is not listed cannot be asked.
 *
 * @param subject singular word for the subject, such as {@code household}
 * @param plural its plural
 * @param currency of all amounts
 * @param relations related rows by name, such as {@code members}, with their own catalogue
 */
public record Catalogue(
        String subject,
        String plural,
        Currency currency,
        Map<String, Attribute> attributes,
        Map<String, Catalogue> relations) {

    public static Catalogue of(
            String subject,
            String plural,
            Currency currency,
            List<Attribute> attributes,
            Map<String, Catalogue> relations) {
        Map<String, Attribute> byName = new LinkedHashMap<>();
        attributes.forEach(attribute -> byName.put(attribute.name(), attribute));
        return new Catalogue(subject, plural, currency, byName, relations);
    }

    public Optional<Attribute> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    public Optional<Catalogue> relation(String name) {
        return Optional.ofNullable(relations.get(name));
    }
}
