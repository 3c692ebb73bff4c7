package org.annona.foundation.criteria;

import java.util.Currency;
import java.util.List;
import java.util.Map;

/** A small world for the tests of rules. */
final class SampleHouseholds {

    static final Catalogue MEMBERS = Catalogue.of(
            "member",
            "members",
            Currency.getInstance("KES"),
            List.of(
                    new Attribute("age", Attribute.Type.WHOLE, "age", "years", "birth date"),
                    new Attribute("sex", Attribute.Type.CODE, "sex", "", "registry")),
            Map.of());

    static final Catalogue CATALOGUE = Catalogue.of(
            "household",
            "households",
            Currency.getInstance("KES"),
            List.of(
                    new Attribute("size", Attribute.Type.WHOLE, "size", "", "memberships"),
                    new Attribute("income", Attribute.Type.AMOUNT, "monthly income", "", "declared"),
                    new Attribute("code", Attribute.Type.CODE, "code", "", "test"),
                    new Attribute("area", Attribute.Type.AREA, "area", "", "registry"),
                    new Attribute("day", Attribute.Type.DATE, "day", "", "test"),
                    new Attribute("flag", Attribute.Type.FLAG, "flag", "", "test"),
                    new Attribute("name", Attribute.Type.TEXT, "name", "", "test"),
                    new Attribute("seen", Attribute.Type.INSTANT, "last seen", "", "test")),
            Map.of("members", MEMBERS));

    private SampleHouseholds() {}
}
