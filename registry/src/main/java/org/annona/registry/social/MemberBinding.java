package org.annona.registry.social;

import static org.jooq.impl.DSL.trunc;
import static org.jooq.impl.DSL.when;

import java.time.Instant;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.registry.internal.tables.tables.Person;
import org.jooq.DatePart;
import org.jooq.Field;

/** Where the attributes of a member lie. */
record MemberBinding(Person person) implements SqlBinding {

    @Override
    public Field<?> field(String attribute) {
        return switch (attribute) {
            case SharedAttributes.SEX -> sex(person.SEX);
            // A date of which only the year is known is not told either; to compare it would be a guess.
            case SharedAttributes.BIRTH_DATE -> when(person.BIRTH_PRECISION.eq("day"), person.BIRTH_DATE);
            case SharedAttributes.DEATH_DATE -> person.DEATH_DATE;
            case SharedAttributes.REGISTRATION_DATE -> toldMoment(person.CREATED_AT);
            case SharedAttributes.LAST_UPDATED -> toldMoment(person.UPDATED_AT);
            default -> throw new IllegalArgumentException("no attribute " + attribute + " of a member");
        };
    }

    /** Moments are told in whole seconds, and compared as they are told. */
    static Field<Instant> toldMoment(Field<Instant> moment) {
        return trunc(moment, DatePart.SECOND);
    }

    /** By the standard's code list; not known stays not known. */
    private static Field<String> sex(Field<String> ours) {
        return when(ours.eq("F"), "female").when(ours.eq("M"), "male").when(ours.eq("X"), "other");
    }
}
