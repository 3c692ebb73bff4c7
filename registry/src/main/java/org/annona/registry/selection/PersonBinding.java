package org.annona.registry.selection;

import static org.annona.registry.internal.tables.Tables.AREA;
import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER;
import static org.annona.registry.internal.tables.Tables.IDENTIFIER_TYPE;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.annona.registry.internal.tables.Tables.PHONE;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import java.time.LocalDate;
import java.time.ZoneId;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.registry.membership.Memberships;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * Where what domains may ask of a person lies, on a day. Related rows are those that hold: identifiers in force, phones in
 * use, the household of that day.
 */
record PersonBinding(LocalDate day, ZoneId zone) implements SqlBinding {

    static final Condition IN_FORCE = IDENTIFIER.STATUS.in("unverified", "valid");

    @Override
    public Field<?> field(String attribute) {
        return switch (attribute) {
            case PersonModel.REFERENCE -> PERSON.REF;
            case PersonModel.BIRTH_DATE -> when(PERSON.BIRTH_PRECISION.eq("day"), PERSON.BIRTH_DATE);
            case PersonModel.BIRTH_DATE_NOT_EXACT -> DSL.field(PERSON.BIRTH_PRECISION.ne("day"));
            case PersonModel.AGE ->
                DSL.field("extract(year from age({0}, {1}))::bigint", Long.class, val(day), PERSON.BIRTH_DATE);
            case PersonModel.GENDER ->
                when(PERSON.SEX.eq("F"), "Female")
                        .when(PERSON.SEX.eq("M"), "Male")
                        .when(PERSON.SEX.eq("X"), "Other");
            case PersonModel.AREA_PATH ->
                DSL.field(select(AREA.PATH)
                        .from(MEMBERSHIP)
                        .join(HOUSEHOLD)
                        .on(HOUSEHOLD.ID.eq(MEMBERSHIP.HOUSEHOLD_ID))
                        .join(AREA)
                        .on(AREA.ID.eq(HOUSEHOLD.AREA_ID))
                        .where(MEMBERSHIP.PERSON_ID.eq(PERSON.ID), Memberships.heldOn(MEMBERSHIP, day)));
            case PersonModel.REGISTRATION_DATE ->
                DSL.field("({0} at time zone {1})::date", LocalDate.class, PERSON.CREATED_AT, val(zone.getId()));
            case PersonModel.CREATED -> PERSON.CREATED_AT;
            case PersonModel.CHANGED -> PERSON.UPDATED_AT;
            case PersonModel.ACTIVE -> DSL.field(PERSON.STATUS.eq("active"));
            case PersonModel.IS_REGISTRANT -> inline(true);
            case PersonModel.IS_GROUP -> inline(false);
            default -> throw new IllegalArgumentException("no attribute " + attribute + " of a person");
        };
    }

    @Override
    public Related related(String relation) {
        return switch (relation) {
            case PersonModel.IDENTIFIERS ->
                new Related(IDENTIFIER, IDENTIFIER.PERSON_ID.eq(PERSON.ID).and(IN_FORCE), new OfIdentifier());
            case PersonModel.PHONES ->
                new Related(
                        PHONE,
                        PHONE.PERSON_ID.eq(PERSON.ID).and(PHONE.ACTIVE.isTrue()),
                        attribute -> hex(PHONE.VALUE_INDEX));
            case PersonModel.MEMBERSHIPS ->
                new Related(
                        MEMBERSHIP,
                        MEMBERSHIP.PERSON_ID.eq(PERSON.ID).and(Memberships.heldOn(MEMBERSHIP, day)),
                        new OfMembership());
            default -> throw new IllegalArgumentException("a person has no " + relation);
        };
    }

    /** A keyed hash as the model writes it. */
    private static Field<String> hex(Field<byte[]> index) {
        return DSL.field("encode({0}, 'hex')", String.class, index);
    }

    private record OfIdentifier() implements SqlBinding {

        @Override
        public Field<?> field(String attribute) {
            return switch (attribute) {
                case PersonModel.VALUE -> hex(IDENTIFIER.VALUE_INDEX);
                case PersonModel.STATUS -> IDENTIFIER.STATUS;
                case PersonModel.EXPIRES -> IDENTIFIER.EXPIRES_ON;
                case PersonModel.TYPE_LABEL ->
                    DSL.field(select(IDENTIFIER_TYPE.LABEL)
                            .from(IDENTIFIER_TYPE)
                            .where(IDENTIFIER_TYPE.CODE.eq(IDENTIFIER.TYPE)));
                default -> throw new IllegalArgumentException("no attribute " + attribute + " of an identifier");
            };
        }

        @Override
        public Related related(String relation) {
            return new Related(
                    IDENTIFIER_TYPE,
                    IDENTIFIER_TYPE.CODE.eq(IDENTIFIER.TYPE),
                    attribute -> attribute.equals(PersonModel.CODE) ? IDENTIFIER_TYPE.CODE : IDENTIFIER_TYPE.LABEL);
        }
    }

    private record OfMembership() implements SqlBinding {

        @Override
        public Field<?> field(String attribute) {
            return switch (attribute) {
                case PersonModel.ROLE ->
                    DSL.concat(DSL.upper(DSL.left(MEMBERSHIP.ROLE, 1)), DSL.substring(MEMBERSHIP.ROLE, 2));
                case PersonModel.BEGIN -> MEMBERSHIP.VALID_FROM;
                default -> throw new IllegalArgumentException("no attribute " + attribute + " of a membership");
            };
        }

        @Override
        public Related related(String relation) {
            return new Related(
                    HOUSEHOLD,
                    HOUSEHOLD.ID.eq(MEMBERSHIP.HOUSEHOLD_ID).and(not(HOUSEHOLD.STATUS.eq("dissolved"))),
                    attribute -> switch (attribute) {
                        case PersonModel.REFERENCE -> HOUSEHOLD.REF;
                        case PersonModel.AREA_PATH ->
                            DSL.field(select(AREA.PATH).from(AREA).where(AREA.ID.eq(HOUSEHOLD.AREA_ID)));
                        default -> throw new IllegalArgumentException("no attribute " + attribute + " of a household");
                    });
        }
    }
}
