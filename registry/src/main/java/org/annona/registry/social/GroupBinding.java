package org.annona.registry.social;

import static org.annona.registry.internal.tables.Tables.AREA;
import static org.annona.registry.internal.tables.Tables.HOUSEHOLD;
import static org.annona.registry.internal.tables.Tables.MEMBERSHIP;
import static org.annona.registry.internal.tables.Tables.PERSON;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.select;

import java.time.Instant;
import java.time.LocalDate;
import org.annona.foundation.criteria.SqlBinding;
import org.annona.registry.membership.Memberships;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * Where the attributes of a household and of its members lie, on a day.
 *
 * @param settled members who were changed since are not looked at; null for all
 */
record GroupBinding(LocalDate day, @Nullable Instant settled) implements SqlBinding {

    static final String MEMBERS = "members";

    static GroupBinding on(LocalDate day) {
        return new GroupBinding(day, null);
    }

    @Override
    public Field<?> field(String attribute) {
        return switch (attribute) {
            case SharedAttributes.GROUP_SIZE -> size();
            case SharedAttributes.REGISTRATION_DATE -> MemberBinding.toldMoment(HOUSEHOLD.CREATED_AT);
            case SharedAttributes.LAST_UPDATED -> MemberBinding.toldMoment(HOUSEHOLD.UPDATED_AT);
            case SharedAttributes.PLACE ->
                DSL.field(select(AREA.CODE).from(AREA).where(AREA.ID.eq(HOUSEHOLD.AREA_ID)));
            default -> throw new IllegalArgumentException("no attribute " + attribute + " of a household");
        };
    }

    Field<Long> size() {
        return DSL.field(select(count().cast(SQLDataType.BIGINT))
                .from(MEMBERSHIP)
                .join(PERSON)
                .on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID))
                .where(isMember()));
    }

    private Condition isMember() {
        return MEMBERSHIP
                .HOUSEHOLD_ID
                .eq(HOUSEHOLD.ID)
                .and(Memberships.heldOn(MEMBERSHIP, day))
                .and(PERSON.STATUS.eq("active"));
    }

    @Override
    public Related related(String relation) {
        if (!relation.equals(MEMBERS)) {
            throw new IllegalArgumentException("no rows " + relation);
        }
        return new Related(
                MEMBERSHIP.join(PERSON).on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID)),
                settled == null ? isMember() : isMember().and(PERSON.UPDATED_AT.lt(settled)),
                new MemberBinding(PERSON));
    }
}
