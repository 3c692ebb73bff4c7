package org.annona.programs.population;

import static org.annona.programs.internal.tables.Tables.MEMBERSHIP;
import static org.annona.programs.internal.tables.Tables.PERSON;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.extract;
import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbObject;
import static org.jooq.impl.DSL.key;
import static org.jooq.impl.DSL.nullif;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import java.time.LocalDate;
import java.util.UUID;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.programs.internal.tables.tables.Household;
import org.annona.programs.internal.tables.tables.Membership;
import org.jooq.Condition;
import org.jooq.DatePart;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * Where rules find the attributes of a household in the population as it is, at a date. Members are those who belong to
 * the household on that day and are not known to be gone; a member of whom nothing is known yet counts, with everything
 * unknown.
 */
public final class HouseholdBinding implements LiveSubjects {

    private final Household household;
    private final LocalDate asOf;

    HouseholdBinding(Household household, LocalDate asOf) {
        this.household = household;
        this.asOf = asOf;
    }

    @Override
    public Table<?> table() {
        return household;
    }

    @Override
    public Field<UUID> id() {
        return household.ID;
    }

    @Override
    public Condition active() {
        return household.ACTIVE.isTrue();
    }

    @Override
    public Field<JSONB> seen() {
        return jsonbObject(
                key("area").value(household.AREA_PATH),
                key("monthly_income_minor").value(household.MONTHLY_INCOME_MINOR),
                key("size").value(size()));
    }

    @Override
    public Field<?> field(String attribute) {
        return switch (attribute) {
            case "area" -> household.AREA_PATH;
            case "monthly_income" -> household.MONTHLY_INCOME_MINOR;
            case "income_per_member" -> household.MONTHLY_INCOME_MINOR.div(nullif(size(), 0L));
            case "size" -> size();
            case "has_head" -> hasHead();
            default -> throw new IllegalArgumentException("no household attribute " + attribute);
        };
    }

    private Field<Long> size() {
        return org.jooq.impl.DSL.field(select(count().cast(SQLDataType.BIGINT))
                .from(MEMBERSHIP)
                .leftJoin(PERSON)
                .on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID))
                .where(isMember(MEMBERSHIP)));
    }

    private Field<Boolean> hasHead() {
        return org.jooq.impl.DSL.field(exists(selectOne()
                .from(MEMBERSHIP)
                .leftJoin(PERSON)
                .on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID))
                .where(isMember(MEMBERSHIP), MEMBERSHIP.ROLE.eq("head"))));
    }

    private Condition isMember(Membership membership) {
        return membership
                .HOUSEHOLD_ID
                .eq(household.ID)
                .and(heldOn(membership, asOf))
                .and(coalesce(PERSON.ACTIVE, inline(true)).isTrue());
    }

    public static Condition heldOn(Membership membership, LocalDate day) {
        return membership.VALID_FROM.le(day).and(membership.VALID_TO.isNull().or(membership.VALID_TO.gt(day)));
    }

    @Override
    public Related related(String relation) {
        if (!relation.equals(HouseholdCatalogue.MEMBERS)) {
            throw new IllegalArgumentException("no rows " + relation);
        }
        return new Related(
                MEMBERSHIP.leftJoin(PERSON).on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID)),
                isMember(MEMBERSHIP),
                memberBinding(PERSON.BIRTH_DATE, PERSON.SEX, MEMBERSHIP.ROLE, asOf));
    }

    /** The same attributes, whether the member stands in the population or in a roster. */
    public static SqlBinding memberBinding(
            Field<LocalDate> birthDate, Field<String> sex, Field<String> role, LocalDate asOf) {
        return new SqlBinding() {
            @Override
            public Field<?> field(String attribute) {
                return switch (attribute) {
                    case "age" -> age(birthDate, asOf);
                    case "sex" -> sex;
                    case "role" -> role;
                    default -> throw new IllegalArgumentException("no attribute " + attribute + " of a member");
                };
            }

            @Override
            public Related related(String relation) {
                throw new IllegalArgumentException("a member has no " + relation);
            }
        };
    }

    /** Completed years at the date. */
    static Field<Long> age(Field<LocalDate> birthDate, LocalDate asOf) {
        return extract(
                        function(
                                "age",
                                SQLDataType.INTERVAL,
                                val(asOf).cast(SQLDataType.TIMESTAMP),
                                birthDate.cast(SQLDataType.TIMESTAMP)),
                        DatePart.YEAR)
                .cast(SQLDataType.BIGINT);
    }
}
