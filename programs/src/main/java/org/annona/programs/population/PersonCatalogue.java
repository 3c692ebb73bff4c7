package org.annona.programs.population;

import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;

/** What the rules of a programme may ask about a person, and about the household that the person belongs to. */
final class PersonCatalogue {

    private PersonCatalogue() {}

    static Catalogue in(Currency currency) {
        List<Attribute> attributes =
                new ArrayList<>(HouseholdCatalogue.member(currency).attributes().values());
        attributes.add(new Attribute("area", Type.AREA, "area", "", "the registry: area of the household"));
        HouseholdCatalogue.in(currency).attributes().values().stream()
                .filter(attribute -> attribute.type() != Type.AREA)
                .map(attribute -> new Attribute(
                        PersonBinding.OF_HOUSEHOLD + attribute.name(),
                        attribute.type(),
                        attribute.label() + " of the household",
                        attribute.unit(),
                        attribute.source()))
                .forEach(attributes::add);
        return Catalogue.of(
                "person",
                "people",
                currency,
                attributes,
                Map.of(HouseholdCatalogue.MEMBERS, HouseholdCatalogue.member(currency)));
    }
}
