package org.annona.programs.population;

import static org.annona.programs.internal.tables.Tables.MEMBERSHIP;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbObject;
import static org.jooq.impl.DSL.key;
import static org.jooq.impl.DSL.select;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.programs.internal.tables.Tables;
import org.annona.programs.internal.tables.tables.Household;
import org.annona.programs.internal.tables.tables.Person;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Where rules find the attributes of a person in the population as it is, at a date. Those of the household are the ones of the
 * household that the person belongs to on that day; without a household they are unknown.
 */
final class PersonBinding implements LiveSubjects {

    static final String OF_HOUSEHOLD = "household.";

    private final Person person;
    private final LocalDate asOf;

    PersonBinding(Person person, LocalDate asOf) {
        this.person = person;
        this.asOf = asOf;
    }

    @Override
    public Table<?> table() {
        return person;
    }

    @Override
    public Field<UUID> id() {
        return person.ID;
    }

    @Override
    public Condition active() {
        return person.ACTIVE.isTrue();
    }

    @Override
    public Field<JSONB> seen() {
        return jsonbObject(
                key("area").value(field("area")),
                key("monthly_income_minor").value(field(OF_HOUSEHOLD + "monthly_income")),
                key("size").value(inline(1)));
    }

    @Override
    public Field<?> field(String attribute) {
        if (attribute.startsWith(OF_HOUSEHOLD)) {
            return ofHousehold(attribute.substring(OF_HOUSEHOLD.length()));
        }
        return switch (attribute) {
            case "age" -> HouseholdBinding.age(person.BIRTH_DATE, asOf);
            case "sex" -> person.SEX;
            case "role" -> ofMembership(MEMBERSHIP.ROLE);
            case "area" -> ofHousehold("area");
            default -> throw new IllegalArgumentException("no attribute " + attribute + " of a person");
        };
    }

    private Field<?> ofHousehold(String attribute) {
        Household home = Tables.HOUSEHOLD.as("home");
        return DSL.field(select(new HouseholdBinding(home, asOf).field(attribute))
                .from(MEMBERSHIP)
                .join(home)
                .on(home.ID.eq(MEMBERSHIP.HOUSEHOLD_ID))
                .where(isMembership())
                .orderBy(MEMBERSHIP.ID)
                .limit(1));
    }

    private <T> Field<T> ofMembership(Field<T> column) {
        return DSL.field(select(column)
                .from(MEMBERSHIP)
                .where(isMembership())
                .orderBy(MEMBERSHIP.ID)
                .limit(1));
    }

    private Condition isMembership() {
        return MEMBERSHIP.PERSON_ID.eq(person.ID).and(HouseholdBinding.heldOn(MEMBERSHIP, asOf));
    }

    /** The person itself is the only one whom an amount can count. */
    @Override
    public Related related(String relation) {
        if (!relation.equals(HouseholdCatalogue.MEMBERS)) {
            throw new IllegalArgumentException("no rows " + relation);
        }
        Person self = Tables.PERSON.as("self");
        return new Related(
                self,
                self.ID.eq(person.ID),
                HouseholdBinding.memberBinding(self.BIRTH_DATE, self.SEX, inline("self"), asOf));
    }
}
