package org.annona.programs.population;

import java.util.Currency;
import java.util.List;
import java.util.Map;
import org.annona.foundation.criteria.Attribute;
import org.annona.foundation.criteria.Attribute.Type;
import org.annona.foundation.criteria.Catalogue;

/** What the rules of a programme may ask about a household and its members. */
public final class HouseholdCatalogue {

    public static final String MEMBERS = "members";

    private HouseholdCatalogue() {}

    public static Catalogue in(Currency currency) {
        return Catalogue.of(
                "household",
                "households",
                currency,
                List.of(
                        new Attribute("area", Type.AREA, "area", "", "the registry: area of the household"),
                        new Attribute(
                                "monthly_income",
                                Type.AMOUNT,
                                "monthly income",
                                "",
                                "the registry: declared income of the household"),
                        new Attribute(
                                "income_per_member",
                                Type.AMOUNT,
                                "monthly income per member",
                                "",
                                "the registry: declared income, divided by the number of members"),
                        new Attribute("size", Type.WHOLE, "number of members", "", "the registry: memberships"),
                        new Attribute("has_head", Type.FLAG, "presence of a head", "", "the registry: memberships")),
                Map.of(MEMBERS, member(currency)));
    }

    public static Catalogue member(Currency currency) {
        return Catalogue.of(
                "member",
                MEMBERS,
                currency,
                List.of(
                        new Attribute("age", Type.WHOLE, "age", "years", "the registry: birth date of a member"),
                        new Attribute("sex", Type.CODE, "sex", "", "the registry: sex of a member"),
                        new Attribute("role", Type.CODE, "role", "", "the registry: role in the household")),
                Map.of());
    }
}
