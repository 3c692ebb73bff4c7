package org.annona.interop.query;

import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.criteria.Facts;
import org.annona.interop.query.Vocabulary.Place;

/** A group with members, as a partner may ask for it. */
final class SamplePeople {

    static final Catalogue MEMBER = Catalogue.of(
            "member",
            "members",
            Currency.getInstance("KES"),
            List.of(
                    new Attribute("sex", Type.CODE, "sex", "", "the registry"),
                    new Attribute("birth_date", Type.DATE, "birth date", "", "the registry"),
                    new Attribute("disabled", Type.FLAG, "disability", "", "the registry")),
            Map.of());
    static final Catalogue GROUP = Catalogue.of(
            "group",
            "groups",
            Currency.getInstance("KES"),
            List.of(
                    new Attribute("size", Type.WHOLE, "size", "people", "the registry"),
                    new Attribute("income", Type.AMOUNT, "income", "", "the registry"),
                    new Attribute("kind", Type.CODE, "kind", "", "the registry"),
                    new Attribute("area", Type.AREA, "area", "", "the registry")),
            Map.of("members", MEMBER));
    static final Vocabulary VOCABULARY = new Vocabulary(
            GROUP,
            Map.of(
                    "group_size", new Place(null, "size"),
                    "income", new Place(null, "income"),
                    "group_type", new Place(null, "kind"),
                    "place", new Place(null, "area"),
                    "member_list.demographic_info.sex", new Place("members", "sex"),
                    "member_list.demographic_info.birth_date", new Place("members", "birth_date"),
                    "member_list.is_disabled", new Place("members", "disabled")),
            Map.of("UIN", "national_id", "NID", "national_id", "MOBILE", "phone"),
            Set.of("Group"),
            Map.of());

    private SamplePeople() {}

    record Row(Map<String, Object> values, List<Row> members) implements Facts {

        @Override
        public Object value(String attribute) {
            return values.get(attribute);
        }

        @Override
        public List<? extends Facts> related(String relation) {
            return members;
        }
    }
}
